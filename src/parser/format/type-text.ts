import type { TypeExpression } from '../ast.js';

/** A type as it is written: `[int]`, `float above 0 to 1`, `same | valid`. */
export function typeText(type: TypeExpression): string {
  switch (type.kind) {
    case 'named':
      return [type.name.text, ...type.bounds.map(({ word, text }) => `${word} ${text}`)].join(' ');
    case 'list-of':
      return `[${typeText(type.item)}]`;
    case 'choice':
      return type.options.map(({ text }) => text).join(' | ');
  }
}
