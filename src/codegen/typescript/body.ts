import type { NodeId, Scope } from '../../ir/graph.js';
import type { Section } from '../../parser/ast.js';
import type { CallValues, CodeValue } from './expressions.js';
import type { LayerForm } from './layer-forms.js';

/** A tensor inside one body: one that comes in, or one that a step makes. */
export type TensorReference =
  | { readonly from: 'input'; readonly index: number }
  | { readonly from: 'step'; readonly index: number };

interface StepBase {
  readonly inputs: readonly TensorReference[];
  /** What follows the name of the call in the name of what the step makes: `/conv1`, or nothing. */
  readonly suffix: string;
  readonly node: NodeId;
}

/** One line of a body: a layer, or the call of another block. */
export type Step =
  | (StepBase & { readonly kind: 'layer'; readonly form: LayerForm })
  | (StepBase & {
      readonly kind: 'call';
      readonly block: BlockFunction;
      readonly args: ReadonlyMap<string, CallArgument>;
      readonly scope: Scope;
    });

/** An argument: a value, or what the parameter's default says. */
export type CallArgument = CodeValue | { readonly kind: 'default' };

/** What one call of a block, or a model, does with its tensors. */
export interface Body {
  readonly inputs: readonly { readonly node: NodeId; readonly name: string }[];
  readonly steps: readonly Step[];
  /** Undefined for a model, which returns its heads. */
  readonly output: TensorReference | undefined;
}

/** One call of a block. */
export interface BlockCall {
  readonly scope: Scope;
  readonly values: CallValues;
  readonly body: Body;
}

/** Calls of one block that do the same: one function of the emitted module. */
export interface BlockFunction {
  readonly id: number;
  readonly section: Section;
  /** Of its first call; those of the others are equal but for ids and some numbers. */
  readonly body: Body;
  readonly calls: BlockCall[];
}
