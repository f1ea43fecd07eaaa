import { join } from 'node:path';
import type { Reporter } from '../../../diagnostics/report.js';
import { targetMembers, type HeadTargets } from '../../../ir/target.js';
import { FileError, type FilePart } from '../../../files/index.js';
import { atFile } from '../at-file.js';
import { namesIn, type FilePair, type SplitName } from '../folder.js';
import { listTar } from './read-tar.js';

/** The parts of a data set that shards are of. */
export type ShardedPart = Exclude<SplitName, 'flat'>;

const parts: readonly ShardedPart[] = ['train', 'val'];

/**
 * The shards of a folder, `train-*.tar` and `val-*.tar`, by name, for each part that has
 * any; in the order of code points, which is Python's.
 */
export function shardsIn(folder: string): ReadonlyMap<ShardedPart, readonly string[]> {
  const names = namesIn(folder)
    .filter((name) => name.endsWith('.tar'))
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const found = parts.map(
    (part) => [part, names.filter((name) => name.startsWith(`${part}-`))] as const,
  );
  return new Map(found.filter(([, shards]) => shards.length > 0));
}

/**
 * The pairs of the shards of one part, in their order: the members `NAME.image.EXT` and
 * `NAME.mask.EXT`, with `NAME.instances.EXT` where it is there and wanted, and those of targets. Members of other
 * kinds and hidden ones are passed over. Reports shards that are missing, by the number in
 * their names, or cannot be read, pairs that are not whole, and names that occur twice.
 */
export function shardPairs(
  folder: string,
  part: ShardedPart,
  shards: readonly string[],
  wishes: { readonly instances: boolean; readonly targets: HeadTargets },
  reporter: Reporter,
): readonly FilePair[] {
  if (!checkCount(folder, part, shards, reporter)) return [];
  const pairs = new Map<string, FilePair>();
  let members = 0;
  for (const shard of shards) {
    const file = join(folder, shard);
    for (const [name, kinds] of membersOf(file, reporter)) {
      members++;
      const pair = pairOf(file, name, kinds, wishes, reporter);
      const first = pair && pairs.get(name)?.imagePath;
      if (first !== undefined) reportTwice(first, pair!.imagePath, reporter);
      else if (pair !== undefined) pairs.set(name, pair);
    }
  }
  if (members === 0 && !reporter.hasErrors) {
    const file = join(folder, shards[0]!);
    reporter.report('shards-empty', { part, shards: shards.length }, { at: atFile(file) });
  }
  return [...pairs.values()];
}

/** "train-00000-of-00012.tar" says how many there are. */
function checkCount(
  folder: string,
  part: ShardedPart,
  shards: readonly string[],
  reporter: Reporter,
): boolean {
  const totals = shards.flatMap((name) => {
    const total = /-of-(\d+)\.tar$/.exec(name)?.[1];
    return total === undefined ? [] : [Number(total)];
  });
  const odd = totals.find((total) => total !== shards.length);
  if (odd === undefined) return true;
  const parameters = { folder, part, found: shards.length, expected: odd };
  const help =
    odd > shards.length
      ? ['Copy those that are missing.']
      : ['Keep the shards of one data set in a folder.'];
  reporter.report('shards-incomplete', parameters, { at: atFile(folder), help });
  return false;
}

/** A member of a shard as messages call it, and where its bytes are. */
interface Member {
  readonly path: string;
  readonly part: FilePart;
}

/** The members of a shard by the name of their pair and then by what they are of it. */
function membersOf(
  file: string,
  reporter: Reporter,
): ReadonlyMap<string, ReadonlyMap<string, Member>> {
  const found = new Map<string, Map<string, Member>>();
  try {
    for (const { name, part } of listTar(file)) {
      const steps = name.split('/').filter((step) => step !== '' && step !== '.');
      const last = steps.pop() ?? '';
      const point = last.indexOf('.');
      // Hidden files, as macOS adds them.
      if (point === 0) continue;
      const stem = point < 0 ? last : last.slice(0, point);
      const [kind = ''] = point < 0 ? [] : last.slice(point + 1).split('.');
      const key = `${name.startsWith('/') ? '/' : ''}${[...steps, stem].join('/')}`;
      const kinds = found.get(key) ?? new Map<string, Member>();
      const path = `${file}/${name}`;
      const first = kinds.get(kind);
      if (first !== undefined) reportTwice(first.path, path, reporter);
      else found.set(key, kinds.set(kind, { path, part }));
    }
  } catch (problem) {
    if (!(problem instanceof FileError)) throw problem;
    reporter.report('shard-unreadable', { file, reason: problem.message }, { at: atFile(file) });
    return new Map();
  }
  return found;
}

function pairOf(
  file: string,
  name: string,
  kinds: ReadonlyMap<string, Member>,
  wishes: { readonly instances: boolean; readonly targets: HeadTargets },
  reporter: Reporter,
): FilePair | undefined {
  const [image, mask] = [kinds.get('image'), kinds.get('mask')];
  const instances = wishes.instances ? kinds.get('instances') : undefined;
  const targets = targetMembers(wishes.targets);
  const lacking = targets.find(({ kind }) => !kinds.has(kind));
  if (image === undefined || mask === undefined) {
    const found = [...kinds.keys()].map((kind) => `"${kind}"`).join(', ');
    const at = atFile(`${file}/${name}`);
    reporter.report('shard-pair-incomplete', { file, name, found }, { at });
    return undefined;
  }
  if (lacking !== undefined) {
    const { head, kind } = lacking;
    const parameters = { image: image.path, folder: file, stem: `${name}.${kind}`, head };
    reporter.report('target-file-missing', parameters, { at: atFile(image.path) });
    return undefined;
  }
  const own = targets.map(({ head, kind }) => ({ head, ...kinds.get(kind)! }));
  return {
    name,
    imagePath: image.path,
    maskPath: mask.path,
    instancesPath: instances?.path,
    ...(own.length > 0 && { targets: own }),
    parts: { image: image.part, mask: mask.part, instances: instances?.part },
  };
}

function reportTwice(first: string, second: string, reporter: Reporter): void {
  reporter.report('shard-name-twice', { first, second }, { at: atFile(second) });
}
