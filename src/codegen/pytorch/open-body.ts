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
export const headOf = (path: string): string => path.slice(0, endOfHead(path));

function endOfHead(path: string): number {
  const at = path.indexOf('/');
  return at < 0 ? path.length : at;
}

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
 * name of its own. What lies between holds no weights, which would come to hang below another
 * name: only the last tensor of a line has a name by which other lines can read it.
 */
export function withBetween({ steps }: OpenBody, inside: readonly number[]): readonly number[] {
  const own = new Set(inside);
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
  const all = [...after].filter((index) => before.has(index)).sort((one, other) => one - other);
  const isForeign = (index: number): boolean => !own.has(index) && isHeld(steps[index]!);
  const foreign = all.find(isForeign);
  if (foreign !== undefined) {
    throw new Error(`'${steps[foreign]!.path}' stands inside '${headOf(steps[first]!.path)}'`);
  }
  return all;
}

/** A step, and its place in the body that it is taken from. */
interface Item {
  readonly step: OpenStep;
  readonly index: number;
}

/** The body with one step in place of those inside, where the last of them stands; what reads it comes after. */
export function withStage(
  { inputs, steps, outputs }: OpenBody,
  inside: readonly number[],
  stage: StageStep,
  given: readonly number[],
): OpenBody {
  const last = inside.at(-1)!;
  const own = new Set(inside);
  const placed: OpenStep[] = [];
  /** Where a step stands now; those inside are where the stage is. */
  const places = new Map<number, number>();
  const placeOf = (index: number): number | undefined => places.get(own.has(index) ? last : index);
  const isReady = ({ step }: Item): boolean =>
    step.inputs.every((source) => source.from === 'input' || placeOf(source.index) !== undefined);
  const blocked: Item[] = [];
  const place = ({ step, index }: Item): void => {
    places.set(index, placed.push(step) - 1);
  };
  for (const [index, step] of steps.entries()) {
    if (own.has(index) && index !== last) continue;
    const item = { step: index === last ? stage : step, index };
    if (!isReady(item)) {
      blocked.push(item);
      continue;
    }
    place(item);
    // Those that waited come before all that follow.
    for (let at = blocked.findIndex(isReady); at >= 0; at = blocked.findIndex(isReady)) {
      place(blocked.splice(at, 1)[0]!);
    }
  }
  if (blocked.length > 0) throw new Error(`the steps of '${stage.path}' read what is made of them`);
  const move = (source: TensorSource): TensorSource => {
    if (source.from === 'input') return source;
    const output = own.has(source.index) ? given.indexOf(source.index) : source.output;
    return { from: 'step', index: placeOf(source.index)!, output };
  };
  return {
    inputs,
    steps: placed.map((step) => ({ ...step, inputs: step.inputs.map(move) })),
    outputs: outputs.map(move),
  };
}
