import type { TypeExpression } from '../ast.js';

/** A type as it is written: `[int]`, `same | valid`. */
export function typeText(type: TypeExpression): string {
  switch (type.kind) {
    case 'named':
      return type.name.text;
    case 'list-of':
      return `[${typeText(type.item)}]`;
    case 'choice':
      return type.options.map(({ text }) => text).join(' | ');
  }
}
