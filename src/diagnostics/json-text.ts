import { replaceUnprintable } from './text-width.js';

/**
 * A value as JSON, over several lines unless `indent` is 0. Characters that steer a terminal or reorder
 * text, which JSON allows as they are, are written as escapes: what a program reads
 * is the same, and a person who looks at it is not deceived.
 */
export function jsonText(value: unknown, indent = 2): string {
  return replaceUnprintable(JSON.stringify(value, null, indent), escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
