import { parametersOf, type Formula } from '../../ir/formula.js';
import { holdsWeights } from '../../ir/operations/weights.js';
import { attributesOf } from '../program/operation.js';
import {
  isSameSource,
  type CallStep,
  type ModuleBody,
  type ModuleClass,
  type ModuleParameter,
  type ModuleStep,
  type OperationStep,
  type TensorSource,
} from './module.js';

/** Several steps of one name, of which some hold weights: a module of their own. */
interface StageStep {
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

interface Stage {
  readonly name: string;
  /** Equal for stages that one class serves. */
  readonly key: string;
  readonly body: OpenBody;
  /** What stages of one class may differ in, those of stages inside too. */
  readonly slots: readonly Slot[];
  readonly isOfModel: boolean;
}

/** A number or a formula in the names of the block, or of the model, that the stage is a part of. */
interface Slot {
  readonly name: string;
  readonly formula: Formula;
}

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

/** A stage with more different formulas than these takes the parameters they are made of. */
const mostFormulas = 3;

/**
 * Finds the stages of bodies. Names of weights are paths: where several weights hang below
 * one name, `e5/double_conv1` and `e5` or `mask/conv1`, all steps of that name are one
 * module. Stages that do the same with other numbers of channels share a class.
 */
export class StageReader {
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
    const names = [...new Set(body.steps.map(({ path }) => headOf(path)))];
    return names.reduce((rest, name) => this.#outlineOne(rest, name, isOfModel), body);
  }

  #outlineOne(body: OpenBody, name: string, isOfModel: boolean): OpenBody {
    const indices = body.steps.flatMap(({ path }, index) => (headOf(path) === name ? [index] : []));
    const isDeep = (index: number): boolean => {
      const step = body.steps[index]!;
      return step.path.includes('/') && isHeld(step);
    };
    if (name === '' || !indices.some(isDeep)) return body;
    const first = indices.find((index) => isHeld(body.steps[index]!))!;
    const inside = withBetween(
      body,
      indices.filter((index) => index >= first),
    );
    if (inside === undefined) return body;
    const steps = inside.map((index) => body.steps[index]!);

