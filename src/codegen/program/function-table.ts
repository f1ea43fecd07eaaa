import { blockKey } from '../../ir/block.js';
import type {
  BlockCall,
  BlockFunction,
  Body,
  CallArgument,
  Operation,
  Step,
  TensorReference,
} from './body.js';
import { attributesOf } from './operation.js';
import { sharedNumber } from './share-literals.js';
import type { Target } from './target.js';

/**
 * Attributes that follow from kernels and strides, which may be parameters. What a target
 * writes for them tells whether calls share a function: one may have a word for them all.
 */
const paddingAttributes: ReadonlySet<string> = new Set(['padding', 'edges', 'outputPadding']);

/** Gathers calls of blocks into functions: those that do the same share one. */
export class FunctionTable {
  readonly #functions = new Map<string, BlockFunction>();

  constructor(readonly target: Target) {}

  /** All functions so far; a function comes after those it calls. */
  get functions(): readonly BlockFunction[] {
    return [...this.#functions.values()];
  }

  /** The function of a call, found by what its body does. */
  functionOf(call: BlockCall): BlockFunction {
    const { scope, body, isMaker } = call;
    const block = scope.block!;
    const key = `${blockKey(block)} ${isMaker} ${this.#canonicalText(body)}`;
    let found = this.#functions.get(key);
    if (found === undefined) {
      found = { id: this.#functions.size, block, body, calls: [], isMaker };
      this.#functions.set(key, found);
    }
    found.calls.push(call);
    return found;
  }

  /** Equal for two bodies exactly when one function serves both. */
  #canonicalText({ inputs, steps, outputs }: Body): string {
    const lines = steps.map(
      (step) => `${stepText(step, this.target)} ${step.inputs.map(referenceText).join()}`,
    );
    const names = inputs.map(({ name }) => name);
    return [names.join(), ...lines, outputs.map(referenceText).join()].join('\n');
  }
}

/** Equal for two steps that do the same with what they read, but for numbers. */
export function stepText(step: Step, target: Target): string {
  const made =
    step.kind === 'operation'
      ? operationText(step.operation, target)
      : callText(step.block, step.args);
  const instance = step.kind === 'call' && step.instance ? ` of ${step.instance.suffix}` : '';
  return `${made} ${step.suffix}${instance}`;
}

/** An operation with a blank for every number that calls may differ in. */
function operationText(operation: Operation, target: Target): string {
  let text = target.keyOf(operation);
  for (const [attribute, value] of attributesOf(operation.node.op)) {
    if (paddingAttributes.has(attribute)) continue;
    const isShared = sharedNumber(operation, attribute) !== undefined;
    text += ` ${attribute}=`;
    text += isShared ? '_' : textOf(operation.formulas[attribute] ?? value);
  }
  return text;
}

function callText(block: BlockFunction, args: ReadonlyMap<string, CallArgument>): string {
  const texts = [...args].map(([name, value]) => {
    const isNumber = value !== 'default' && value.kind === 'number';
    return `${name}=${isNumber ? '_' : textOf(value)}`;
  });
  return `${block.id}(${texts.join()})`;
}

const referenceText = (reference: TensorReference): string =>
  reference.from === 'input'
    ? `i${reference.index}`
    : `s${reference.index}.${reference.output ?? 0}`;

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);
