import type { Body, Step } from './body.js';

/** What is looked at of a step. */
type NamedStep = Pick<Step, 'inputs' | 'suffix' | 'others' | 'firstName'>;

/** A body of a program, or what a target made of one. */
export interface NamedSteps<S extends NamedStep> {
  readonly steps: readonly S[];
  readonly outputs: Body['outputs'];
}

/** What becomes of the tensor of each step. */
export type TensorRole =
  /** The body's result, made by its last line. */
  | { readonly kind: 'result' }
  /** The running tensor: the next line alone reads it, and has no other nameless one. */
  | { readonly kind: 'running' }
  /** A variable of its own; `wanted` is in the spec's spelling. */
  | { readonly kind: 'named'; readonly wanted: string }
  /** Several tensors of one step, each a variable of its own. */
  | { readonly kind: 'several'; readonly wanted: readonly string[] };

/**
 * Gives the tensors of a body their roles. One with a name in the spec has that name; one
 * that only the next line reads is the running tensor; others are called by what made them.
 */
export function roleTensors<S extends NamedStep>(
  body: NamedSteps<S>,
  specName: (step: S) => string | undefined,
): readonly TensorRole[] {
  const running = findRunning(body, specName);
  const { steps } = body;
  return steps.map((step, index) => {
    if (running.has(index)) return { kind: 'running' };
    if (step.others.length > 0) {
      return { kind: 'several', wanted: [step.firstName, ...step.others.map(({ name }) => name)] };
    }
    if (index === steps.length - 1 && isResult(body, index)) return { kind: 'result' };
    return { kind: 'named', wanted: specName(step) ?? plainName(step.suffix) };
  });
}

/** Steps without a name whose tensor the next line alone reads, as its only nameless one. */
function findRunning<S extends NamedStep>(
  body: NamedSteps<S>,
  specName: (step: S) => string | undefined,
): ReadonlySet<number> {
  const { steps, outputs } = body;
  const readers = steps.map((): number[] => []);
  for (const [index, step] of steps.entries()) {
    for (const input of step.inputs) if (input.from === 'step') readers[input.index]!.push(index);
  }
  const isNameless = (index: number): boolean =>
    specName(steps[index]!) === undefined && steps[index]!.others.length === 0;
  const result = new Set<number>();
  for (const index of steps.keys()) {
    const next = steps[index + 1];
    if (next === undefined || !isNameless(index)) continue;
    if (outputs.some((output) => output.from === 'step' && output.index === index)) continue;
    const nameless = new Set(
      next.inputs.flatMap((input) =>
        input.from === 'step' && isNameless(input.index) ? [input.index] : [],
      ),
    );
    const isNextOnly =
      readers[index]!.length > 0 && readers[index]!.every((at) => at === index + 1);
    if (isNextOnly && nameless.size === 1) result.add(index);
  }
  return result;
}

/** Whether a step makes all that a body returns. */
const isResult = (
  { outputs: [output, ...others] }: Pick<Body, 'outputs'>,
  index: number,
): boolean => others.length === 0 && output?.from === 'step' && output.index === index;

/** `/h/conv1` -> `/h/conv`, `/conv2` stays: what made a tensor, and its number where it is a second one. */
const plainName = (suffix: string): string => suffix.replace(/(?<=[a-z])1$/, '') || 'result';
