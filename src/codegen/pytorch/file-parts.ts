import type { Graph } from '../../ir/graph.js';
import { nodeWeights } from '../../ir/operations/weights.js';
import type { Initializer } from '../../ir/operations/ops.js';
import type { Names } from '../program/names.js';
import { channelsOfInput, type ModuleClass } from './module.js';
import { followChannels, type ChannelsOf } from './channels.js';
import { helpers } from './helpers.js';
import { pascalCase } from '../program/spelling.js';
import { snakeCase } from '../python/names.js';
import { fileNames } from './identifiers.js';
import type { HelperName } from './words.js';
import { findReals } from './parameter-types.js';
import type { ModelModule, Modules } from './read-program.js';

/** Everything that a file declares, and what it is called there. */
export interface FileParts {
  readonly names: Names;
  readonly classes: ReadonlyMap<ModuleClass, NamedClass>;
  readonly models: readonly NamedModel[];
  readonly helper: (name: HelperName) => string;
  readonly makeDivisible: string;
  /** How convolutions are filled: one way for all, or each in its own. */
  readonly initializers: ReadonlyMap<Initializer, string>;
  readonly initWeights: string;
  readonly fans: string;
}

export interface NamedClass {
  readonly module: ModuleClass;
  readonly called: string;
  readonly channelsOf: ChannelsOf;
  /** Parameters that are no whole numbers. */
  readonly reals: ReadonlySet<string>;
}

export interface NamedModel extends NamedClass {
  readonly of: ModelModule;
  readonly check: string;
  readonly outputs: string;
  readonly predictions: string;
  readonly classNames: string;
}

/** Decides what a file declares: names first for what its users see, then for blocks. */
export function planFile(modules: Modules): FileParts {
  const names = fileNames();
  const isOnly = modules.models.length === 1;
  const given = new Map(
    modules.models.map(({ model, module }) => {
      const whole = new Set(
        model.graph.parameters.flatMap(({ name, limits }) => (limits.isWhole ? [name] : [])),
      );
      const reals = model.parameters.flatMap(({ name }) => (whole.has(name) ? [] : [name]));
      return [module, new Set(reals)] as const;
    }),
  );
  const graphs = modules.models.map(({ model }) => model.graph);
  const [graph] = graphs;
  const typed = [
    ...modules.models.map(({ model, module }) => ({
      module,
      channelsOf: followChannels(module.body, model.graph, (index) => model.channels[index]!),
    })),
    ...modules.classes.map((module) => ({
      module,
      channelsOf: followChannels(module.body, graph!, channelsOfInput),
    })),
  ];
  const reals = findReals(typed, given);
  const named = new Map<ModuleClass, NamedClass>();
  const models = typed.slice(0, modules.models.length).map((each, index): NamedModel => {
    const { module } = each;
    const called = names.claim(pascalCase(module.name), 'Model');
    const lower = isOnly ? '' : `_${snakeCase(module.name)}`;
    const prefix = isOnly ? '' : called;
    const model: NamedModel = {
      ...each,
      called,
      reals: reals.get(module)!,
      of: modules.models[index]!,
      check: names.claim(isOnly ? 'check_size' : `check_size${lower}`, '_of_model'),
      outputs: names.claim(`${prefix}Outputs`, 'OfModel'),
      predictions: names.claim(`${prefix}Predictions`, 'OfModel'),
      classNames: names.claim(isOnly ? 'CLASSES' : `CLASSES${lower.toUpperCase()}`, '_OF_MODEL'),
    };
    named.set(module, model);
    return model;
  });
  const helperNames = new Map(
    (Object.keys(helpers) as HelperName[]).map((name) => [name, names.claim(name, '')] as const),
  );
  const initializers = initializersOf(graphs);
  const isGlorot = initializers.some((each) => each.startsWith('glorot'));
  const rest = {
    makeDivisible: names.claim('make_divisible', '_width'),
    initWeights: names.claim('init_weights', '_of_layers'),
    fans: names.claim(isGlorot ? 'fans' : 'fan_in', '_of'),
    initializers: new Map(initializers.map((each) => [each, names.claim(each, '_start')] as const)),
  };
  for (const each of typed.slice(modules.models.length)) {
    const called = names.claim(pascalCase(each.module.name), 'Block');
    named.set(each.module, { ...each, called, reals: reals.get(each.module)! });
  }
  return {
    names,
    classes: named,
    models,
    helper: (name) => helperNames.get(name)!,
    ...rest,
  };
}

/** How the convolutions of some models are filled. */
function initializersOf(graphs: readonly Graph[]): readonly Initializer[] {
  const found = new Set<Initializer>();
  for (const graph of graphs) {
    for (const { start } of graph.nodes.flatMap((node) => nodeWeights(graph, node))) {
      if (typeof start === 'object') found.add(start.initializer);
    }
  }
  return [...found];
}
