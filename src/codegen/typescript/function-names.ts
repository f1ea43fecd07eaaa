import type { BlockFunction } from './body.js';
import { camelCase, pascalCase, type Names } from './identifiers.js';

/**
 * Names the functions of all blocks: the block's name in camel case; where a
 * block does different things in different calls, with the argument that tells
 * them apart (`doubleConvSame`, `residualStride2`), else with a number.
 */
export function nameFunctions(
  functions: readonly BlockFunction[],
  names: Names,
): ReadonlyMap<BlockFunction, string> {
  const byBlock = new Map<string, BlockFunction[]>();
  for (const block of functions) {
    const name = block.section.name?.text ?? '';
    byBlock.set(name, [...(byBlock.get(name) ?? []), block]);
  }
  const result = new Map<BlockFunction, string>();
  for (const [block, variants] of byBlock) {
    const endings = variants.length === 1 ? [''] : endingsOf(variants);
    for (const [index, variant] of variants.entries()) {
      result.set(variant, names.claim(camelCase(block) + (endings[index] ?? ''), 'Block'));
    }
  }
  return result;
}

/** One ending for each variant, from the first parameter whose value is its own in each. */
function endingsOf(variants: readonly BlockFunction[]): readonly string[] {
  for (const { name } of variants[0]?.section.parameters ?? []) {
    const values = variants.map((variant) => commonValue(variant, name.text));
    if (values.some((value) => value === undefined) || new Set(values).size < values.length) {
      continue;
    }
    return values.map((value) => {
      if (typeof value === 'string') return pascalCase(value);
      if (typeof value === 'boolean') return value ? pascalCase(name.text) : '';
      return pascalCase(`${name.text}_${String(value).replace(/\W/g, '_')}`);
    });
  }
  return variants.map((_, index) => (index === 0 ? '' : String(index + 1)));
}

type Scalar = number | string | boolean;

/** The value of a parameter in all calls of a variant; undefined when they differ. */
function commonValue(variant: BlockFunction, name: string): Scalar | undefined {
  const values = new Set(variant.calls.map((call) => call.values.parameters.get(name)));
  const [value] = values;
  if (values.size !== 1 || value === undefined || typeof value === 'object') return undefined;
  return value;
}
