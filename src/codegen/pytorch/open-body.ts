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

/** A step before it is known which stages are alike. */
export type OpenStep = OperationStep | CallStep | StageStep;

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
export const headOf = (path: string): string => path.split('/')[0]!;

/** Whether a step has a module. */
export const isHeld = (step: OpenStep): boolean =>
  step.kind !== 'operation' || holdsWeights(step.operation.node.op);

/** What a step is called inside of the stage. */
export function below(step: OpenStep, stage: string): Pick<OpenStep, 'path' | 'suffix'> {
  if (headOf(step.path) !== stage) return { path: step.path, suffix: `/${step.path}` };
  const path = step.path.slice(stage.length + 1);
  return { path, suffix: path === '' ? '' : `/${path}` };
}

/**
 * Steps with those that read some of them and are read by others: a tap of an encoder has a
 * name of its own. Undefined where weights would come to hang below another name.
 */
export function withBetween(
  { steps }: OpenBody,
  inside: readonly number[],
): readonly number[] | undefined {
  const after = new Set(inside);
  for (const [index, { inputs }] of steps.entries()) {
    if (inputs.some((source) => source.from === 'step' && after.has(source.index))) {
      after.add(index);
    }
  }
  const before = new Set(inside);
  for (const [index, { inputs }] of [...steps.entries()].reverse()) {
    if (!before.has(index)) continue;
    for (const source of inputs) if (source.from === 'step') before.add(source.index);
  }
  const all = [...steps.keys()].filter((index) => after.has(index) && before.has(index));
  const isForeign = (index: number): boolean => !inside.includes(index) && isHeld(steps[index]!);
  return all.some(isForeign) ? undefined : all;
}

/** The body with one step in place of those inside, where the last of them stands; what reads it comes after. */
export function withStage(
  { inputs, steps, outputs }: OpenBody,
  inside: readonly number[],
  stage: StageStep,
  given: readonly number[],
): OpenBody {
  const last = inside.at(-1)!;
  const items = steps.flatMap((step, index) =>
    index === last
      ? [{ step: stage as OpenStep, index }]
      : inside.includes(index)
        ? []
        : [{ step, index }],
  );
  const needs = ({ step }: (typeof items)[number]): readonly number[] =>
    step.inputs.flatMap((source) =>
      source.from === 'step' ? [inside.includes(source.index) ? last : source.index] : [],
    );
  const placed: typeof items = [];
  const waiting = [...items];
  while (waiting.length > 0) {
    const done = new Set(placed.map(({ index }) => index));
    const at = waiting.findIndex((item) => needs(item).every((index) => done.has(index)));
    if (at < 0) throw new Error(`the steps of '${stage.path}' read what is made of them`);
    placed.push(...waiting.splice(at, 1));
  }
  const move = (source: TensorSource): TensorSource => {
    if (source.from === 'input') return source;
    const isInside = inside.includes(source.index);
    const index = placed.findIndex((item) => item.index === (isInside ? last : source.index));
    return { from: 'step', index, output: isInside ? given.indexOf(source.index) : source.output };
  };
  return {
    inputs,
    steps: placed.map(({ step }) => ({ ...step, inputs: step.inputs.map(move) })),
    outputs: outputs.map(move),
  };
}