    const sources: TensorSource[] = [];
    const sourceInside = (source: TensorSource): TensorSource => {
      const at = source.from === 'step' ? inside.indexOf(source.index) : -1;
      if (at >= 0) return { ...source, index: at } as TensorSource;
      const known = sources.findIndex((each) => isSameSource(each, source));
      return { from: 'input', index: known >= 0 ? known : sources.push(source) - 1 };
    };
    const own = steps.map((step) => ({
      ...step,
      inputs: step.inputs.map(sourceInside),
      ...below(step, name),
    }));
    const isReadOutside = (index: number): boolean => {
      const reads = (source: TensorSource): boolean =>
        source.from === 'step' && source.index === index;
      const outside = body.steps.filter((_, at) => !inside.includes(at));
      return body.outputs.some(reads) || outside.some(({ inputs }) => inputs.some(reads));
    };
    const given = inside.flatMap((index, at) => (isReadOutside(index) ? [at] : []));
    const inputs = sources.map((source) => ({
      node: nodeOf(body, source),
      name: sources.length === 1 ? '' : nameOf(body, source),
    }));
    const outputs = given.map((at) => ({ from: 'step', index: at, output: 0 }) as const);
    const open = this.#outline({ inputs, steps: own, outputs }, isOfModel);
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
    return withStage(
      body,
      inside,
      {
        kind: 'stage',
        inputs: sources,
        path: name,
        suffix: steps[0]!.suffix.startsWith('/') ? `/${name}` : name,
        nodes: given.map((at) => steps[at]!.nodes[0]!),
        stage,
      },
      given.map((at) => inside[at]!),
    );
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
    const chosen = chooseParameters(first, columns);
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

/** The parameters of a stage's class, what stands in its slots, and what a call gives. */
interface ChosenParameters {
  readonly parameters: readonly ModuleParameter[];
  readonly inside: readonly Formula[];
  readonly argsOf: MadeStage['argsOf'];
}

/**
 * A number that all members share stays a number. What they differ in, and formulas, come
 * in as values; of a stage with many formulas the parameters that these are made of.
 */
function chooseParameters(
  { slots }: Stage,
  columns: readonly (readonly Formula[])[],
): ChosenParameters {
  const names = new Map<string, { readonly name: string; readonly at: number }>();
  const taken = new Set<string>();
  const inside = columns.map((column, at): Formula => {
    const texts = column.map((formula) => JSON.stringify(formula));
    const [first] = column;
    if (first!.kind === 'number' && texts.every((text) => text === texts[0])) return first!;
    const key = texts.join(' ');
    const known = names.get(key);
    if (known !== undefined) return { kind: 'parameter', name: known.name };
    const wanted = first!.kind === 'parameter' ? first!.name : slots[at]!.name;
    const name = freeName(wanted.startsWith('#') ? 'channels' : wanted, taken);
    names.set(key, { name, at });
    return { kind: 'parameter', name };
  });
  const own = slots.flatMap(({ formula }) => parametersOf(formula));
  const isSingle = columns.every((column) => column.length === 1);
  if (isSingle && names.size > mostFormulas && !own.some((name) => name.startsWith('#'))) {
    const all = [...new Set(own)];
    return {
      parameters: all.map((name) => ({ name, default: undefined })),
      inside: slots.map(({ formula }) => formula),
      argsOf: () => new Map(all.map((name) => [name, { kind: 'parameter', name }])),
    };
  }
  const given = [...names.values()];
  return {
    parameters: given.map(({ name }) => ({ name, default: undefined })),
    inside,
    argsOf: (values) => new Map(given.map(({ name, at }) => [name, values[at]!])),
  };
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
  taken.add(name);
  return name;
}

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

const headOf = (path: string): string => path.split('/')[0]!;

const isHeld = (step: OpenStep): boolean =>
  step.kind !== 'operation' || holdsWeights(step.operation.node.op);

function nodeOf(body: OpenBody, source: TensorSource): number {
  return source.from === 'input'
    ? body.inputs[source.index]!.node
    : body.steps[source.index]!.nodes[source.output]!;
}

/** What the caller calls a tensor, where it has a name there. */
function nameOf(body: OpenBody, source: TensorSource): string {
  if (source.from === 'input') return body.inputs[source.index]!.name;
  const { path } = body.steps[source.index]!;
  return /^[A-Za-z_]\w*$/.test(path) ? path : '';
}

/** `e4`, `u4` -> `e`, `u`: a class for all levels names none. */
function nameShared(inputs: ModuleBody['inputs']): ModuleBody['inputs'] {
  const names = inputs.map(({ name }) => name.replace(/\d+(_\d+)*$/, ''));
  const isClear = new Set(names).size === names.length && !names.includes('');
  return inputs.map((input, index) => ({ ...input, name: isClear ? names[index]! : '' }));
}

/** What the steps of a stage are, as outlined pipelines are called. */
function sharedName({ name, body }: Stage): string {
  const words = body.steps.map((step) =>
    step.kind === 'operation'
      ? step.operation.word
      : step.kind === 'call'
        ? step.callee.word
        : step.stage.name,
  );
  return words.length > 4 ? name : words.join('_');
}

/** What a step is called inside of the stage. */
function below(step: OpenStep, stage: string): Pick<OpenStep, 'path' | 'suffix'> {
  if (headOf(step.path) !== stage) return { path: step.path, suffix: `/${step.path}` };
  const path = step.path.slice(stage.length + 1);
  return { path, suffix: path === '' ? '' : `/${path}` };
}

/**
 * Steps with those that read some of them and are read by others: a tap of an encoder has a
 * name of its own. Undefined where weights would come to hang below another name.
 */
function withBetween(
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
function withStage(
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
