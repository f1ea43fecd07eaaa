import { resolve } from 'node:path';
import { counted } from '../diagnostics/counted.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../diagnostics/report.js';
import { isOutlined, type DataSource } from '../ir/data-source.js';
import { kindOf, listFolder, makeFolder } from '../files/index.js';
import { findPairs } from '../runtime/data/find-pairs.js';
import { planShards, type Shard } from '../runtime/data/shards/plan-shards.js';
import { writeShards } from '../runtime/data/shards/write-shards.js';
import type { CommandContext } from './context.js';
import { displayedPath, wholeFile } from './report.js';

/** A megabyte, as `--shard-size` counts. */
const megabyte = 1e6;

/** What is told where the parts of a data set are written as shards. */
export interface ShardWishes {
  /** The folder of images and masks. */
  readonly data: string;
  /** Where its pairs are found. */
  readonly source: DataSource;
  /** The folder for the shards, as the call names it. */
  readonly out: string;
  /** Megabytes of a shard. */
  readonly size: number;
}

/**
 * Writes the pairs of `train` and `val` as tar archives in the layout of WebDataset, with
 * masks of instances where there are any. The data have been inspected. Returns what
 * went wrong; throws `FileError` where a file cannot be read or written.
 */
export async function writeDataShards(
  { data, source, out, size }: ShardWishes,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  const folder = resolve(context.folder, out);
  const taken = kindOf(folder) === 'missing' ? undefined : listFolder(folder)[0];
  if (taken !== undefined) {
    const help = ['Name another folder, or delete what is in it.'];
    const parameters = { folder: out, found: taken };
    return [createDiagnostic('shards-not-empty', parameters, { at: wholeFile(folder), help })];
  }
  if (isOutlined(source.pairs)) {
    const parameters = { pairs: source.pairs.kind };
    return [createDiagnostic('shards-of-outlines', parameters, { at: wholeFile(folder) })];
  }
  const reporter = new Reporter();
  const all: Shard[] = [];
  const wishes = { splits: ['train', 'val'], instances: true } as const;
  const parts = await findPairs(data, source, wishes, reporter);
  for (const split of wishes.splits) {
    const pairs = parts.get(split) ?? [];
    const { value, diagnostics } = planShards(split, pairs, size * megabyte, source.targets);
    reporter.add(diagnostics);
    all.push(...value);
  }
  // Warnings of files were told when the data were inspected.
  const problems = reporter.diagnostics.filter((each) => hasErrors([each]));
  if (problems.length > 0) return problems;
  makeFolder(folder);
  await writeShards(folder, all, ({ file, pairs }, done) => {
    const shown = displayedPath(resolve(folder, file), context.folder);
    context.stderr.line(`wrote ${shown}, ${counted(pairs, 'pair')} (${done} of ${all.length})`);
  });
  return [];
}
