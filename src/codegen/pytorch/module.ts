import type { Formula } from '../../ir/formula.js';
import type { NodeId } from '../../ir/graph.js';
import type { Operation } from '../program/body.js';

/** A tensor inside one module; `output` tells several of one step apart, 0 where there is one. */
export type TensorSource =
  | { readonly from: 'input'; readonly index: number }
  | { readonly from: 'step'; readonly index: number; readonly output: number };

interface StepBase {
  readonly inputs: readonly TensorSource[];
  /** Where its weights are below the module: `double_conv1`, `h/conv1`; empty for the module itself. */
  readonly path: string;
  /** As the program has it: `/conv1` inside a block, `e1/conv1` in a model. */
  readonly suffix: string;
  /** The nodes whose tensors the step makes. */
  readonly nodes: readonly NodeId[];
}

export interface OperationStep extends StepBase {
  readonly kind: 'operation';
  readonly operation: Operation;
}

export interface CallStep extends StepBase {
  readonly kind: 'call';
  readonly callee: ModuleClass;
  /** Values of its parameters over those of the caller; the others have their defaults. */
  readonly args: ReadonlyMap<string, Formula>;
}

/** One line of `forward`: an operation, or a module inside. */
export type ModuleStep = OperationStep | CallStep;

/** What `forward` does. */
export interface ModuleBody {
  /** `name` is empty for what simply flows in. */
  readonly inputs: readonly { readonly node: NodeId; readonly name: string }[];
  readonly steps: readonly ModuleStep[];
  readonly outputs: readonly TensorSource[];
}

/** A parameter of a constructor. */
export interface ModuleParameter {
  readonly name: string;
  /** Over the parameters before it. */
  readonly default: Formula | undefined;
}

/** One class of the emitted file: a block of the spec, or a stage of a tensor that several steps with weights make. */
export interface ModuleClass {
  /** In the spec's spelling. */
  readonly name: string;
  /** The block that it is of: tensors that the compiler numbers are called by it. */
  readonly word: string;
  /** Paragraphs; those of a class that is like another one name it. */
  readonly doc: readonly (string | { readonly like: ModuleClass; readonly remark: string })[];
  readonly body: ModuleBody;
  /** Beside the channels of its inputs. */
  readonly parameters: readonly ModuleParameter[];
  /** Where tensors of a model are made once: their sizes are known. */
  readonly isOfModel: boolean;
}

/**
 * What stands for the channels of an input in the formulas of a module: no parameter of a
 * spec is called so.
 */
export const channelsOfInput = (index: number): Formula & { readonly kind: 'parameter' } => ({
  kind: 'parameter',
  name: `#${index}`,
});

/** The same for two sources of one tensor. */
export const textOfSource = (source: TensorSource): string =>
  source.from === 'input' ? `#${source.index}` : `${source.index}.${source.output}`;

/** Whether a body is one step that takes what comes in, in that order. */
export function passesInputsOn({ inputs, steps }: ModuleBody): boolean {
  const [step] = steps;
  return (
    steps.length === 1 &&
    step!.inputs.length === inputs.length &&
    step!.inputs.every(({ from, index }, at) => from === 'input' && index === at)
  );
}
