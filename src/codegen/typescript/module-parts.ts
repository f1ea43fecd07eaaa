import type { CopiedText } from '../tfjs/copied-texts.js';
import type { BlockFunction, Step } from '../program/body.js';
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
  /** The form of each operation of a body. */
  readonly formOf: (step: Step) => LayerForm;
  readonly layers: ReadonlyMap<string, NamedLayer>;
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
    return { ...each, called: names.claim(camelCase(each.name), 'Block') };
  });
  const forms = new Map<Step, LayerForm>();
  const byVariant = new Map<string, LayerForm[]>();
  for (const step of [...functions, ...models].flatMap(({ body }) => body.steps)) {
    if (step.kind !== 'operation') continue;
    const form = layerFormOf(step.operation);
    forms.set(step, form);
    byVariant.set(form.variant, [...(byVariant.get(form.variant) ?? []), form]);
  }
  const layers = new Map<string, NamedLayer>();
  for (const [variant, group] of byVariant) {
    const name = names.claim(camelCase(variant), 'Layer');
    layers.set(variant, { plan: planLayers(variant, group), name });
  }
  return {
    names,
    functions: new Map(functions.map((each) => [each.of, each])),
    formOf: (step) => forms.get(step)!,
    layers,
    channelsOf: names.claim('channelsOf', 'Tensor'),
    makeDivisible: names.claim('makeDivisible', 'Width'),
    checkOption: names.claim('checkOption', 'Value'),
    models,
  };
}
