import { IGNORED } from '../data/pixels.js';
import type { ClassifiedImage } from './classified-image.js';
import type { MeasuredRows } from './counter.js';
import type { Measure } from './measure.js';
import { foregroundMean } from './metrics.js';
import { Ranks } from './ranks.js';
import { Reliabilities } from './reliability.js';

/** Is told of each probability of a class, and whether the class is true. */
type Visit = (found: number, probability: number, isTrue: boolean) => void;

/** Visits the probabilities of all classes: of one channel p those of background and foreground, 1 - p and p. */
function visitRows({ probabilities, truth }: MeasuredRows, classCount: number, visit: Visit): void {
  const { channels, data } = probabilities;
  for (let i = 0; i < truth.data.length; i++) {
    const actual = truth.data[i]!;
    if (actual === IGNORED) continue;
    for (let c = 0; c < classCount; c++) {
      const p = channels > 1 ? data[i * channels + c]! : c === 1 ? data[i]! : 1 - data[i]!;
      visit(c, p, actual === c);
    }
  }
}

function visitClassified(
  { probabilities }: ClassifiedImage,
  truth: readonly number[],
  visit: Visit,
): void {
  const isOne = probabilities.length === 1;
  for (const [channel, p] of probabilities.entries()) {
    if (isOne) visit(0, 1 - p, truth[channel] === 0);
    visit(isOne ? 1 : channel, p, truth[channel] === 1);
  }
}

/** The areas under the ROC curves of classes, each against all others. */
export function measureRanks(classCount: number): Measure {
  const make = (): readonly Ranks[] => Array.from({ length: classCount }, () => new Ranks());
  const [totals, ofImage] = [make(), make()];
  const visit: Visit = (found, p, isTrue) => ofImage[found]!.add(p, isTrue);
  const dropImage = (): void => ofImage.forEach((ranks) => ranks.clear());
  return {
    add: (rows) => visitRows(rows, classCount, visit),
    addClassified: (image, truth) => visitClassified(image, truth, visit),
    endImage: () => {
      for (const [found, ranks] of totals.entries()) ranks.addRanks(ofImage[found]!);
      dropImage();
    },
    dropImage,
    value: () => {
      const classes = totals.map((ranks) => ranks.area());
      return { classes, mean: foregroundMean(classes) };
    },
  };
}

/**
 * Calibration errors: by class that of its own probabilities. The mean is that of the likeliest
 * class of each pixel, of one channel that of the foreground; of images that were classified,
 * whose classes need not exclude each other, the mean over the foreground.
 */
export function measureCalibration(bins: number, classCount: number): Measure {
  const make = (): readonly Reliabilities[] =>
    // The last ones are of the likeliest class.
    Array.from({ length: classCount + 1 }, () => new Reliabilities(bins));
  const totals = make();
  let ofImage = make();
  const visit: Visit = (found, p, isTrue) => ofImage[found]!.add(p, isTrue);
  const addLikeliest = ({ probabilities, truth }: MeasuredRows): void => {
    const { channels, data } = probabilities;
    if (channels === 1) return;
    for (let i = 0; i < truth.data.length; i++) {
      if (truth.data[i] === IGNORED) continue;
      let best = 0;
      for (let c = 1; c < channels; c++) {
        if (data[i * channels + c]! > data[i * channels + best]!) best = c;
      }
      visit(classCount, data[i * channels + best]!, truth.data[i] === best);
    }
  };
  const dropImage = (): void => {
    ofImage = make();
  };
  return {
    add: (rows) => {
      visitRows(rows, classCount, visit);
      addLikeliest(rows);
    },
    addClassified: (image, truth) => visitClassified(image, truth, visit),
    endImage: () => {
      for (const [at, total] of totals.entries()) total.addAll(ofImage[at]!);
      dropImage();
    },
    dropImage,
    value: () => {
      const errors = totals.map((total) => total.error());
      const classes = errors.slice(0, classCount);
      return { classes, mean: errors[classCount] ?? foregroundMean(classes) };
    },
  };
}
