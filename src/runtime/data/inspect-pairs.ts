import type { DataSource } from '../../ir/data-source.js';
import type { DrawnCounts } from './annotations/read-annotations.js';
import { Reporter } from '../../diagnostics/report.js';
import { contentsOf, type PairContents } from './contents.js';
import type { FilePair, SplitName } from './folder.js';
import { imageFacts, type ImageFacts } from './image-facts.js';
import { countLevels, type LevelCounts } from './mask-levels.js';
import { findPairs } from './find-pairs.js';
import { mapInParallel } from './parallel.js';
import type { PairRules } from './pair-rules.js';
import { readPair, type DecodedPair } from './read-pair.js';
import { targetFacts, type TargetFacts } from './target-facts.js';

/** A pair whose files were read once, and what is known of them. */
export interface InspectedPair extends FilePair, LevelCounts {
  /** What its files hold, in short. */
  readonly contents: PairContents;
  readonly split: SplitName;
  readonly width: number;
  readonly height: number;
  readonly image: ImageFacts;
  readonly inColour: boolean;
  /** Where levels are indices into a palette, its colours, three bytes each. */
  readonly palette?: Uint8Array | undefined;
  readonly lossyMask: boolean;
  /** Where the mask was drawn from outlines: how many objects there are. */
  readonly drawn?: DrawnCounts | undefined;
  /** Of targets that heads have of their own. */
  readonly targetFacts: TargetFacts;
}

export interface InspectOptions {
  readonly splits: readonly SplitName[];
  /** Where the pairs are found. */
  readonly source: DataSource;
  /** What a network expects of the files; whatever they hold is taken when absent. */
  readonly rules: PairRules | undefined;
  readonly instances: boolean;
  /** Ends the inspection early; what it returns then is of no use. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the files of each sound pair, which are forgotten afterwards. */
  readonly keep: (pair: FilePair, decoded: DecodedPair) => void;
}

const PARALLEL_READS = 4;

/**
 * Reads every file of a data set once. Files with faults are reported, in the
 * order of their names; the pairs without any are returned. Only a few files
 * are in memory at a time.
 */
export async function inspectPairs(
  folder: string,
  { splits, source, rules, instances, signal, keep }: InspectOptions,
  reporter: Reporter,
): Promise<readonly InspectedPair[]> {
  const inspected: InspectedPair[] = [];
  const parts = await findPairs(folder, source, { splits, instances }, reporter);
  for (const [split, pairs] of parts) {
    const found = await mapInParallel(pairs, PARALLEL_READS, async (pair) => {
      const own = new Reporter();
      if (signal?.aborted === true) return { own, inspection: undefined };
      const decoded = await readPair(pair, rules, own);
      if (decoded !== undefined) keep(pair, decoded);
      return { own, inspection: decoded && describePair(pair, split, decoded) };
    });
    for (const { own, inspection } of found) {
      reporter.add(own.diagnostics);
      if (inspection !== undefined) inspected.push(inspection);
    }
  }
  return inspected;
}

function describePair(pair: FilePair, split: SplitName, decoded: DecodedPair): InspectedPair {
  const { lossyMask, inColour, palette, drawn } = decoded;
  const image = imageFacts(decoded.image);
  const { width, height } = image;
  return {
    ...pair,
    split,
    width,
    height,
    image,
    inColour,
    palette,
    lossyMask,
    drawn,
    contents: contentsOf(decoded),
    targetFacts: targetFacts(decoded.targets),
    ...countLevels(decoded.levels),
  };
}
