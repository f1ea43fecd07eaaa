import type { ComponentCall, MetricName } from '../../ir/recipe.js';
import { classMetrics } from '../../ir/metric-options.js';
import type { TargetForm } from '../../ir/target.js';
import { maskOfPlane, type Pixels } from '../data/pixels.js';
import { MetricSet, type MetricValues } from './metric-set.js';
import { ValueMetrics } from './value-metrics.js';

/** Measures a head with a target of its own over any number of images. */
export interface TargetMetrics {
  /** Adds the next rows of an image: what is predicted, and the planes of the target. */
  addRows(predicted: Pixels, truth: readonly Float32Array[]): void;
  /** All rows of the image are there. */
  endImage(): void;
  /** Forgets the rows of an image that does not become whole. */
  dropImage(): void;
  /** Over all images so far, in the recipe's order. */
  values(): MetricValues;
}

/** A head as its metrics see it. */
interface MeasuredHead {
  readonly form: TargetForm;
  readonly channels: number;
  readonly classCount: number;
}

/** What measures a head, by what its channels stand for. */
export function targetMetrics(
  { form, channels, classCount }: MeasuredHead,
  calls: readonly ComponentCall<MetricName>[],
): TargetMetrics {
  switch (form) {
    case 'values':
      return new ValueMetrics(calls, channels);
    case 'classes': {
      const set = new MetricSet(classMetrics(calls), classCount);
      return {
        addRows: (predicted, [plane]) => {
          const { height, width } = predicted;
          set.addRows(predicted, { height, width, data: maskOfPlane(plane!) });
        },
        endImage: () => set.endImage(),
        dropImage: () => set.dropImage(),
        values: () => set.valuesOfSet(),
      };
    }
    case 'planes':
      return metricsOfPlanes(channels, calls);
  }
}

/** Each channel is a class beside its own background; the mean is that over the channels. */
function metricsOfPlanes(
  channels: number,
  calls: readonly ComponentCall<MetricName>[],
): TargetMetrics {
  const sets = Array.from({ length: channels }, () => new MetricSet(classMetrics(calls), 2));
  return {
    addRows: (predicted, truth) => {
      const { height, width } = predicted;
      for (const [c, set] of sets.entries()) {
        const own = { height, width, channels: 1, data: channelOf(predicted, c) };
        set.addRows(own, { height, width, data: maskOfPlane(truth[c]!) });
      }
    },
    endImage: () => sets.forEach((set) => set.endImage()),
    dropImage: () => sets.forEach((set) => set.dropImage()),
    values: () => {
      const values = sets.map((set) => set.valuesOfSet());
      const labels = [...values[0]!.keys()];
      return new Map(
        labels.map((label) => {
          const classes = values.map((own) => own.get(label)!.mean);
          const known = classes.filter((value) => value !== undefined);
          const sum = known.reduce((all, value) => all + value, 0);
          return [label, { classes, mean: known.length === 0 ? undefined : sum / known.length }];
        }),
      );
    },
  };
}

function channelOf({ data, channels }: Pixels, channel: number): Float32Array {
  const own = new Float32Array(data.length / channels);
  for (let i = 0; i < own.length; i++) own[i] = data[i * channels + channel]!;
  return own;
}
