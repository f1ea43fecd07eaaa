import type { BlockDescription } from '../../ir/block.js';
import type { Formula, FormulaValues } from '../../ir/formula.js';
import type { GraphNode, NodeId, Scope } from '../../ir/graph.js';

/** A tensor inside one body: one that comes in, or one that a step makes. */
export type TensorReference =
  | { readonly from: 'input'; readonly index: number }
  /** `output` counts the tensors of a step that makes several. */
  | { readonly from: 'step'; readonly index: number; readonly output?: number };

/** An operation of the graph as one call of its block wrote it. */
export interface Operation {
  /** The operation with its attributes as values; of calls that share a function, the first's. */
  readonly node: GraphNode;
  /** The spec's word for it. */
  readonly word: string;
  /** Attributes that are formulas over what the function takes: of a pair, every component is. */
  readonly formulas: Readonly<Record<string, Formula>>;
}

/** When a function takes a step that other calls of its block go without. */
export type Condition =
  /** The parameter is, or is not, this number. */
  | {
      readonly by: 'parameter';
      readonly name: string;
      readonly value: number;
      readonly is: boolean;
    }
  /** The tensor that may be left out was given, or was not. */
  | { readonly by: 'input'; readonly index: number; readonly is: boolean }
  /** The call says so, or the opposite. */
  | { readonly by: 'flag'; readonly is: boolean };

/** A name in the words of the call that it is in. */
export type NameWithin = Pick<StepBase, 'suffix' | 'isWhole'>;

interface StepBase {
  readonly inputs: readonly TensorReference[];
  /** Undefined for a step that every call takes. */
  readonly when?: Condition;
  /** What stands for the tensor of the step, the last of its condition, in calls that go without. */
  readonly otherwise?: TensorReference;
  /** What follows the name of the call in the name of what the step makes: `/conv1`, or nothing. */
  readonly suffix: string;
  /** Whether that is a whole name: of a tensor that is called by its own name wherever it is made. */
  readonly isWhole: boolean;
  /** The node whose tensor the step makes. */
  readonly node: NodeId;
  /** Further tensors that it makes: none for operations and calls of blocks. */
  readonly others: readonly { readonly node: NodeId; readonly name: string }[];
  /** What the first is called among several. */
  readonly firstName: string;
}

/** One line of a body: an operation, or the call of another function. */
export type Step =
  | (StepBase & { readonly kind: 'operation'; readonly operation: Operation })
  | (StepBase & {
      readonly kind: 'call';
      readonly block: BlockFunction;
      readonly args: ReadonlyMap<string, CallArgument>;
      readonly scope: Scope;
      /** Of a call of a shared instance: what that is called, as `suffix` says it. Calls of one share its weights. */
      readonly instance?: NameWithin;
      /** What it says to the flag of the function, if that has one. */
      readonly isFlagged?: boolean;
    });

/** An argument: a formula over what the caller takes, or what the parameter's default says. */
export type CallArgument = Formula | 'default';

export interface BodyInput {
  readonly node: NodeId;
  readonly name: string;
  /** Whether calls may go without; only the last may be so. */
  readonly isOptional?: boolean;
}

/** What one call of a block, or a model, does with its tensors. */
export interface Body {
  readonly inputs: readonly BodyInput[];
  readonly steps: readonly Step[];
  /** What it returns; nothing for a model, which returns its heads. */
  readonly outputs: readonly TensorReference[];
}

/** One call of a block. */
export interface BlockCall {
  readonly scope: Scope;
  readonly values: FormulaValues;
  readonly body: Body;
  /** All its arguments that are numbers. */
  readonly args: ReadonlyMap<string, CallArgument>;
  /** Parameters of its model that a caller of the model may choose. */
  readonly open: OpenParameters;
  /** Whether it makes layers that other calls use again (`Target.makesLayersFirst`). */
  readonly isMaker: boolean;
}

/** The names of a model's parameters of which only numbers in the network follow, by formulas. */
export type OpenParameters = ReadonlySet<string>;

/** Calls of one block that do the same: one function of the emitted program. */
export interface BlockFunction {
  readonly id: number;
  readonly block: BlockDescription;
  /** Of its first call; those of the others are equal but for ids and some numbers. */
  readonly body: Body;
  readonly calls: BlockCall[];
  /** Whether its calls make layers, to be sent through later. */
  readonly isMaker: boolean;
  /** What a call is asked beside its numbers: the step that it takes or not. */
  readonly flag?: string;
}
