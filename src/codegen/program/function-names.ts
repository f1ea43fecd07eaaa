import { blockKey } from '../../ir/block.js';
import { decideParameters } from './block-parameters.js';
import type { BlockFunction } from './body.js';
import { specNameOf } from './step-names.js';

/** What the function of a block is called. */
export interface FunctionName {
  /** In the spec's spelling: `double_conv_same`; no two functions of one block have the same. */
  readonly name: string;
  /** What sets it apart from the block's other functions: `With stride = 2.`; empty for an only one. */
  readonly remark: string;
}

/**
 * Names the functions of all blocks by their blocks; where a block does different things
 * in different calls, with the argument that tells them apart (`double_conv_same`,
 * `residual_stride_2`), else with a tensor that only one of them has
 * (`residual_with_shortcut`), else with a number.
 */
export function nameFunctions(
  functions: readonly BlockFunction[],
): ReadonlyMap<BlockFunction, FunctionName> {
  const byBlock = new Map<string, BlockFunction[]>();
  for (const each of functions) {
    const key = blockKey(each.block);
    byBlock.set(key, [...(byBlock.get(key) ?? []), each]);
  }
  const result = new Map<BlockFunction, FunctionName>();
  for (const variants of byBlock.values()) {
    const block = variants[0]!.block.name;
    const traits = variants.length === 1 ? [] : traitsOf(variants);
    const endings = variants.length === 1 ? [''] : endingsOf(traits, variants);
    for (const [index, variant] of variants.entries()) {
      const name = `${block}${endings[index] ?? ''}`;
      const words = traits.flatMap(({ parameter, values }) =>
        values[index] === undefined ? [] : [`${parameter} = ${String(values[index])}`],
      );
      result.set(variant, { name, remark: words.length === 0 ? '' : `With ${words.join(', ')}.` });
    }
  }
  return result;
}

type Scalar = number | string | boolean;

/** A parameter that is no parameter of the functions, and its value in each of them. */
interface Trait {
  readonly parameter: string;
  /** Undefined where calls of the variant differ. */
  readonly values: readonly (Scalar | undefined)[];
}

function traitsOf(variants: readonly BlockFunction[]): readonly Trait[] {
  const kept = new Set(
    variants.flatMap((variant) => decideParameters(variant).kept.map(({ name }) => name)),
  );
  return variants[0]!.block.parameters
    .filter(({ name }) => !kept.has(name))
    .map(({ name }) => ({
      parameter: name,
      values: variants.map((variant) => commonValue(variant, name)),
    }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** One ending for each variant, from the first trait that tells all apart. */
function endingsOf(
  traits: readonly Trait[],
  variants: readonly BlockFunction[],
): readonly string[] {
  const count = variants.length;
  const telling = traits.find(
    ({ values }) => !values.includes(undefined) && new Set(values).size === count,
  );
  if (telling === undefined) {
    const endings = variants.map((variant) => tensorEnding(variant, variants));
    return new Set(endings).size === count
      ? endings
      : variants.map((_, index) => (index === 0 ? '' : String(index + 1)));
  }
  return telling.values.map((value) => {
    if (typeof value === 'string') return `_${value}`;
    if (typeof value === 'boolean') return value ? `_${telling.parameter}` : '';
    return `_${telling.parameter}_${String(value).replace(/\W/g, '_')}`;
  });
}

/** `_with_shortcut` for a variant that alone has a tensor of that name. */
function tensorEnding(variant: BlockFunction, variants: readonly BlockFunction[]): string {
  const namesOf = ({ body }: BlockFunction): readonly string[] =>
    body.steps.flatMap((step) => specNameOf(step) ?? []);
  const others = new Set(variants.filter((other) => other !== variant).flatMap(namesOf));
  const own = namesOf(variant).find((name) => !others.has(name));
  return own === undefined ? '' : `_with_${own}`;
}

/** The value of a parameter in all calls of a variant; undefined when they differ. */
function commonValue(variant: BlockFunction, name: string): Scalar | undefined {
  const values = new Set(variant.calls.map((call) => call.values.parameters.get(name)));
  const [value] = values;
  const isScalar = ['number', 'string', 'boolean'].includes(typeof value);
  return values.size === 1 && isScalar ? (value as Scalar) : undefined;
}
