import { isObject } from '../../files/index.js';
import { describeValue } from './shape.js';

/**
 * Where a value that was read from a file first differs from what it should be, in words
 * that continue its path (`preprocessing.channels is 2; its spec gives 3`); undefined
 * where they are equal. What is undefined in memory is absent in a file.
 */
export function firstDifference(
  stored: unknown,
  expected: unknown,
  path: string,
): string | undefined {
  return compare(stored, JSON.parse(JSON.stringify(expected ?? null)), path);
}

function compare(stored: unknown, expected: unknown, path: string): string | undefined {
  if (Array.isArray(stored) && Array.isArray(expected)) {
    const common = Array.from({ length: Math.min(stored.length, expected.length) }, (_, at) => at);
    const difference = firstOf(common, (at) => compare(stored[at], expected[at], `${path}[${at}]`));
    if (difference !== undefined || stored.length === expected.length) return difference;
    return `${path} has the length ${stored.length}; its spec gives ${expected.length}`;
  }
  const areObjects =
    isObject(stored) && isObject(expected) && !Array.isArray(stored) && !Array.isArray(expected);
  if (areObjects) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(stored)]);
    return firstOf(keys, (key) =>
      compare(ownOf(stored, key), ownOf(expected, key), `${path}.${key}`),
    );
  }
  if (stored === expected) return undefined;
  const isLong = typeof stored === 'string' && typeof expected === 'string' && stored.length > 40;
  if (isLong) return `${path} is another text than its spec gives`;
  const gives = expected === undefined ? 'nothing there' : describeValue(expected);
  return `${path} is ${describeValue(stored)}; its spec gives ${gives}`;
}

function ownOf(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function firstOf<T>(
  items: Iterable<T>,
  problemOf: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
