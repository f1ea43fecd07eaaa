import type { Reporter } from '../../diagnostics/report.js';
import type { ValueRange } from '../../ir/scaling.js';
import { atFile } from './at-file.js';
import type { SeenImage } from './image-facts.js';
import { depths, largestSample, type Depth } from './image.js';
import type { SplitSummary } from './summary.js';

/** The values of the images of one depth. */
export interface ImageValues {
  readonly depth: Depth;
  readonly low: number;
  readonly high: number;
}

/** What the images of a part of a data set hold, by depth. */
export function imageValues({ images }: SplitSummary): readonly ImageValues[] {
  return depths.flatMap((depth) => {
    const alike = images.filter((kind) => kind.depth === depth);
    if (alike.length === 0) return [];
    const low = Math.min(...alike.map((kind) => kind.low));
    return [{ depth, low, high: Math.max(...alike.map((kind) => kind.high)) }];
  });
}

/** Brighter than all training images by this factor, or darker by the other, is told. */
const BRIGHTER = 2;
const DARKER = 4;

/**
 * Warns of images that the scaling makes far brighter or darker than those that the
 * network was trained on: a camera of 12 bits, or files of another depth whose values were
 * not stretched. All images of one depth count together, since one of many may well be dark.
 */
export function warnOfOtherBrightness(
  seen: readonly SeenImage[],
  trained: readonly ImageValues[],
  range: ValueRange | undefined,
  reporter: Reporter,
): void {
  const scaled = ({ depth, high }: ImageValues): number => {
    const [from, to] = range ?? [0, largestSample(depth)];
    return (high - from) / (to - from);
  };
  const usual = Math.max(...trained.map(scaled));
  // Black images are no measure.
  if (usual <= 0) return;
  for (const depth of depths) {
    const alike = seen.filter(({ image }) => image.depth === depth);
    const [first, ...rest] = alike;
    if (first === undefined) continue;
    const brightest = rest.reduce((a, b) => (b.image.high > a.image.high ? b : a), first);
    const found = scaled(brightest.image);
    // A plain image is told already, and so is one beyond the range.
    if (brightest.image.low === brightest.image.high) continue;
    if (range !== undefined && brightest.image.high > range[1]) continue;
    const isBrighter = found > usual * BRIGHTER;
    if (!isBrighter && found * DARKER > usual) continue;
    const parameters = {
      depth,
      example: brightest.imagePath,
      high: brightest.image.high,
      scaled: rounded(found),
      usual: rounded(usual),
      how: isBrighter ? 'brighter' : 'darker',
    };
    const help = ['Save them in the way in which the training images were saved.'];
    reporter.report('images-unlike-training', parameters, {
      at: atFile(brightest.imagePath),
      help,
    });
  }
}

const rounded = (value: number): number => Number(value.toPrecision(2));
