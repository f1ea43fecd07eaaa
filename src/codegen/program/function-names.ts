import { blockKey, type BlockParameter } from '../../ir/block.js';
import type { ArgumentValue } from '../../ir/graph.js';
import { decideParameters, followedBy } from './block-parameters.js';
import type { BlockFunction } from './body.js';
import { specNameOf } from './step-names.js';

/** What the function of a block is called, and what is said of it. */
export interface FunctionName {
  /** In the spec's spelling: `double_conv_same`; no two functions of one block have the same. */
  readonly name: string;
  /** The block's documentation, where this is its first function; for the others what that is called. */
  readonly doc: { readonly text: string } | { readonly like: BlockFunction };
  /** Values of parameters of the block that are none of the function: `stride = 2`. */
  readonly remarks: readonly string[];
}

/**
 * Names the functions of all blocks by their blocks; where a block does different things
 * in different calls, with the arguments that tell them apart (`double_conv_same`,
 * `mbconv_stride_2`) and with steps that only some of them have (`projection_with_add`).
 * What a parameter is by default goes without saying.
 */
export function nameFunctions(
  functions: readonly BlockFunction[],
): ReadonlyMap<BlockFunction, FunctionName> {
  const byBlock = new Map<string, BlockFunction[]>();
  for (const each of functions) {
    const key = `${blockKey(each.block)} ${each.isMaker}`;
    byBlock.set(key, [...(byBlock.get(key) ?? []), each]);
  }
  const result = new Map<BlockFunction, FunctionName>();
  for (const variants of byBlock.values()) {
    const first = variants[0]!;
    const endings = endingsOf(variants);
    for (const [index, variant] of variants.entries()) {
      const { name, doc = '' } = variant.block;
      result.set(variant, {
        name: `${name}${endings[index] ?? ''}`,
        doc: variant === first ? { text: doc } : { like: first },
        remarks: variant === first ? remarksOfFirst(variants) : differences(variant, first),
      });
    }
  }
  return result;
}

type Scalar = Exclude<ArgumentValue, readonly unknown[]>;

/** What is said of the first function of a block: unusual values, and steps it lacks. */
function remarksOfFirst(variants: readonly BlockFunction[]): readonly string[] {
  const [first, ...others] = variants;
  const kept = keptOf(first!);
  const settings = first!.block.parameters.flatMap(({ name, usual }) => {
    const value = kept.has(name) ? undefined : commonValue(first!, name);
    return value === undefined || value === usual ? [] : [settingText(name, value)];
  });
  const own = stepsOf(first!);
  const missing = new Set(others.flatMap((other) => [...stepsOf(other)]));
  return [
    ...settings,
    ...[...missing].filter((step) => !own.has(step)).map((step) => `without ${step}`),
  ];
}

/** How a function differs from the first of its block. */
function differences(variant: BlockFunction, first: BlockFunction): readonly string[] {
  const kept = keptOf(variant);
  const differing = variant.block.parameters.flatMap(({ name }) => {
    const value = commonValue(variant, name);
    return value === undefined || value === commonValue(first, name)
      ? []
      : [[name, value] as const];
  });
  const own = differing.filter(([name]) => !kept.has(name));
  const settings = (own.length > 0 ? own : differing).map(([name, value]) =>
    settingText(name, value),
  );
  const [steps, known] = [stepsOf(variant), stepsOf(first)];
  return [
    ...settings,
    ...[...steps].filter((step) => !known.has(step)).map((step) => `with ${step}`),
    ...[...known].filter((step) => !steps.has(step)).map((step) => `without ${step}`),
  ];
}

const settingText = (name: string, value: Scalar): string => `${name} = ${String(value)}`;

const keptOf = (variant: BlockFunction): ReadonlySet<string> =>
  new Set(decideParameters(variant).kept.map(({ name }) => name));

/** The value of a parameter in all calls of a variant; undefined where they differ. */
function commonValue(variant: BlockFunction, name: string): Scalar | undefined {
  const values = new Set(variant.calls.map((call) => call.values.parameters.get(name)));
  const [value] = values;
  const isScalar = ['number', 'string', 'boolean'].includes(typeof value);
  return values.size === 1 && isScalar ? (value as Scalar) : undefined;
}

/** What may tell a variant apart: an ending for each, empty where there is nothing to say. */
type Trait = readonly string[];

/** Endings from the fewest traits that tell all variants apart. */
function endingsOf(variants: readonly BlockFunction[]): readonly string[] {
  const kept = new Set(variants.flatMap((variant) => [...keptOf(variant)]));
  const names = variants[0]!.block.parameters.filter(({ name }) => !isOpen(name, variants));
  const traits = [
    ...settingTraits(
      names.filter(({ name }) => !kept.has(name)),
      variants,
    ),
    ...stepTraits(variants),
  ];
  const more = settingTraits(
    names.filter(({ name }) => kept.has(name)),
    variants,
  );
  for (const all of [traits, [...traits, ...more]]) {
    for (let count = 0; count <= Math.min(3, all.length); count++) {
      for (const chosen of choices(all, count)) {
        const endings = variants.map((_, index) => chosen.map((trait) => trait[index]).join(''));
        if (new Set(endings).size === variants.length) return endings;
      }
    }
  }
  return variants.map((_, index) => (index === 0 ? '' : String(index + 1)));
}

/** Whether an argument is another one where a caller of the model chooses another value. */
const isOpen = (name: string, variants: readonly BlockFunction[]): boolean =>
  variants.some(({ calls }) =>
    calls.some(({ scope, open }) => followedBy(scope, name).some((each) => open.has(each))),
  );

function settingTraits(
  parameters: readonly BlockParameter[],
  variants: readonly BlockFunction[],
): readonly Trait[] {
  return parameters
    .map(({ name, usual }) =>
      variants.map((variant) => {
        const value = commonValue(variant, name);
        return value === usual ? '' : endingOf(name, value);
      }),
    )
    .filter((trait) => new Set(trait).size > 1);
}

function endingOf(parameter: string, value: Scalar | undefined): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return `_${value}`;
  return value === true ? `_${parameter}` : `_${parameter}_${String(value).replace(/\W/g, '_')}`;
}

/** Steps that some variants have and others lack. */
function stepTraits(variants: readonly BlockFunction[]): readonly Trait[] {
  const steps = variants.map(stepsOf);
  const all = [...new Set(steps.flatMap((own) => [...own]))];
  return all
    .map((step) => steps.map((own) => (own.has(step) ? `_with_${step}` : '')))
    .filter((trait) => new Set(trait).size > 1);
}

/** Names of tensors, and of those that have none the words of their operations. */
function stepsOf({ body }: BlockFunction): ReadonlySet<string> {
  return new Set(
    body.steps.flatMap((step) => {
      const name = specNameOf(step);
      if (name !== undefined) return [name];
      const isInside = step.suffix.split('/').length > 2;
      if (isInside) return [];
      return [step.kind === 'operation' ? step.operation.word : step.block.block.name];
    }),
  );
}

/** All ways to choose some of a list, in its order. */
function choices<Item>(items: readonly Item[], count: number): readonly (readonly Item[])[] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) =>
    choices(items.slice(index + 1), count - 1).map((others) => [item, ...others]),
  );
}
