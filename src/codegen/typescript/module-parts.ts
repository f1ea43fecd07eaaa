import { decideParameters, type KeptParameter } from './block-parameters.js';
import type { BlockFunction, Body, Step } from './body.js';
import { nameFunctions } from './function-names.js';
import { camelCase, Names, pascalCase } from './identifiers.js';
import type { LayerForm } from './layer-forms.js';
import { planLayers, type LayerPlan } from './layer-plans.js';
import { resolveBody } from './resolve.js';
import { shareLiterals } from './share-literals.js';

/** Everything that a module declares, and what it is called there. */
export interface ModuleParts {
  readonly names: Names;
  readonly blocks: readonly NamedBlock[];
  readonly layers: ReadonlyMap<string, NamedLayer>;
  /** The function that gives a tensor's channels, if any expression asks for them. */
  readonly channelsOf: string;
  readonly models: readonly NamedModel[];
}

export interface NamedBlock {
  readonly block: BlockFunction;
  /** The block's lines in the parameters that the function has. */
  readonly body: Body;
  readonly name: string;
  readonly parameters: readonly KeptParameter[];
  /** What sets it apart from the block's other functions: `stride = 2`; empty for an only one. */
  readonly remark: string;
}

export interface NamedLayer {
  readonly plan: LayerPlan;
  readonly name: string;
}

export interface NamedModel {
  readonly body: Body;
  readonly build: string;
  readonly check: string;
  /** What it is called that the model's user must know of images and outputs. */
  readonly facts: string;
}

/** Decides what a module declares for some models: names first for what its users see, then for blocks. */
export function planModule(
  models: readonly { readonly name: string; readonly body: Body }[],
  functions: readonly BlockFunction[],
): ModuleParts {
  const names = new Names();
  const shared = shareLiterals(
    functions,
    models.map(({ body }) => body),
  );
  names.claim('Tensor', '');
  const built = models.map(({ name }, index) => ({
    body: shared.models[index]!,
    build: names.claim(`build${pascalCase(name)}`, 'Model'),
    check: names.claim(`check${pascalCase(name)}Size`, 'Model'),
    facts: names.claim(`factsOf${pascalCase(name)}`, 'Model'),
  }));
  const inOrder = [...functions].sort(bySpec);
  const called = nameFunctions(inOrder, names);
  const blocks = inOrder.map((block) => {
    const { kept, replaced } = decideParameters(block);
    const { body, added } = shared.functions.get(block)!;
    return {
      block,
      body: resolveBody(body, replaced),
      ...called.get(block)!,
      parameters: withAdded(kept, added),
    };
  });
  const forms = formsByVariant([...blocks, ...built].flatMap(({ body }) => body.steps));
  const layers = new Map<string, NamedLayer>();
  for (const [variant, group] of forms) {
    const name = names.claim(camelCase(variant), 'Layer');
    layers.set(variant, { plan: planLayers(variant, group), name });
  }
  const channelsOf = names.claim('channelsOf', 'Tensor');
  return { names, blocks, layers, channelsOf, models: built };
}

/** Parameters without a default come before those with one. */
function withAdded(
  kept: readonly KeptParameter[],
  added: readonly string[],
): readonly KeptParameter[] {
  const first = kept.findIndex((parameter) => parameter.default !== undefined);
  const at = first < 0 ? kept.length : first;
  const more = added.map((name) => ({ name, default: undefined }));
  return [...kept.slice(0, at), ...more, ...kept.slice(at)];
}

/** In the order of the spec; variants of one block in the order of their first calls. */
function bySpec(left: BlockFunction, right: BlockFunction): number {
  return left.section.span.start - right.section.span.start || left.id - right.id;
}

function formsByVariant(steps: readonly Step[]): ReadonlyMap<string, readonly LayerForm[]> {
  const forms = new Map<string, LayerForm[]>();
  for (const step of steps) {
    if (step.kind !== 'layer') continue;
    const { form } = step;
    forms.set(form.variant, [...(forms.get(form.variant) ?? []), form]);
  }
  return forms;
}
