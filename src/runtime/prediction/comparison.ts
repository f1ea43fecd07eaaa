import type { LoadedPair } from '../data/dataset.js';
import { joinRows, rowsOf } from '../data/join-rows.js';
import { classesOfProbabilities } from '../data/overlay.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import type { ObjectCounter } from '../instances/object-counter.js';
import { separate } from '../instances/separate.js';
import { trueObjects } from '../instances/true-objects.js';
import type { Head } from '../losses/head.js';
import { truthOfImage } from '../losses/target.js';
import { guideOf } from '../../ir/post-processing.js';
import type { MetricSet } from '../metrics/metric-set.js';
import type { TargetMetrics } from '../metrics/target-metrics.js';
import { makeMask, needsWholeMask, type MaskRule } from '../post/mask-rule.js';
import type { EvaluationObserver } from './evaluation-observer.js';
import type { ImageLoss } from './image-loss.js';

/** What measures one image. */
export interface Measures {
  /** Of this image alone. */
  readonly own: MetricSet;
  /** Over all images, of each output that is predicted. */
  readonly sets: readonly MetricSet[];
  readonly loss: ImageLoss;
  /** Of each head with a target of its own: of this image, and of all images. */
  readonly targets: ReadonlyMap<string, readonly TargetMetrics[]>;
  /** Of the objects of this image, and of all images. */
  readonly objects: readonly ObjectCounter[];
  readonly observer: EvaluationObserver | undefined;
}

/** Compares what is predicted of an image with what is true of it. */
export interface Comparison {
  /** Is given the strips of all outputs, the head's first. */
  add(strips: readonly Pixels[]): Promise<void>;
  /** All strips are there. */
  end(): Promise<void>;
}

/** How masks are made of probabilities where pixels are compared. */
export interface ComparedMasks {
  /** At which masks are painted. */
  readonly threshold: number;
  /** What the recipe says of masks; metrics measure those at their own thresholds where it says nothing. */
  readonly rule: MaskRule | undefined;
}

/**
 * Compares strips with the mask. Where the recipe changes whole masks, all strips are kept until
 * the image is there; its objects are compared then.
 */
export function comparePixels(
  pair: LoadedPair,
  measures: Measures,
  masks: ComparedMasks,
): Comparison {
  const addRows = compareRows(pair, measures, masks);
  const { rule } = masks;
  if (rule === undefined || !needsWholeMask(rule)) {
    return { add: (strips) => addRows(strips), end: () => Promise.resolve() };
  }
  const kept: (readonly Pixels[])[] = [];
  return {
    add: (strips) => {
      kept.push(strips);
      return Promise.resolve();
    },
    end: async () => {
      const outputs = measures.sets.map((_, output) => kept.map((strips) => strips[output]!));
      const whole = outputs.map((strips) => makeMask(strips, rule));
      for (const strips of kept) await addRows(strips, whole);
      if (rule.objects === undefined) return;
      const truth = trueObjects(pair, rule.objects);
      if (truth === undefined) return;
      const guide = guideOf(rule.objects);
      const grown =
        guide === undefined ? 0 : outputs.length + [...measures.targets.keys()].indexOf(guide);
      const surface = joinRows(kept.map((strips) => strips[grown]!));
      const found = separate(whole[0]!, surface, rule.objects);
      for (const counter of measures.objects) counter.add(found, truth, pair.mask);
    },
  };
}

/** Compares the next rows; `whole` are the masks of all outputs where they are not made row by row. */
function compareRows(
  { mask: truth, targets: planes }: LoadedPair,
  { own, sets, loss, targets, observer }: Measures,
  { threshold, rule }: ComparedMasks,
): (strips: readonly Pixels[], whole?: readonly ClassMask[]) => Promise<void> {
  let row = 0;
  return async (strips, whole) => {
    for (const parts of partsOf(strips)) {
      const end = row + parts[0]!.height;
      const known = rowsOf(truth, row, end);
      const painted = parts
        .slice(0, sets.length)
        .map((part, output) =>
          whole === undefined
            ? classesOfProbabilities(part, threshold)
            : rowsOf(whole[output]!, row, end),
        );
      const measured = rule && painted;
      for (const [at, set] of sets.entries()) set.addRows(parts[at]!, known, measured?.[at]);
      own.addRows(parts[0]!, known, measured?.[0]);
      for (const [at, [name, measures]] of [...targets].entries()) {
        const predicted = parts[sets.length + at]!;
        const values = planes!
          .get(name)!
          .map((plane) => plane.subarray(row * truth.width, end * truth.width));
        for (const measure of measures) measure.addRows(predicted, values);
      }
      observer?.addRows(parts[0]!, painted[0]!, known);
      if (targets.size > 0) {
        observer?.addTargets(
          new Map([...targets.keys()].map((name, at) => [name, parts[sets.length + at]!])),
        );
      }
      await loss.add(parts[0]!, row);
      row = end;
    }
  };
}

/** Compares what is said of the whole image with what its mask holds. */
export function compareImage(
  { mask }: LoadedPair,
  { own, sets, loss, observer }: Measures,
  { channels, activation }: Head,
): Comparison {
  const truth = truthOfImage(channels, mask.data);
  const isExclusive = activation === 'softmax';
  const add = (set: MetricSet, { data }: Pixels): void =>
    set.addClassified({ probabilities: [...data], isExclusive }, truth);
  return {
    add: async (classified) => {
      for (const [at, set] of sets.entries()) add(set, classified[at]!);
      add(own, classified[0]!);
      observer?.addClassified(classified[0]!, truth);
      await loss.add(classified[0]!, 0);
    },
    end: () => Promise.resolve(),
  };
}

/** Values of a part, of one channel or several: what is made of it stays small. */
const partValues = 2 ** 22;

/** Strips of all outputs, in parts of some rows. */
function* partsOf(strips: readonly Pixels[]): Generator<readonly Pixels[]> {
  const { height, width } = strips[0]!;
  const channels = Math.max(...strips.map((strip) => strip.channels));
  const count = Math.max(1, Math.floor(partValues / (width * channels)));
  for (let first = 0; first < height; first += count) {
    const end = Math.min(height, first + count);
    yield strips.map((strip) => rowsOf(strip, first, end));
  }
}
