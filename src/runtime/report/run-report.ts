import type { ModelSummary } from '../../ir/reports/summary.js';
import type { SplitSummary } from '../data/summary.js';
import type { BestEpoch } from '../runs/checkpoint.js';
import type { StoredEvaluation } from '../runs/evaluation-file.js';
import type { Setting } from './gather/describe-recipe.js';
import type { Curves } from './gather/read-curves.js';

/** The network of a run, for people. */
export interface NetworkFacts {
  /** The drawing as SVG, for light and dark pages. */
  readonly picture: string;
  readonly summary: ModelSummary;
}

/** All that a report shows of one run. */
export interface RunReport {
  /** The name of its folder. */
  readonly name: string;
  readonly model: string;
  /** The text of the spec, as it was trained. */
  readonly spec: string;
  readonly progress: {
    /** Whole epochs done. */
    readonly epochs: number;
    /** Epochs that were asked for. */
    readonly planned: number;
    readonly steps: number;
  };
  readonly best: BestEpoch | undefined;
  readonly classes: readonly string[];
  readonly curves: Curves;
  /** What decides the weights: parameters, recipe, data. */
  readonly settings: readonly Setting[];
  /** What trained it, and where. */
  readonly environment: readonly Setting[];
  /** Undefined where the spec does not compile any more. */
  readonly network: NetworkFacts | undefined;
  /** What the data held; empty where an older version has trained it. */
  readonly data: readonly SplitSummary[];
  /** Of the best weights; undefined where they were not evaluated. */
  readonly evaluation: StoredEvaluation | undefined;
}
