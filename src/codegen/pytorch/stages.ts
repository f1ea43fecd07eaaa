import type { Formula } from '../../ir/formula.js';
import { attributesOf } from '../program/operation.js';
import { withStages } from './contract.js';
import {
  findStages,
  type FoundStages,
  type StageSteps,
  type StepTensor,
  type TornStage,
} from './find-stages.js';
import {
  textOfSource,
  type ModuleBody,
  type ModuleClass,
  type ModuleStep,
  type OperationStep,
  type TensorSource,
} from './module.js';
import { below, type OpenBody, type OpenStep, type Stage, type StageStep } from './open-body.js';
import { nameOf, nameShared, nodeOf, sharedName } from './stage-names.js';
import { chooseParameters, type Slot } from './stage-parameters.js';

/** Stages of one class, and what the class is. */
interface StageGroup {
  readonly members: Stage[];
  made: MadeStage | undefined;
}

interface MadeStage {
  readonly module: { -readonly [K in keyof ModuleClass]: ModuleClass[K] };
  /** What a member gives for each parameter. */
  readonly argsOf: (slots: readonly Formula[]) => ReadonlyMap<string, Formula>;
}

/**
 * Finds the stages of bodies. Names of weights are paths: where several weights hang below
 * one name, `e5/double_conv1` and `e5` or `mask/conv1`, all steps of that name are one
 * module. Stages that do the same with other numbers of channels share a class.
 */
export class StageReader {
  /** Stages that no module can be. */
  readonly torn: TornStage[] = [];
  readonly #groups = new Map<string, StageGroup>();
  readonly #ids = new Map<ModuleClass, number>();
  readonly #pending: { readonly open: OpenBody; readonly body: Writable<ModuleBody> }[] = [];

  /** The classes of all stages, those inside others first; known after `finish`. */
  get classes(): readonly ModuleClass[] {
    return [...this.#groups.values()].flatMap(({ made }) => made?.module ?? []);
  }

  /** The body with its stages; its steps are known after `finish`. */
  read(open: OpenBody, { isOfModel }: { readonly isOfModel: boolean }): ModuleBody {
    const outlined = this.#outline(open, isOfModel);
    const body = { inputs: open.inputs, steps: [], outputs: outlined.outputs };
    this.#pending.push({ open: outlined, body });
    return body;
  }

  finish(): void {
    for (const { open, body } of this.#pending) {
      const slots = slotsOf(open).map(({ formula }) => formula);
      body.steps = this.#close(open, slots);
    }
  }

  #outline(body: OpenBody, isOfModel: boolean): OpenBody {
    const found = findStages(body);
    this.torn.push(...found.torn);
    // Then nothing is written of any.
    if (found.stages.length === 0 || found.torn.length > 0) return body;
    const steps = found.stages.map(
      (stage) => [stage, this.#read(body, stage, found, isOfModel)] as const,
    );
    return withStages(body, found, new Map(steps));
  }

  /** The stage as a step; what it reads are tensors of the body. */
  #read(
    body: OpenBody,
    { name, indices, given }: StageSteps,
    { owners }: FoundStages,
    isOfModel: boolean,
  ): StageStep {
    const steps = indices.map((index) => body.steps[index]!);
    const places = new Map(indices.map((index, at) => [index, at]));
    const move = (source: StepTensor): StepTensor => ({
      ...source,
      index: places.get(source.index)!,
    });
    const sources: TensorSource[] = [];
    const known = new Map<string, TensorSource>();
    const sourceInside = (source: TensorSource): TensorSource => {
      if (source.from === 'step' && places.has(source.index)) return move(source);
      const text = textOfSource(source);
      const input = known.get(text) ?? { from: 'input', index: sources.push(source) - 1 };
      known.set(text, input);
      return input;
    };
    const own = steps.map((step) => ({
      ...step,
      inputs: step.inputs.map(sourceInside),
      ...below(step, name),
    }));
    const inputs = sources.map((source) => ({
      node: nodeOf(body, source),
      name: sources.length === 1 ? '' : nameOf(body, source, owners),
    }));
    const open = this.#outline({ inputs, steps: own, outputs: given.map(move) }, isOfModel);
    const stage: Stage = {
      name,
      key: this.#keyOf(open),
      body: open,
      slots: slotsOf(open),
      isOfModel,
    };
    const group = this.#groups.get(stage.key);
    if (group === undefined) this.#groups.set(stage.key, { members: [stage], made: undefined });
    else group.members.push(stage);
    return {
      kind: 'stage',
      inputs: sources,
      path: name,
      suffix: steps[0]!.suffix.startsWith('/') ? `/${name}` : name,
      nodes: given.map((source) => nodeOf(body, source)),
      stage,
    };
  }

