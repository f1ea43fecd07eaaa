import type { CopiedText } from '../tfjs/copied-texts.js';
import type { BlockFunction, Body } from '../program/body.js';
import type { Names } from '../program/names.js';
import type { Program, ProgramFunction, ProgramModel } from '../program/program.js';
import { camelCase, pascalCase } from '../program/spelling.js';
import { moduleNames } from './identifiers.js';
import { layerFormOf, type LayerForm } from './layer-forms.js';
import { planLayers, type LayerPlan } from './layer-plans.js';

/** Everything that a module declares, and what it is called there. */
export interface ModuleParts {
  readonly names: Names;
  readonly functions: ReadonlyMap<BlockFunction, NamedFunction>;
  /** The functions that make a layer and send a tensor through it, by the variant. */
  readonly layers: ReadonlyMap<string, NamedLayer>;
  /** Those that make a layer, which tensors are sent through later. */
  readonly makers: ReadonlyMap<string, NamedLayer>;
  /** The function that gives a tensor's channels, if any formula asks for them. */
  readonly channelsOf: string;
  /** The function that rounds widths, if any formula asks for it. */
  readonly makeDivisible: string;
  /** The function that refuses options which are no numbers of their kind. */
  readonly checkOption: string;
  readonly models: readonly NamedModel[];
}

export interface NamedFunction extends ProgramFunction {
  /** What the module calls it. */
  readonly called: string;
}

export interface NamedLayer {
  readonly plan: LayerPlan;
  readonly name: string;
}

export interface NamedModel extends ProgramModel {
  readonly build: string;
  /** The type of what a caller may choose. */
  readonly options: string;
  readonly check: string;
  /** What it is called that the model's user must know of images and outputs. */
  readonly facts: string;
}

/**
 * Decides what a module declares for a program, beside the texts that are copied into it: names
 * first for what its users see, then for blocks.
 */
export function planModule(program: Program, copied: readonly CopiedText[]): ModuleParts {
  const names = moduleNames();
  for (const name of ['Tensor', ...copied.flatMap(({ names }) => names)]) names.claim(name, '');
  const models = program.models.map((model): NamedModel => {
    const name = pascalCase(model.graph.model);
    return {
      ...model,
      build: names.claim(`build${name}`, 'Model'),
      options: names.claim(`${name}Options`, 'Model'),
      check: names.claim(`check${name}Size`, 'Model'),
      facts: names.claim(`factsOf${name}`, 'Model'),
    };
  });
  const functions = program.functions.map((each): NamedFunction => {
    const name = each.of.isMaker ? `make_${each.name}` : each.name;
    return { ...each, called: names.claim(camelCase(name), 'Block') };
  });
  const direct = functions.filter(({ of }) => !of.isMaker);
  const shared = functions.filter(({ of }) => of.isMaker);
  const layers = planAll([...direct, ...models], (variant) =>
    names.claim(camelCase(variant), 'Layer'),
  );
  const makers = planAll(shared, (variant) => names.claim(camelCase(`make_${variant}`), 'Layer'));
  return {
    names,
    functions: new Map(functions.map((each) => [each.of, each])),
    layers,
    makers,
    channelsOf: names.claim('channelsOf', 'Tensor'),
    makeDivisible: names.claim('makeDivisible', 'Width'),
    checkOption: names.claim('checkOption', 'Value'),
    models,
  };
}

/** The functions of the layers in some bodies, by their variants. */
function planAll(
  owners: readonly { readonly body: Body }[],
  nameOf: (variant: string) => string,
): ReadonlyMap<string, NamedLayer> {
  const byVariant = new Map<string, LayerForm[]>();
  for (const step of owners.flatMap(({ body }) => body.steps)) {
    if (step.kind !== 'operation') continue;
    const form = layerFormOf(step.operation);
    byVariant.set(form.variant, [...(byVariant.get(form.variant) ?? []), form]);
  }
  return new Map(
    [...byVariant].map(([variant, forms]) => {
      return [variant, { plan: planLayers(variant, forms), name: nameOf(variant) }];
    }),
  );
}
