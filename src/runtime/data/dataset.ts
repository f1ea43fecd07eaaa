import { isDeepStrictEqual } from 'node:util';
import { hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { isOutlined, usualData, type DataSource } from '../../ir/data-source.js';
import type { ValueRange } from '../../ir/scaling.js';
import { atFile } from './at-file.js';
import { DataError } from './data-error.js';
import { ByteCache } from './byte-cache.js';
import { imageToPixels } from './channels.js';
import type { ImageValues } from './check-brightness.js';
import { checkClasses } from './check-classes.js';
import { checkImages, warnOfPlainImages } from './check-images.js';
import { checkLevels } from './check-levels.js';
import type { FilePair, SplitName } from './folder.js';
import { contentsOf, type PairContents } from './contents.js';
import { groupAlike } from './group-alike.js';
import { inspectPairs, type InspectedPair } from './inspect-pairs.js';
import { encodeMask, MOST_CLASSES, type Colour, type MaskEncoding } from './mask-encoding.js';
import type { MaskLevels } from './mask-levels.js';
import { checkFullMasks, settleMeaning } from './mask-meaning.js';
import { IGNORED, type ClassMask, type Pixels, type TargetPlanes } from './pixels.js';
import type { PairRules } from './pair-rules.js';
import type { TargetRule } from './read-target.js';
import { pairBytes, readPair, type DecodedPair } from './read-pair.js';
import { summariseSplit, type SplitSummary } from './summary.js';

/** What is expected of a data set. */
export interface DatasetOptions {
  readonly splits: readonly SplitName[];
  /** Where the pairs are found; `train` and `val` with `images` and `masks` when absent. */
  readonly source?: DataSource | undefined;
  /** The number of classes of the head; a head of one channel counts as two classes. */
  readonly classCount: number;
  /** Whether the head classifies whole images; not when absent. */
  readonly classifiesImages?: boolean | undefined;
  /** What the recipe calls the classes, for messages. */
  readonly classNames?: readonly string[] | undefined;
  readonly inputChannels: number;
  /** Values of the files that count as 0 and 1; 0 and the largest of the file's type when absent. */
  readonly range?: ValueRange | undefined;
  /** Whether images are scaled by means and deviations of their own; not when absent. */
  readonly isMeasured?: boolean | undefined;
  /** The recipe's table of colours, class 0 first. */
  readonly colours?: readonly Colour[] | undefined;
  /** Mask values, or colours where there is a table, of pixels without a class, where the recipe says so. */
  readonly ignore?: readonly (number | Colour)[] | undefined;
  /** Where masks number objects: the width of their borders, a class of its own, in pixels. */
  readonly borderWidth?: number | undefined;
  /** What the files of targets that heads have of their own have to hold; there are none when absent. */
  readonly targets?: readonly TargetRule[] | undefined;
  /** Whether masks of instances are read where there are any; not when absent. */
  readonly instances?: boolean | undefined;
  /** What the images held that the network was trained on, as `checkImages` takes it. */
  readonly trained?: readonly ImageValues[] | undefined;
  /** What mask levels mean, where an earlier inspection has settled it. */
  readonly encoding?: MaskEncoding | undefined;
  /** Decoded files kept in memory, in bytes; the rest is decoded on demand. 1 GiB when absent. */
  readonly memoryLimit?: number | undefined;
  /** Ends the inspection early; what it returns then is of no use. */
  readonly signal?: AbortSignal | undefined;
}

/** A pair that passed inspection, with its size in pixels and what its files hold. */
export interface DataPair extends FilePair {
  readonly width: number;
  readonly height: number;
  readonly contents: PairContents;
}

/** A pair ready for work: 0-to-1 values of the network's channels, and class indices. */
export interface LoadedPair {
  readonly name: string;
  readonly pixels: Pixels;
  readonly mask: ClassMask;
  /** The objects of the mask by number, 0 for none, height x width; undefined where no file tells them apart. */
  readonly instances?: MaskLevels | undefined;
  /** Further values a pixel, such as weight maps, that follow the mask through every warp and cut. */
  readonly planes?: readonly Float32Array[];
  /** What heads with targets of their own should give; follows the mask in the same way. */
  readonly targets?: TargetPlanes;
}

/** One part of a data set. */
export interface DataSplit {
  readonly name: SplitName;
  readonly pairs: readonly DataPair[];
  /**
   * Decodes a pair, from memory when it is kept there. Rejects with
   * `DataError` when a file has vanished or changed since the inspection.
   */
  load(pair: DataPair): Promise<LoadedPair>;
}

/** A data set that was inspected. */
export interface Dataset {
  readonly splits: ReadonlyMap<SplitName, DataSplit>;
  readonly encoding: MaskEncoding;
  /** What the splits hold, in their order. */
  readonly summaries: readonly SplitSummary[];
}

const DEFAULT_MEMORY = 2 ** 30;

/**
 * Reads a whole data set once and reports everything that is wrong with it:
 * training must not fail at its thousandth image. Files with the same fault
 * are one message. The value holds the pairs without faults. What mask levels
 * mean is settled over all splits together (`settleMeaning`).
 */
export async function inspectDataset(
  folder: string,
  options: DatasetOptions,
): Promise<Result<Dataset>> {
  const { colours, inputChannels, classNames, range } = options;
  const reporter = new Reporter();
  const cache = new ByteCache<string, DecodedPair>(options.memoryLimit ?? DEFAULT_MEMORY);
  const classCount = Math.max(2, options.classCount);
  const isSettled = options.encoding !== undefined;
  const { source = usualData } = options;
  // What is drawn from outlines says classes itself.
  const isDrawn = isOutlined(source.pairs);
  const { ignore } = options;
  const { borderWidth } = options;
  const rules: PairRules = {
    ...{ classCount, inputChannels, range, colours, ignore, classNames, borderWidth, isSettled },
    targets: options.targets ?? [],
  };
  checkTable(folder, classCount, colours, reporter);
  const inspected = await inspectPairs(
    folder,
    {
      splits: options.splits,
      source,
      rules,
      instances: options.instances === true,
      signal: options.signal,
      keep: (pair, decoded) => cache.set(pair.imagePath, decoded, pairBytes(decoded)),
    },
    reporter,
  );
  warnOfLossyMasks(folder, inspected, reporter);
  checkImages(folder, inspected, options, reporter);
  const maskRules = { classCount, colours, ignore };
  const outlined: MaskEncoding = { kind: 'index', classCount, ignore: [IGNORED] };
  const settled =
    options.encoding ??
    (isDrawn ? outlined : settleMeaning(folder, inspected, maskRules, reporter));
  const isClear =
    settled !== undefined &&
    checkFullMasks(
      inspected,
      settled,
      { isWanted: isDrawn || ignore !== undefined, isSettled },
      reporter,
    );
  // Without a meaning every level is accepted: the one message stays the only one.
  const encoding = settled ?? { kind: 'index', classCount: Number.POSITIVE_INFINITY, ignore: [] };
  const sound = inspected.filter((pair) => checkLevels(pair, encoding, isSettled, reporter));
  const meaning = settled && { encoding: settled, classCount };
  const summaries = options.splits.map((name) =>
    summariseSplit(
      name,
      sound.filter((pair) => pair.split === name),
      meaning,
      rules.targets,
    ),
  );
  if (isClear && !reporter.hasErrors) {
    const { classifiesImages = false } = options;
    const of = { classCount, names: classNames, classifiesImages };
    checkClasses(folder, summaries, of, reporter);
    checkTargets(folder, summaries, reporter);
  }
  const splits = new Map(
    options.splits.map((name) => {
      const pairs = sound.filter((pair) => pair.split === name);
      return [name, createSplit(name, pairs, rules, encoding, cache)] as const;
    }),
  );
  return { value: { splits, encoding, summaries }, diagnostics: groupAlike(reporter.diagnostics) };
}

/**
 * Reads a whole data set without a network to read it for: what its files hold,
 * and what is wrong with them whatever the network.
 */
export async function surveyDataset(
  folder: string,
  splits: readonly SplitName[],
): Promise<Result<readonly SplitSummary[]>> {
  const reporter = new Reporter();
  const source = usualData;
  const options = { splits, source, rules: undefined, instances: false, keep: () => undefined };
  const inspected = await inspectPairs(folder, options, reporter);
  warnOfLossyMasks(folder, inspected, reporter);
  warnOfPlainImages(folder, inspected, reporter);
  const indices: MaskEncoding = { kind: 'index', classCount: 255 };
  const grey = inspected.filter(({ inColour }) => !inColour);
  const hasIndices = grey.some(({ counts }) => counts.has(1));
  if (hasIndices) {
    checkFullMasks(grey, indices, { isWanted: false, isSettled: false }, reporter);
  }
  const summaries = splits.map((name) =>
    summariseSplit(
      name,
      inspected.filter((pair) => pair.split === name),
      undefined,
    ),
  );
  return { value: summaries, diagnostics: groupAlike(reporter.diagnostics) };
}

/** Reports targets of which no training image has any value. */
function checkTargets(
  folder: string,
  summaries: readonly SplitSummary[],
  reporter: Reporter,
): void {
  for (const { name, targets = [], pairs: files } of summaries) {
    for (const { head, planes } of name === 'train' ? targets : []) {
      if (planes.some(({ known }) => known > 0)) continue;
      reporter.report('target-without-values', { head, folder, files }, { at: atFile(folder) });
    }
  }
}

function checkTable(
  folder: string,
  classes: number,
  colours: readonly Colour[] | undefined,
  reporter: Reporter,
): void {
  const at = atFile(folder);
  if (colours !== undefined && colours.length !== classes) {
    reporter.report('colour-count-differs', { colours: colours.length, classes }, { at });
  }
  if (classes > MOST_CLASSES) {
    reporter.report('mask-classes-too-many', { classes, most: MOST_CLASSES }, { at });
  }
}

function warnOfLossyMasks(
  folder: string,
  pairs: readonly InspectedPair[],
  reporter: Reporter,
): void {
  const lossy = pairs.filter((pair) => pair.lossyMask);
  if (lossy.length === 0) return;
  const parameters = { folder, file: lossy[0]!.maskPath, count: lossy.length };
  const help = ['Save masks as PNG or TIFF.'];
  reporter.report('mask-lossy', parameters, { at: atFile(folder), help });
}

function createSplit(
  name: SplitName,
  pairs: readonly DataPair[],
  rules: PairRules,
  encoding: MaskEncoding,
  cache: ByteCache<string, DecodedPair>,
): DataSplit {
  return {
    name,
    pairs,
    load: async (pair) => {
      const decoded = cache.get(pair.imagePath) ?? (await readAgain(pair, rules));
      cache.set(pair.imagePath, decoded, pairBytes(decoded));
      return {
        name: pair.name,
        pixels: imageToPixels(decoded.image, rules.inputChannels, rules.range),
        mask: encodeMask(decoded.levels, encoding),
        instances: decoded.instances,
        targets: decoded.targets,
      };
    },
  };
}

async function readAgain(pair: DataPair, rules: PairRules): Promise<DecodedPair> {
  const reporter = new Reporter();
  const decoded = await readPair(pair, rules, reporter);
  if (decoded !== undefined) {
    const { width, height } = decoded.image;
    const contents = contentsOf(decoded);
    if (isDeepStrictEqual(contents, pair.contents)) return decoded;
    const at = atFile(pair.imagePath);
    if (width !== pair.width || height !== pair.height) {
      const found = `${width} x ${height}`;
      const expected = `${pair.width} x ${pair.height}`;
      reporter.report('image-changed', { file: pair.imagePath, found, expected }, { at });
    } else {
      const changed = contents.image === pair.contents.image ? pair.maskPath : pair.imagePath;
      reporter.report('pair-changed', { file: changed }, { at: atFile(changed) });
    }
  }
  throw new DataError(reporter.diagnostics.filter((diagnostic) => hasErrors([diagnostic])));
}
