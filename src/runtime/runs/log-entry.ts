import type { MetricValue, MetricValues } from '../metrics/metric-set.js';
import type { UnpredictedClass } from './checkpoint.js';

/** One line of a run's `log.jsonl`. Keys are never renamed; new ones may come. */
export type LogEntry =
  | {
      readonly kind: 'step';
      /** Counted from 1, as all counts here. */
      readonly epoch: number;
      /** Over the whole run. */
      readonly step: number;
      /** Of the batch. */
      readonly loss: number;
      readonly learningRate: number;
      readonly images: number;
      /** What the step took, waiting for data included. */
      readonly seconds: number;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly step: number;
      /** What is minimised, summed over heads: the mean over the epoch's batches. */
      readonly loss: number;
      /** The same for each output, unweighted, where there are several. */
      readonly losses?: Readonly<Record<string, number>>;
      readonly validation: LoggedValidation;
      /** Whether this is the best epoch so far. */
      readonly isBest: boolean;
      /** Of the training part, since the program was started or went on. */
      readonly imagesPerSecond: number;
      /** Of the epoch, validation included. */
      readonly seconds: number;
    }
  | { readonly kind: 'stopped'; readonly epoch: number; readonly step: number }
  /** Training ended before its last epoch: none was better than `best` for as long as the recipe's patience. */
  | {
      readonly kind: 'ended';
      readonly epoch: number;
      readonly step: number;
      readonly best: number;
    }
  /** The best epoch so far was measured under other conditions than before: the next ones are compared with this. */
  | {
      readonly kind: 'measured';
      readonly epoch: number;
      readonly step: number;
      /** The epoch that was measured. */
      readonly best: number;
      readonly validation: LoggedValidation;
    }
  /** The run went on under other conditions: from here it is no repetition of an unbroken one. */
  | {
      readonly kind: 'changed';
      readonly epoch: number;
      readonly step: number;
      /** In words. */
      readonly what: readonly string[];
    };

/** A validation as the log holds it. */
export interface LoggedValidation {
  /** The head that is predicted and that all of this is of, where there are several outputs. */
  readonly head?: string;
  /** Null where it is not a number, as a mean below. */
  readonly loss: number;
  /** The names of the classes, where the recipe gives them. */
  readonly classes?: readonly string[];
  /** Classes that no pixel was predicted as, with their part of the pixels; absent where there is none. */
  readonly unpredicted?: readonly UnpredictedClass[];
  /** By metric: the mean, and the values by class (null where there is nothing to measure). */
  readonly metrics: Readonly<
    Record<string, { readonly mean: number | null; readonly classes: readonly (number | null)[] }>
  >;
  /** The same of each head with a target of its own, by name; the values are by channel. */
  readonly targets?: Readonly<Record<string, LoggedValidation['metrics']>>;
}

/** Metric values as plain data. */
export function logMetrics(values: MetricValues): LoggedValidation['metrics'] {
  const plain = ({ mean, classes }: MetricValue): LoggedValidation['metrics'][string] => ({
    mean: mean ?? null,
    classes: classes.map((value) => value ?? null),
  });
  return Object.fromEntries([...values].map(([name, value]) => [name, plain(value)]));
}

/** Those of several heads by their names; nothing where there are none. */
export function logTargets(
  targets: ReadonlyMap<string, MetricValues>,
): Pick<LoggedValidation, 'targets'> {
  if (targets.size === 0) return {};
  const logged = [...targets].map(([head, values]) => [head, logMetrics(values)] as const);
  return { targets: Object.fromEntries(logged) };
}
