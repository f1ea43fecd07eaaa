import type { Span } from '../../diagnostics/source.js';
import { holdsWeights } from '../../ir/operations/weights.js';
import type { CallStep, ModuleBody, OperationStep, TensorSource } from './module.js';
import type { Slot } from './stage-parameters.js';

/** Several steps of one name, of which some hold weights: a module of their own. */
export interface StageStep {
  readonly kind: 'stage';
  readonly inputs: readonly TensorSource[];
  readonly path: string;
  readonly suffix: string;
  readonly nodes: readonly number[];
  readonly stage: Stage;
}

/** The call of a block, as it stands in the spec. */
export interface OpenCall extends CallStep {
  readonly at: Span;
  /** Whether it calls a shared instance. */
  readonly isShared: boolean;
}

/** A step before it is known which stages are alike. */
export type OpenStep = OperationStep | OpenCall | StageStep;

export interface OpenBody {
  readonly inputs: ModuleBody['inputs'];
  readonly steps: readonly OpenStep[];
  readonly outputs: readonly TensorSource[];
}

/** What a stage does. */
export interface Stage {
  readonly name: string;
  /** Equal for stages that one class serves. */
  readonly key: string;
  readonly body: OpenBody;
  /** What stages of one class may differ in, those of stages inside too. */
  readonly slots: readonly Slot[];
  readonly isOfModel: boolean;
}

/** The first name of a path. */
export const headOf = (path: string): string => path.slice(0, endOfHead(path));

function endOfHead(path: string): number {
  const at = path.indexOf('/');
  return at < 0 ? path.length : at;
}

/** Whether a step has a module. */
export const isHeld = (step: OpenStep): boolean =>
  step.kind !== 'operation' || holdsWeights(step.operation.node.op);

/** What a step is called inside of the stage. */
export function below(step: OpenStep, stage: string): Pick<OpenStep, 'path' | 'suffix'> {
  if (headOf(step.path) !== stage) return { path: step.path, suffix: `/${step.path}` };
  const path = step.path.slice(stage.length + 1);
  return { path, suffix: path === '' ? '' : `/${path}` };
}
