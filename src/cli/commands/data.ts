import { resolve } from 'node:path';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { toJsonDiagnostics } from '../../diagnostics/render-json.js';
import type { SourceFile } from '../../diagnostics/source.js';
import { usualData, type DataSource } from '../../ir/data-source.js';
import type { SplitName } from '../../runtime/data/folder.js';
import type { SplitSummary } from '../../runtime/data/summary.js';
import { defineCommand } from '../command.js';
import type { CommandContext } from '../context.js';
import { createResolver } from '../../project/imports.js';
import { parseSettings, setOption } from '../one-model.js';
import { displayedPath, nowhere, reportDiagnostics, reportUsage } from '../report.js';
import type { ShardWishes } from '../data-shards.js';
import { readSpecs } from '../specs.js';

/** `unetc data DIR`: what a folder of images and masks holds, before anything is trained. */
export const dataCommand = defineCommand({
  name: 'data',
  description:
    'Reads every image and mask of a folder once and says what they hold: sizes, channels, value\n' +
    'ranges, and how many pixels each mask value has. With a spec the values are classes, and\n' +
    'everything is checked as "unetc train" checks it. Nothing is written, but for "--shards".',
  arguments: [
    { name: 'DIR', help: 'the folder with train and val, their shards, or images and masks' },
  ],
  options: {
    spec: { kind: 'text', value: 'SPEC', help: 'the spec that is to be trained on the data' },
    model: { kind: 'text', value: 'NAME', help: 'the model when the spec holds several' },
    set: setOption,
    shards: {
      kind: 'text',
      value: 'OUT',
      help: 'write the pairs as tar archives into a new folder',
    },
    'shard-size': {
      kind: 'integer',
      value: 'MB',
      minimum: 1,
      help: 'megabytes of an archive at most; 256 unless given',
    },
    json: { kind: 'flag', help: 'print one JSON object on stdout' },
  },
  examples: [
    { call: 'unetc data cells', remark: 'what the files hold' },
    { call: 'unetc data cells --spec cells.unet', remark: 'the shares of the classes as well' },
    {
      call: 'unetc data cells --shards cells-tar',
      remark: 'in the layout of WebDataset; train and eval read them, too',
    },
  ],
  async run({ arguments: [path], options }, context) {
    const settings = parseSettings(options.set);
    if ('diagnostics' in settings) return reportUsage(settings.diagnostics, context, 'data');
    const { shards, 'shard-size': size } = options;
    if (size !== undefined && shards === undefined) {
      const parameters = { option: '--shard-size', other: '--shards' };
      const wrong = createDiagnostic('option-needs-other', parameters, { at: nowhere });
      return reportUsage([wrong], context, 'data');
    }
    const folder = resolve(context.folder, path!);
    const wanted: DataWishes = { folder, inParts: shards !== undefined };
    const read =
      options.spec === undefined
        ? await survey(wanted)
        : await inspect(wanted, { ...options, spec: options.spec }, settings.set, context);
    const { value, source, classes, sources = [] } = read;
    const unwritten =
      shards === undefined || source === undefined || hasErrors(read.diagnostics)
        ? []
        : await write({ data: folder, source, out: shards, size: size ?? 256 }, context);
    const diagnostics = [...read.diagnostics, ...unwritten];
    if (options.json) {
      const displayPath = (file: string): string => displayedPath(file, context.folder);
      const sourceOf = (file: string): SourceFile | undefined =>
        sources.find((source) => source.path === file);
      context.stdout.json({
        data: path,
        ...(classes && { classes }),
        splits: value,
        diagnostics: toJsonDiagnostics(diagnostics, { lookup: sourceOf, displayPath }),
      });
      return hasErrors(diagnostics) ? 1 : 0;
    }
    const { describeSummary } = await import('../../runtime/data/describe-summary.js');
    for (const summary of value) {
      if (summary.pairs === 0) continue;
      const [title = '', ...lines] = describeSummary(summary, classes);
      context.stdout.line(title);
      for (const line of lines) context.stdout.line(`  ${line}`);
    }
    return diagnostics.length === 0 ? 0 : reportDiagnostics(diagnostics, context, { sources });
  },
});

async function write(wishes: ShardWishes, context: CommandContext): Promise<readonly Diagnostic[]> {
  const { writeDataShards } = await import('../data-shards.js');
  return writeDataShards(wishes, context);
}

interface DataWishes {
  readonly folder: string;
  /** Whether both parts are needed. */
  readonly inParts: boolean;
}

interface DataRead extends Result<readonly SplitSummary[]> {
  /** Where the pairs were found; undefined where nothing was looked at. */
  readonly source?: DataSource;
  readonly classes?: readonly string[] | undefined;
  readonly sources?: readonly SourceFile[];
}

async function splitsOf(
  { folder, inParts }: DataWishes,
  source: DataSource,
): Promise<readonly SplitName[]> {
  const { detectLayout } = await import('../../runtime/data/find-pairs.js');
  return !inParts && detectLayout(folder, source) === 'flat' ? ['flat'] : ['train', 'val'];
}

async function survey(wanted: DataWishes): Promise<DataRead> {
  const { surveyDataset } = await import('../../runtime/data/dataset.js');
  const source = usualData;
  const read = await surveyDataset(wanted.folder, await splitsOf(wanted, source));
  return { ...read, source };
}

/** Inspects the data as a spec's training would. */
async function inspect(
  wanted: DataWishes,
  { spec, model }: { readonly spec: string; readonly model: string | undefined },
  set: Readonly<Record<string, string>>,
  context: CommandContext,
): Promise<DataRead> {
  const failed = (
    diagnostics: readonly Diagnostic[],
    sources: readonly SourceFile[],
  ): DataRead => ({
    value: [],
    diagnostics,
    sources,
  });
  const found = await readSpecs([spec], context);
  const [file] = found.sources;
  if (file === undefined || found.diagnostics.length > 0) return failed(found.diagnostics, []);
  const { compileRun } = await import('../../runtime/training/run-spec.js');
  const wishes = { set, resolve: createResolver(file.path, context), model };
  const { run, sources, diagnostics } = compileRun(file.path, file.text, wishes);
  if (run === undefined || hasErrors(diagnostics)) return failed(diagnostics, sources);
  const { checkNetwork, inspectFor } = await import('../../runtime/training/setup.js');
  const { describeNetwork } = await import('../../runtime/training/network-interface.js');
  const problems = checkNetwork(run);
  if (hasErrors(problems)) return failed([...diagnostics, ...problems], sources);
  const source = run.recipe.data;
  const splits = await splitsOf(wanted, source);
  const trained = splits.filter((name) => name === 'train');
  const network = describeNetwork(run);
  const opened = await inspectFor(wanted.folder, { splits, trained }, run, network, undefined);
  return {
    value: opened.value.summaries,
    source,
    classes: run.recipe.classes,
    diagnostics: [...diagnostics, ...problems, ...opened.diagnostics],
    sources,
  };
}
