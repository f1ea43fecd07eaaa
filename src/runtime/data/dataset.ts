import { isDeepStrictEqual } from 'node:util';
import { hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { ValueRange } from '../../ir/scaling.js';
import { atFile, DataError } from './at-file.js';
import { ByteCache } from './byte-cache.js';
import { imageToPixels } from './channels.js';
import { checkLevels, describeLevels } from './check-levels.js';
import { contentsOf, type PairContents } from './contents.js';
import { pairFiles, type FilePair, type SplitName } from './folder.js';
import {
  chooseGreyEncoding,
  colourEncoding,
  encodeMask,
  MOST_CLASSES,
  type Colour,
  type MaskEncoding,
} from './mask-encoding.js';
import { countLevels, type LevelCount, type MaskLevels } from './mask-levels.js';
import { mapInParallel } from './parallel.js';
import type { ClassMask, Pixels } from './pixels.js';
import { pairBytes, readPair, type DecodedPair, type PairRules } from './read-pair.js';

/** What is expected of a data set. */
export interface DatasetOptions {
  readonly splits: readonly SplitName[];
  /** The number of classes of the head; a head of one channel counts as two classes. */
  readonly classCount: number;
  readonly inputChannels: number;
  /** The file values that count as 0 and 1, where the recipe says them. */
  readonly range?: ValueRange | undefined;
  /** The recipe's table of colours, class 0 first. */
  readonly colours?: readonly Colour[] | undefined;
  /** Whether masks of instances are read where there are any; not when absent. */
  readonly instances?: boolean | undefined;
  /** What mask levels mean, where an earlier inspection has settled it. */
  readonly encoding?: MaskEncoding | undefined;
  /** Decoded files kept in memory, in bytes; the rest is decoded on demand. 1 GiB when absent. */
  readonly memoryLimit?: number | undefined;
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

export interface Dataset {
  readonly splits: ReadonlyMap<SplitName, DataSplit>;
  readonly encoding: MaskEncoding;
}

interface InspectedPair extends DataPair {
  readonly split: SplitName;
  readonly counts: ReadonlyMap<number, LevelCount>;
  readonly lossyMask: boolean;
  readonly largestValue: number;
}

const PARALLEL_READS = 4;
const DEFAULT_MEMORY = 2 ** 30;

/**
 * Reads a whole data set once and reports everything that is wrong with it,
 * each problem with its file: training must not fail at its thousandth image.
 * The value holds the pairs without faults. What mask levels mean is settled
 * over all splits together (`chooseGreyEncoding`, or the table of colours).
 */
export async function inspectDataset(
  folder: string,
  options: DatasetOptions,
): Promise<Result<Dataset>> {
  const reporter = new Reporter();
  const cache = new ByteCache<string, DecodedPair>(options.memoryLimit ?? DEFAULT_MEMORY);
  const classCount = Math.max(2, options.classCount);
  const rules: PairRules = {
    classCount,
    inputChannels: options.inputChannels,
    range: options.range,
    byColour: options.colours !== undefined,
  };
  checkClasses(folder, classCount, options.colours, reporter);
  const inspected: InspectedPair[] = [];
  for (const split of options.splits) {
    const instances = options.instances === true;
    const pairs = await pairFiles(folder, split, reporter, { instances });
    const found = await mapInParallel(pairs, PARALLEL_READS, async (pair) => {
      const own = new Reporter();
      const decoded = await readPair(pair, rules, own);
      if (decoded !== undefined) cache.set(pair.imagePath, decoded, pairBytes(decoded));
      return { pair, own, inspection: decoded && describePair(pair, split, decoded) };
    });
    for (const { own, inspection } of found) {
      reporter.add(own.diagnostics);
      if (inspection !== undefined) inspected.push(inspection);
    }
  }
  warnOfLossyMasks(folder, inspected, reporter);
  warnOfBrightImages(folder, inspected, options.range, reporter);
  const encoding = options.encoding ?? settleEncoding(folder, inspected, options, reporter);
  const sound = inspected.filter(({ maskPath, width, counts }) =>
    checkLevels(maskPath, width, counts, encoding, reporter),
  );
  const splits = new Map(
    options.splits.map((name) => {
      const pairs = sound.filter((pair) => pair.split === name);
      return [name, createSplit(name, pairs, rules, encoding, cache)] as const;
    }),
  );
  return { value: { splits, encoding }, diagnostics: reporter.diagnostics };
}

function describePair(pair: FilePair, split: SplitName, decoded: DecodedPair): InspectedPair {
  const { width, height } = decoded.image;
  const { lossyMask } = decoded;
  let largestValue = 0;
  for (const value of decoded.image.data) largestValue = Math.max(largestValue, value);
  const counts = countLevels(decoded.levels);
  const contents = contentsOf(decoded);
  return { ...pair, split, width, height, lossyMask, largestValue, counts, contents };
}

function checkClasses(
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

/** Values above the end of the range count as more than 1: hardly what was meant where there are many. */
function warnOfBrightImages(
  folder: string,
  pairs: readonly InspectedPair[],
  range: ValueRange | undefined,
  reporter: Reporter,
): void {
  const beyond = pairs.filter(({ largestValue }) => range !== undefined && largestValue > range[1]);
  if (beyond.length === 0) return;
  const [{ imagePath: file, largestValue: value }] = beyond as [InspectedPair];
  const parameters = { folder, file, value, count: beyond.length, high: range![1] };
  const help = ['End the range of "scaling" with the largest value that the images can have.'];
  reporter.report('images-beyond-range', parameters, { at: atFile(folder), help });
}

function settleEncoding(
  folder: string,
  pairs: readonly InspectedPair[],
  options: DatasetOptions,
  reporter: Reporter,
): MaskEncoding {
  if (options.colours !== undefined) return colourEncoding(options.colours);
  const classCount = Math.max(2, options.classCount);
  const levels = new Set(pairs.flatMap((pair) => [...pair.counts.keys()]));
  const encoding = chooseGreyEncoding(levels, classCount);
  if (encoding !== undefined) return encoding;
  const values = describeLevels([...levels]).replace(/^the values? /, '');
  const example = pairs.find((pair) => pair.counts.size > 2)?.maskPath;
  const notes = example === undefined ? [] : [`"${example}" alone holds more than two values.`];
  const help = ['Save masks without smooth edges, or give the head more classes.'];
  const parameters = { folder, values };
  reporter.report('mask-not-binary', parameters, { at: atFile(folder), notes, help });
  // Accept every level, so that the one message stays the only one.
  return { kind: 'index', classCount: Number.POSITIVE_INFINITY };
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
