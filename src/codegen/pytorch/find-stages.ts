import type { Span } from '../../diagnostics/source.js';
import { textOfSource, type TensorSource } from './module.js';
import { headOf, isHeld, type OpenBody, type OpenStep } from './open-body.js';

/** A tensor that a step makes. */
export type StepTensor = Extract<TensorSource, { readonly from: 'step' }>;

/** Steps of a body that are one stage. */
export interface StageSteps {
  readonly name: string;
  /** Where they stand in the body, in order. */
  readonly indices: readonly number[];
  /** Those of their tensors that others read. */
  readonly given: readonly StepTensor[];
}

/** A stage of which some steps come before a module that is not its own, and some behind it. */
export interface TornStage {
  readonly stage: string;
  /** The path of that module. */
  readonly other: string;
  /** Whether it is a shared instance, which has one place for all of its calls. */
  readonly isShared: boolean;
  readonly at: Span;
}

export interface FoundStages {
  /** In the order in which their names first occur. */
  readonly stages: readonly StageSteps[];
  /** The stage that a step is in, by its place in the body. */
  readonly owners: ReadonlyMap<number, StageSteps>;
  /** A module cannot call one that is not its own: with such a stage there are no modules. */
  readonly torn: readonly TornStage[];
}

/** The stages of a body: no step is in two of them, and most are in none. */
export function findStages(body: OpenBody): FoundStages {
  const { steps } = body;
  const named = new Map<string, number[]>();
  for (const [index, { path }] of steps.entries()) {
    const name = headOf(path);
    const known = named.get(name);
    if (known === undefined) named.set(name, [index]);
    else known.push(index);
  }
  const names = new Map<number, string>();
  const torn: TornStage[] = [];
  const parts: (readonly [name: string, indices: readonly number[]])[] = [];
  for (const [name, indices] of named) {
    const held = indices.filter((index) => isHeld(steps[index]!));
    if (name === '' || !held.some((index) => steps[index]!.path.includes('/'))) continue;
    const own = indices.filter((index) => index >= held[0]! && !names.has(index));
    const isForeign = (index: number): boolean =>
      headOf(steps[index]!.path) !== name && (names.has(index) || isHeld(steps[index]!));
    const whole = withBetween(body, own);
    // What holds no weights behind the last that does need not be inside, where something else lies between.
    const between = whole.some(isForeign)
      ? withBetween(
          body,
          own.filter((index) => index <= held.at(-1)!),
        )
      : whole;
    const inside = between.filter((index) => !isForeign(index));
    torn.push(...between.filter(isForeign).map((index) => tornBy(name, steps[index]!)));
    for (const index of inside) names.set(index, name);
    parts.push([name, inside]);
  }
  const read = readElsewhere(body, names);
  const stages = parts.map(([name, indices]): StageSteps => {
    const given = indices.flatMap((index) =>
      steps[index]!.nodes.flatMap((_, output): readonly StepTensor[] => {
        const tensor = { from: 'step', index, output } as const;
        return read.has(textOfSource(tensor)) ? [tensor] : [];
      }),
    );
    return { name, indices, given };
  });
  const owners = new Map(
    stages.flatMap((stage) => stage.indices.map((index) => [index, stage] as const)),
  );
  return { stages, owners, torn };
}

/** The tensors that are read by a step of another name than that of their own, or given by the body. */
function readElsewhere(
  { steps, outputs }: OpenBody,
  names: ReadonlyMap<number, string>,
): ReadonlySet<string> {
  const inner = steps.flatMap(({ inputs }, index) =>
    inputs.filter(
      (source) => source.from === 'step' && names.get(source.index) !== names.get(index),
    ),
  );
  return new Set([...outputs, ...inner].map(textOfSource));
}

/**
 * Steps with those that read some of them and are read by others: a tap of an encoder has a
 * name of its own.
 */
function withBetween({ steps }: OpenBody, inside: readonly number[]): readonly number[] {
  // Steps follow what they read, so what lies between lies there in the list, too.
  const [first, last] = [inside[0]!, inside.at(-1)!];
  const after = new Set(inside);
  for (let index = first; index <= last; index++) {
    const { inputs } = steps[index]!;
    if (inputs.some((source) => source.from === 'step' && after.has(source.index))) {
      after.add(index);
    }
  }
  const before = new Set(inside);
  for (let index = last; index >= first; index--) {
    if (!before.has(index)) continue;
    const { inputs } = steps[index]!;
    for (const source of inputs) if (source.from === 'step') before.add(source.index);
  }
  return [...after].filter((index) => before.has(index)).sort((one, other) => one - other);
}

/** A stage with a step that holds weights of another name, or is in another stage. */
function tornBy(stage: string, step: OpenStep): TornStage {
  const isShared = step.kind === 'call' && step.isShared;
  return { stage, other: step.path, isShared, at: placeOf(step) };
}

function placeOf(step: OpenStep): Span {
  switch (step.kind) {
    case 'operation':
      return step.operation.node.origin;
    case 'call':
      return step.at;
    case 'stage':
      return placeOf(step.stage.body.steps[0]!);
  }
}
