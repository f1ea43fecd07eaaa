import type { FormulaScope } from '../python/formulas.js';
import { followedBy } from '../program/block-parameters.js';
import type { BlockFunction } from '../program/body.js';
import { Names } from '../program/names.js';
import type { Program, ProgramFunction, ProgramModel } from '../program/program.js';
import { keywords, snakeCase, words } from '../python/names.js';
import { customLayerNames } from './custom-layers.js';
import { LayerCalls } from './layer-calls.js';
import { layerFunctionNames, type SupportNames } from './layer-functions.js';

/** Everything that a file declares, and what it is called there. */
export interface FileParts {
  readonly names: Names;
  readonly models: readonly NamedModel[];
  readonly functions: ReadonlyMap<BlockFunction, NamedFunction>;
  /** Calls of functions that make a layer and send a tensor through it. */
  readonly calls: LayerCalls;
  /** Calls of those that make a layer, which tensors are sent through later. */
  readonly makers: LayerCalls;
  readonly support: SupportNames;
  readonly makeDivisible: string;
}

export interface NamedFunction extends ProgramFunction {
  readonly called: string;
  /** What its tensors, `name` and its parameters are called. */
  readonly locals: LocalNames;
}

export interface NamedModel extends ProgramModel {
  readonly build: string;
  readonly check: string;
  readonly classNames: string;
  readonly locals: LocalNames;
}

/** The names of one function. */
export interface LocalNames {
  readonly names: Names;
  readonly inputs: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
  /** Those that are whole numbers. */
  readonly whole: ReadonlySet<string>;
}

/** Globals that files read. */
const globals = words(
  'abs dict enumerate float getattr int isinstance keras layers list math max min ops range round ' +
    'str sum super tuple zip ValueError',
);

/** What layers of the file call. */
const support = words('pair positive sample');

/**
 * Decides what a file declares: names first for what its users see, then for blocks.
 * `before` are the calls of layers that it is known to make.
 */
export function planFile(
  { models: ofSpec, functions: all }: Program,
  before?: Pick<FileParts, 'calls' | 'makers'>,
): FileParts {
  const names = new Names((name) => !keywords.has(name) && !globals.has(name));
  const isOnly = ofSpec.length === 1;
  for (const name of [...support, ...customLayerNames]) names.claim(name, '');
  const wholeOf = new Map(
    ofSpec.map(({ graph }) => {
      const whole = graph.parameters.flatMap(({ name, limits }) => (limits.isWhole ? [name] : []));
      return [graph.model, new Set(whole)] as const;
    }),
  );
  const named = ofSpec.map((model) => {
    const ending = isOnly ? '' : `_${snakeCase(model.graph.model)}`;
    return {
      model,
      build: names.claim(`build_${snakeCase(model.graph.model).replace(/^_+/, '')}`, '_model'),
      check: names.claim(`check_size${ending}`, '_of_model'),
      classNames: names.claim(`CLASSES${ending.toUpperCase()}`, '_OF_MODEL'),
    };
  });
  const called = all.map((each) => {
    const name = snakeCase(each.name);
    return names.claim(each.of.isMaker ? `make_${name}` : name, '_block');
  });
  const layerNames = new Map(
    layerFunctionNames.map((name) => [name, names.claim(name, '_layer')] as const),
  );
  const makerNames = new Map(
    layerFunctionNames.map((name) => [name, names.claim(`make_${name}`, '_layer')] as const),
  );
  const rest = {
    area: names.claim('area', '_of'),
    spread: names.claim('spread', '_of'),
    makeDivisible: names.claim('make_divisible', '_width'),
  };
  const local = (): Names => new Names((name) => names.isFree(name));
  const models = named.map(({ model, ...own }): NamedModel => {
    const scope = local();
    const inputs = model.graph.inputs.map(({ name }) => scope.claim(name, '_in'));
    const parameters = claimAll(scope, model.parameters);
    const whole = wholeOf.get(model.graph.model)!;
    return { ...model, ...own, locals: { names: scope, inputs, parameters, whole } };
  });
  const everyWhole = new Set([...wholeOf.values()].flatMap((whole) => [...whole]));
  const functions = all.map((each, index): NamedFunction => {
    const scope = local();
    const free = ['x', 'y', 'z'];
    const inputs = each.body.inputs.map(({ name }) =>
      scope.claim(name === 'input' ? free.shift()! : snakeCase(name), '_in'),
    );
    scope.claim('name', '');
    const parameters = claimAll(scope, each.parameters);
    const whole = new Set(
      each.parameters.flatMap(({ name }) => (isWhole(each.of, name, everyWhole) ? [name] : [])),
    );
    return { ...each, called: called[index]!, locals: { names: scope, inputs, parameters, whole } };
  });
  return {
    names,
    models,
    functions: new Map(functions.map((each) => [each.of, each])),
    calls: new LayerCalls((of) => layerNames.get(of)!, before?.calls),
    makers: new LayerCalls((of) => makerNames.get(of)!, before?.makers),
    support: rest,
    makeDivisible: rest.makeDivisible,
  };
}

const claimAll = (
  scope: Names,
  parameters: readonly { readonly name: string }[],
): ReadonlyMap<string, string> =>
  new Map(parameters.map(({ name }) => [name, scope.claim(name, '_value')] as const));

/** Whether a parameter of a block is a whole number in all of its calls, whatever a caller of the model chooses. */
function isWhole(of: BlockFunction, name: string, whole: ReadonlySet<string>): boolean {
  return of.calls.every(({ scope, values }) => {
    const value = values.parameters.get(name);
    if (value === undefined) return true;
    return Number.isInteger(value) && followedBy(scope, name).every((each) => whole.has(each));
  });
}

/** How formulas are written in one function; `channels` gives the channels that come in. */
export const formulaScope = (
  { parameters, whole }: LocalNames,
  makeDivisible: string,
  channels: () => string,
): FormulaScope => ({
  nameOf: (name) => (name === '#0' ? channels() : (parameters.get(name) ?? name)),
  isWhole: (name) => name === '#0' || whole.has(name),
  makeDivisible,
});
