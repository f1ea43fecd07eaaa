import type { FoundStages, StageSteps } from './find-stages.js';
import { textOfSource, type TensorSource } from './module.js';
import type { OpenBody, OpenStep, StageStep } from './open-body.js';

/**
 * The body with one step in place of those of each stage, where the last of them stands; what
 * reads it comes after. What `steps` read are tensors of the body as it is given.
 */
export function withStages(
  body: OpenBody,
  { stages, owners }: FoundStages,
  steps: ReadonlyMap<StageSteps, StageStep>,
): OpenBody {
  const places = new Map<OpenStep, number>();
  const items = body.steps.flatMap((step, index): readonly OpenStep[] => {
    const stage = owners.get(index);
    if (stage === undefined) return [step];
    return index === stage.indices.at(-1) ? [steps.get(stage)!] : [];
  });
  const maker = (index: number): OpenStep => {
    const stage = owners.get(index);
    return stage === undefined ? body.steps[index]! : steps.get(stage)!;
  };
  const placed = inOrder(items, ({ inputs }) =>
    inputs.flatMap((source) => (source.from === 'step' ? [maker(source.index)] : [])),
  );
  for (const [place, step] of placed.entries()) places.set(step, place);
  const outputs = new Map(
    stages.flatMap(({ given }) =>
      given.map((tensor, output) => [textOfSource(tensor), output] as const),
    ),
  );
  const move = (source: TensorSource): TensorSource => {
    if (source.from === 'input') return source;
    const output = outputs.get(textOfSource(source)) ?? source.output;
    return { from: 'step', index: places.get(maker(source.index))!, output };
  };
  return {
    inputs: body.inputs,
    steps: placed.map((step) => ({ ...step, inputs: step.inputs.map(move) })),
    outputs: body.outputs.map(move),
  };
}

/** Steps in their order, but each after all that it reads: one that waited comes before all that follow. */
function inOrder(
  steps: readonly OpenStep[],
  readsOf: (step: OpenStep) => readonly OpenStep[],
): readonly OpenStep[] {
  const placed = new Set<OpenStep>();
  /** Those that wait for a step, and how many each waits for. */
  const waiting = new Map<OpenStep, OpenStep[]>();
  const missing = new Map<OpenStep, number>();
  const free = (step: OpenStep): void => {
    // A set is walked up to its end, also where that grows.
    const freed = new Set([step]);
    for (const next of freed) {
      placed.add(next);
      for (const reader of waiting.get(next) ?? []) {
        const left = missing.get(reader)! - 1;
        missing.set(reader, left);
        if (left === 0) freed.add(reader);
      }
    }
  };
  for (const step of steps) {
    const absent = new Set(readsOf(step).filter((read) => !placed.has(read)));
    missing.set(step, absent.size);
    for (const read of absent) {
      const readers = waiting.get(read);
      if (readers === undefined) waiting.set(read, [step]);
      else readers.push(step);
    }
    if (absent.size === 0) free(step);
  }
  const stuck = steps.find((step) => !placed.has(step));
  if (stuck !== undefined) throw new Error(`'${stuck.path}' reads what is made of it`);
  return [...placed];
}
