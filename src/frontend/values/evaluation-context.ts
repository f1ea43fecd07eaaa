import type { Reporter } from '../../diagnostics/report.js';
import { Environment, type Value } from './value.js';
import type { Work } from './work.js';
import type { NodeId } from '../../ir/graph.js';

/** What evaluation needs to know about the world around an expression. */
export interface EvaluationContext {
  readonly environment: Environment;
  /** The collector of the stage that evaluates. */
  readonly reporter: Reporter;
  /** One for a whole compilation. */
  readonly work: Work;
  /** Channels of a tensor, for `in.channels`. */
  channelsOf(node: NodeId): Extract<Value, { kind: 'number' }>;
}

/** The world of expressions that name no tensors, as those of a recipe; it begins without names. */
export const withoutTensors = (reporter: Reporter, work: Work): EvaluationContext => ({
  environment: new Environment(),
  reporter,
  work,
  channelsOf: () => ({ kind: 'number', value: 0 }),
});

/** Whether the stage has reported no error so far, and every value could be calculated. */
export const isSound = ({
  reporter,
  work,
}: Pick<EvaluationContext, 'reporter' | 'work'>): boolean => !reporter.hasErrors && !work.isTooMuch;
