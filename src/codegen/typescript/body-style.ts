import type { NodeId } from '../../ir/graph.js';
import type { Condition, Step, TensorReference } from '../program/body.js';
import type { Names } from '../program/names.js';
import type { FormulaNames } from './expressions.js';

/** How the parts of a body are written; the body itself only lines them up. */
export interface BodyStyle {
  /** Names of the body's own scope; what is outside is taken already. */
  readonly names: Names;
  /** The variables of the tensors that come in. */
  readonly inputs: readonly string[];
  /** The call that makes a step's tensor; `flag` is what it says to the flag of its function. */
  readonly call: (step: Step, inputs: readonly string[], flag?: string) => string;
  /** Writes the numbers of rounds; without, all of them are written out. */
  readonly formulas?: FormulaNames;
  /** The name that the spec gives to a step's tensor. */
  readonly specName: (step: Step) => string | undefined;
  /** What stands behind the line. */
  readonly remark: (step: Step) => string;
  /** The question of a choice, where calls of a function differ in their steps. */
  readonly question?: (condition: Condition) => string;
  /** The shape of a tensor, for steps that make several. */
  readonly shapeOf?: (node: NodeId) => string;
  /** Lines of one group stand together. */
  readonly group?: (step: Step) => string;
}

/** How tensors are written. */
export type TextOf = (reference: TensorReference) => string;
