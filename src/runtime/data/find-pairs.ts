import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { PART, usualData, type DataSource, type PairSource } from '../../ir/data-source.js';
import type { HeadTargets } from '../../ir/target.js';
import type { Reporter } from '../../diagnostics/report.js';
import { isFolder } from '../../files/index.js';
import { cocoPairs } from './annotations/coco-pairs.js';
import { labelmePairs } from './annotations/labelme-pairs.js';
import { atFile } from './at-file.js';
import type { FilePair, SplitName } from './folder.js';
import { checkLayout } from './layout.js';
import { addTargets } from './add-targets.js';
import { pairFiles, type PairFolders } from './pair-files.js';
import { readPairList, type ListedPair } from './pair-list.js';
import { shardPairs, shardsIn } from './shards/find-shards.js';
import { splitPairs } from './split-pairs.js';
import { targetFolders } from './target-files.js';

/** Which pairs of a data set are wanted. */
export interface PairWishes {
  readonly splits: readonly SplitName[];
  /** Whether masks of instances are wanted too, where there are any. */
  readonly instances: boolean;
}

/**
 * Finds the pairs of a data set by the names of its files alone, each part in the order of
 * its names, or of its shards where the folder holds any of that part, whatever the recipe
 * says; `flat` are all pairs. Every fault is reported, and the pairs that are whole are returned.
 */
export async function findPairs(
  folder: string,
  source: DataSource,
  { splits, instances }: PairWishes,
  reporter: Reporter,
): Promise<ReadonlyMap<SplitName, readonly FilePair[]>> {
  const shards = shardsIn(folder);
  const inShards = new Map(
    splits.flatMap((name) => {
      const parts = [...shards].filter(([part]) => name === 'flat' || name === part);
      if (parts.length === 0) return [];
      const read = ([part, files]: (typeof parts)[number]): readonly FilePair[] =>
        shardPairs(folder, part, files, { instances, targets: source.targets }, reporter);
      return [[name, parts.flatMap(read)] as const];
    }),
  );
  const others = splits.filter((name) => !inShards.has(name));
  if (others.length === 0) return inShards;
  const inFolders = await pairsOfFolders(folder, source, { splits: others, instances }, reporter);
  // In the order in which they are wanted.
  return new Map(
    splits.flatMap((name) => {
      const pairs = inShards.get(name) ?? inFolders.get(name);
      return pairs === undefined ? [] : [[name, pairs] as const];
    }),
  );
}

async function pairsOfFolders(
  folder: string,
  data: DataSource,
  { splits, instances }: PairWishes,
  reporter: Reporter,
): Promise<ReadonlyMap<SplitName, readonly FilePair[]>> {
  const { pairs: source, split } = data;
  const found = new Map<SplitName, readonly FilePair[]>();
  const isUsual = isDeepStrictEqual({ ...data, targets: {} }, usualData);
  if (isUsual ? !checkLayout(folder, splits, reporter) : !checkFolder(folder, reporter)) {
    return found;
  }
  if (split.kind !== 'folders') {
    const all = await allPairs(folder, data, instances, reporter);
    const parts = splits.every((name) => name === 'flat')
      ? undefined
      : splitPairs(folder, all, split, reporter);
    for (const name of splits) found.set(name, name === 'flat' ? all : (parts?.[name] ?? []));
    return found;
  }
  // A list has no words in its paths: the front end pairs it with other splits.
  if (source.kind === 'list') return found;
  const pairsOf = (word: string): Promise<readonly FilePair[]> =>
    pairsIn(folder, { ...data, pairs: source }, word, instances, reporter);
  for (const name of splits) {
    if (name !== 'flat') found.set(name, await pairsOf(split[name]));
    else if (detectLayout(folder, data) !== 'split') {
      found.set(name, await pairsOf(''));
    } else found.set(name, [...(await pairsOf(split.train)), ...(await pairsOf(split.val))]);
  }
  return found;
}