  #keyOf({ inputs, steps, outputs }: OpenBody): string {
    const lines = steps.map((step) => {
      const { inputs: read, path } = step;
      if (step.kind === 'stage') return [path, read, step.stage.key];
      if (step.kind === 'call') return [path, read, this.#idOf(step.callee), [...step.args.keys()]];
      const { node, formulas, word } = step.operation;
      const fixed = [...attributesOf(node.op)].filter(
        ([name]) => name !== 'channels' && formulas[name] === undefined,
      );
      return [path, read, word, fixed, Object.keys(formulas), node.isFrozen];
    });
    return JSON.stringify([inputs.length, lines, outputs]);
  }

  #idOf(callee: ModuleClass): number {
    const known = this.#ids.get(callee);
    if (known !== undefined) return known;
    this.#ids.set(callee, this.#ids.size);
    return this.#ids.size - 1;
  }

  /** The steps with classes for stages, and `values` for what the slots hold. */
  #close({ steps }: OpenBody, values: readonly Formula[]): readonly ModuleStep[] {
    let at = 0;
    const take = (count: number): readonly Formula[] => values.slice(at, (at += count));
    return steps.map((step): ModuleStep => {
      if (step.kind === 'stage') {
        const { stage, ...rest } = step;
        const made = this.#make(stage.key);
        const args = made.argsOf(take(stage.slots.length));
        return { ...rest, kind: 'call', callee: made.module, args };
      }
      const names = slotsOfStep(step).map(({ name }) => name);
      const own = take(names.length);
      const given = names.map((name, index) => [name, own[index]!] as const);
      if (step.kind === 'call') return { ...step, args: new Map(given) };
      const formulas = given.filter(([name, formula]) => !isOwnNumber(step, name, formula));
      return {
        ...step,
        operation: { ...step.operation, formulas: Object.fromEntries(formulas) },
      };
    });
  }

  #make(key: string): MadeStage {
    const group = this.#groups.get(key)!;
    if (group.made !== undefined) return group.made;
    const { members } = group;
    const first = members[0]!;
    const columns = first.slots.map((_, at) => members.map(({ slots }) => slots[at]!.formula));
    const chosen = chooseParameters(first.slots, columns);
    const isShared = members.length > 1;
    const module: MadeStage['module'] = {
      name: isShared ? sharedName(first) : first.name,
      word: first.name,
      doc: [`Makes ${[...new Set(members.map(({ name }) => `"${name}"`))].join(', ')}.`],
      body: {
        inputs: isShared ? nameShared(first.body.inputs) : first.body.inputs,
        steps: [],
        outputs: first.body.outputs,
      },
      parameters: chosen.parameters,
      isOfModel: first.isOfModel && !isShared,
    };
    group.made = { module, argsOf: chosen.argsOf };
    module.body = { ...module.body, steps: this.#close(first.body, chosen.inside) };
    return group.made;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const slotsOf = ({ steps }: OpenBody): readonly Slot[] => steps.flatMap(slotsOfStep);

function slotsOfStep(step: OpenStep): readonly Slot[] {
  if (step.kind === 'stage') return step.stage.slots;
  if (step.kind === 'call') return [...step.args].map(([name, formula]) => ({ name, formula }));
  const { node, formulas } = step.operation;
  const { op } = node;
  const slots = Object.entries(formulas).map(([name, formula]) => ({ name, formula }));
  if (!('channels' in op) || 'channels' in formulas) return slots;
  return [...slots, { name: 'channels', formula: { kind: 'number', value: op.channels } }];
}

/** Whether a slot holds just the number that the operation has. */
function isOwnNumber({ operation }: OperationStep, name: string, formula: Formula): boolean {
  const { op } = operation.node;
  const isChannels = name === 'channels' && 'channels' in op;
  return isChannels && formula.kind === 'number' && formula.value === op.channels;
}
