import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { SplitSummary } from '../data/summary.js';
import type { MetricValues } from '../metrics/metric-set.js';
import type { LoadSummary } from '../pretrained/load-weights.js';
import type { EvaluatedClasses } from '../prediction/check-found.js';
import type { BestEpoch, UnpredictedClass } from '../runs/checkpoint.js';
import type { PredictedLoss } from './epoch-losses.js';

/** What a training run tells whoever watches it. Counts start at 1. */
export type TrainingEvent =
  | {
      /** What the data set holds, before anything else happens. */
      readonly kind: 'data';
      readonly summaries: readonly SplitSummary[];
      /** The names of the classes, where the recipe gives them. */
      readonly classes: readonly string[] | undefined;
    }
  | { readonly kind: 'weights'; readonly summary: LoadSummary }
  /** What was found before the first step and does not stop the run. */
  | { readonly kind: 'warnings'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: 'start';
      readonly trainingImages: number;
      readonly validationImages: number;
      readonly epochs: number;
      /** Batches of an epoch. */
      readonly batches: number;
      /** Trainable values. */
      readonly parameters: number;
      /** What is done already when a run goes on. */
      readonly step: number;
      readonly isResumed: boolean;
    }
  | {
      readonly kind: 'step';
      readonly epoch: number;
      readonly epochs: number;
      readonly batch: number;
      readonly batches: number;
      /** What is minimised: the mean over the epoch so far. */
      readonly loss: number;
      /** The same of what is predicted, where there are several outputs. */
      readonly predicted: PredictedLoss | undefined;
      readonly imagesPerSecond: number;
      /** An estimate of what is left of the run, validations included. */
      readonly secondsLeft: number;
    }
  | {
      readonly kind: 'validation';
      readonly epoch: number;
      readonly epochs: number;
      readonly image: number;
      readonly images: number;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      /** What is minimised: the mean over the epoch. */
      readonly loss: number;
      /** The same of what is predicted, where there are several outputs. */
      readonly predicted: PredictedLoss | undefined;
      /** Of what is predicted. Undefined where it would have taken more memory than there is. */
      readonly validationLoss: number | undefined;
      readonly metrics: MetricValues;
      /** Of each head with a target of its own, by name. */
      readonly targets: ReadonlyMap<string, MetricValues>;
      readonly isBest: boolean;
      /** Classes that no validation pixel, or image, was predicted as. */
      readonly unpredicted: readonly UnpredictedClass[];
      /** What classes are called, and what is evaluated. */
      readonly evaluated: EvaluatedClasses;
      readonly imagesPerSecond: number;
      readonly seconds: number;
      readonly secondsLeft: number;
    }
  /** The best epoch so far was measured again, for the images or other conditions are no longer the same. */
  | {
      readonly kind: 'measured';
      /** The epoch. */
      readonly best: number;
      /** The metric that decides. */
      readonly metric: string;
      /** Undefined where there is nothing to measure. */
      readonly value: number | undefined;
      readonly before: number | undefined;
    }
  | { readonly kind: 'stopped'; readonly epoch: number; readonly step: number }
  /** Training ends early, after this epoch: none was better than the best for so many. */
  | {
      readonly kind: 'ended';
      readonly epoch: number;
      readonly epochs: number;
      /** The best epoch. */
      readonly best: number;
    };

/**
 * How a run ended: `not-begun` where it was stopped before anything was written,
 * `complete` where all epochs had been done before.
 */
export interface TrainingOutcome {
  readonly kind: 'finished' | 'complete' | 'stopped' | 'not-begun' | 'failed';
  readonly best: BestEpoch | undefined;
}
