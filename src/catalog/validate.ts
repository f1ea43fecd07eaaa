import type { OptionSchema } from './component.js';

const keys = new WeakMap<OptionSchema, string>();

/** The identity of a schema: declarations that say the same share one compiled check. */
export function schemaKey(schema: OptionSchema): string {
  let key = keys.get(schema);
  if (key === undefined) keys.set(schema, (key = JSON.stringify(schema)));
  return key;
}

/** What a schema allows, in the words of a message: `a whole number from 1 to 1024`. */
export function describeSchema(schema: OptionSchema): string {
  if (schema.anyOf !== undefined) return joinWords(schema.anyOf.map(describeSchema));
  if (schema.enum !== undefined) return joinWords(schema.enum.map((word) => `"${word}"`));
  switch (schema.type) {
    case 'integer':
      return `a whole number${describeRange(schema)}`;
    case 'number':
      return `a number${describeRange(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a string';
    case 'array': {
      const { minItems, maxItems, items } = schema;
      const count = minItems === maxItems ? `${minItems} ` : '';
      const item = items === undefined ? 'values' : pluralise(describeSchema(items));
      return `a list of ${count}${item}`;
    }
    case undefined:
      return 'any value';
  }
}

function describeRange(schema: OptionSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low =
    exclusiveMinimum !== undefined
      ? `above ${exclusiveMinimum}`
      : minimum !== undefined
        ? `from ${minimum}`
        : '';
  const high =
    exclusiveMaximum !== undefined
      ? `${low === '' ? '' : 'and '}below ${exclusiveMaximum}`
      : maximum !== undefined
        ? `${low === '' ? 'up ' : ''}to ${maximum}`
        : low.startsWith('from')
          ? 'on'
          : '';
  return [low, high]
    .filter((part) => part !== '')
    .map((part) => ` ${part}`)
    .join('');
}

const pluralise = (words: string): string =>
  words
    .replace(/^a whole number/, 'whole numbers')
    .replace(/^a number/, 'numbers')
    .replace(/^a list/, 'lists');

function joinWords(words: readonly string[]): string {
  const unique = [...new Set(words)];
  return unique.length < 2
    ? (unique[0] ?? 'nothing')
    : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1) ?? ''}`;
}
