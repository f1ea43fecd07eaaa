import type { OptionDeclaration, OptionSchema } from '../../../src/catalog/component.js';

/** The kinds of values that an option takes, its default apart: what a test has to try. */
export function kindsOf({ schema, default: usual }: OptionDeclaration): readonly string[] {
  if (schema === 'tensor') return ['tensor'];
  return [...new Set(kindsOfSchema(schema))].filter((kind) => kind !== String(usual));
}

function kindsOfSchema(schema: OptionSchema): readonly string[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(kindsOfSchema);
  if (schema.enum !== undefined) return schema.enum;
  switch (schema.type) {
    case 'integer':
    case 'number':
      return ['a number'];
    case 'boolean':
      return ['true', 'false'];
    case 'string':
      return ['a string'];
    case 'array': {
      const { minItems, maxItems, items } = schema;
      if (items?.type === 'array') return ['a list of lists'];
      return [minItems === maxItems ? `a list of ${minItems}` : 'a list'];
    }
    case undefined:
      throw new Error('a schema without a type');
  }
}

/** Whether a value, as it is written in a spec, is of a kind. */
export function isOfKind(written: string, kind: string): boolean {
  if (kind === 'tensor') return /^[a-z]+$/.test(written);
  if (kind === 'a number') return Number.isFinite(Number(written));
  if (kind === 'a string') return written.startsWith('"');
  if (kind === 'a list of lists') return written.startsWith('[[');
  if (kind === 'a list') return /^\[[^[]*\]$/.test(written);
  const count = /^a list of (\d+)$/.exec(kind)?.[1];
  if (count === undefined) return written === kind;
  return /^\[[^[]*\]$/.test(written) && written.split(',').length === Number(count);
}