function checkFolder(folder: string, reporter: Reporter): boolean {
  if (isFolder(folder)) return true;
  const expected = 'a folder of images and masks';
  reporter.report('data-folder-missing', { folder, expected }, { at: atFile(folder) });
  return false;
}

async function allPairs(
  folder: string,
  data: DataSource,
  instances: boolean,
  reporter: Reporter,
): Promise<readonly ListedPair[]> {
  const { pairs: source, targets } = data;
  if (source.kind === 'list') return readPairList(folder, source.file, targets, reporter);
  const images = join(folder, source.images);
  if (!isFolder(images) && isFolder(join(folder, 'train', source.images))) {
    const expected = 'the images of both parts, since the recipe divides them';
    const help = ['The folder is divided already: take "split" out of the recipe.'];
    const at = atFile(images);
    reporter.report('data-folder-missing', { folder: images, expected }, { at, help });
    return [];
  }
  return pairsIn(folder, { ...data, pairs: source }, '', instances, reporter);
}

/** Pairs that are found by the names of files in folders. */
type NamedPairs = Exclude<PairSource, { readonly kind: 'list' }>;

/** The pairs of one part, or of a folder that is not divided, with the files of targets. */
async function pairsIn(
  folder: string,
  { pairs: source, targets }: { readonly pairs: NamedPairs; readonly targets: HeadTargets },
  word: string,
  withObjects: boolean,
  reporter: Reporter,
): Promise<readonly FilePair[]> {
  const place = (path: string): string => join(folder, path.replaceAll(PART, word));
  const folders = targetFolders(targets, place);
  const others = folders.map((target) => target.folder);
  const pairs = await pairsOfMasks(folder, source, { place, others, withObjects }, reporter);
  return pairs.length === 0 ? pairs : addTargets(pairs, folders, reporter);
}

/** Where paths of a part lead, and what is wanted. */
interface PartPlaces {
  readonly place: (path: string) => string;
  /** Folders of other files. */
  readonly others: readonly string[];
  readonly withObjects: boolean;
}

async function pairsOfMasks(
  folder: string,
  source: NamedPairs,
  { place, others: known, withObjects }: PartPlaces,
  reporter: Reporter,
): Promise<readonly FilePair[]> {
  if (source.kind === 'folders') {
    const { images, masks, instances, suffixes } = source;
    const folders: PairFolders = {
      images: place(images),
      masks: place(masks),
      instances: withObjects ? place(instances) : undefined,
      others: known,
      suffixes,
    };
    return pairFiles(folders, reporter);
  }
  const { others } = source;
  const common = { folder, images: place(source.images), others, withObjects };
  if (source.kind === 'labelme') {
    return labelmePairs({ ...common, documents: place(source.documents) }, reporter);
  }
  const isShared = source.file.includes(PART) && !source.images.includes(PART);
  return cocoPairs({ ...common, file: place(source.file), isShared }, reporter);
}

/**
 * The layout of a data folder: divided into parts, as shards always are, or, `flat`, images
 * and masks that lie together and that the recipe does not divide.
 */
export function detectLayout(
  folder: string,
  { pairs, split }: DataSource = usualData,
): 'split' | 'flat' | undefined {
  if (pairs.kind === 'list' || split.kind !== 'folders' || shardsIn(folder).size > 0) {
    return 'split';
  }
  // Up to the folder that the part names: "train" of "train/images".
  const first = (word: string): string => {
    const end = pairs.images.indexOf('/', pairs.images.indexOf(PART));
    const path = end < 0 ? pairs.images : pairs.images.slice(0, end);
    return join(folder, path.replaceAll(PART, word));
  };
  if (isFolder(first(split.train)) || isFolder(first(split.val))) return 'split';
  return isFolder(join(folder, pairs.images.replaceAll(PART, ''))) ? 'flat' : undefined;
}
