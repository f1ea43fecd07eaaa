import type { Body, Step } from './body.js';

/** What becomes of the tensor of each step. */
export type TensorRole =
  /** The body's result, made by its last line. */
  | { readonly kind: 'result' }
  /** The running tensor: the next line alone reads it, and has no other nameless one. */
  | { readonly kind: 'running' }
  /** A variable of its own; `wanted` is in the spec's spelling. */
  | { readonly kind: 'named'; readonly wanted: string };

/**
 * Gives the tensors of a body their roles. One with a name in the spec has that name; one
 * that only the next line reads is the running tensor; others are called by what made them.
 */
export function roleTensors(
  body: Body,
  specName: (step: Step) => string | undefined,
): readonly TensorRole[] {
  const running = findRunning(body, specName);
  const { output, steps } = body;
  return steps.map((step, index) => {
    if (running.has(index)) return { kind: 'running' };
    const isLast = index === steps.length - 1;
    if (output?.from === 'step' && output.index === index && isLast) return { kind: 'result' };
    return { kind: 'named', wanted: specName(step) ?? plainName(step.suffix) };
  });
}

/** Steps without a name whose tensor the next line alone reads, as its only nameless one. */
function findRunning(
  { steps, output }: Body,
  specName: (step: Step) => string | undefined,
): ReadonlySet<number> {
  const readers = steps.map((): number[] => []);
  for (const [index, step] of steps.entries()) {
    for (const input of step.inputs) if (input.from === 'step') readers[input.index]!.push(index);
  }
  const isNameless = (index: number): boolean => specName(steps[index]!) === undefined;
  const result = new Set<number>();
  for (const index of steps.keys()) {
    const next = steps[index + 1];
    if (next === undefined || !isNameless(index)) continue;
    if (output?.from === 'step' && output.index === index) continue;
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

/** `/h/conv1` -> `/h/conv`, `/conv2` stays: what made a tensor, and its number where it is a second one. */
const plainName = (suffix: string): string => suffix.replace(/(?<=[a-z])1$/, '') || 'result';
