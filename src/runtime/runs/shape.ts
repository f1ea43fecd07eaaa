import { isObject } from '../../files/index.js';

/**
 * What a value that was read from a file must look like. Shapes are made from
 * the ones below and typed by the interface that they stand for: a field that an
 * interface gains does not compile until its shape is told.
 */
export interface Shape<T> {
  /**
   * What is wrong with a value, in words that continue its path
   * (`progress.epoch is -3; expected a whole number from 0`), or undefined.
   */
  readonly problemOf: (value: unknown, path: string) => string | undefined;
  /** Never present; ties the shape to its type. */
  readonly type?: T;
}

/** Tells what is wrong with a value, if anything; where nothing is, it has the type. */
export function hasShape<T>(
  value: unknown,
  shape: Shape<T>,
): { readonly value: T } | { readonly problem: string } {
  const problem = shape.problemOf(value, '');
  return problem === undefined ? { value: value as T } : { problem };
}

/** A value that a test accepts; `expected` says which those are. */
function valueWhere<T>(expected: string, accepts: (value: unknown) => boolean): Shape<T> {
  return {
    problemOf: (value, path) =>
      accepts(value) ? undefined : `${path} is ${describeValue(value)}; expected ${expected}`,
  };
}

export const text: Shape<string> = valueWhere('a text', (value) => typeof value === 'string');

export const truth: Shape<boolean> = valueWhere(
  'true or false',
  (value) => typeof value === 'boolean',
);

export const finite: Shape<number> = valueWhere('a number', Number.isFinite);

export const nothing: Shape<null> = valueWhere('null', (value) => value === null);

/** Any value that JSON can hold; where another part judges it. */
export const anything: Shape<unknown> = valueWhere('a value', (value) => value !== undefined);

/** A whole number, `from` at least. */
export function whole(from: number): Shape<number> {
  return valueWhere(
    `a whole number from ${from}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= from,
  );
}

/** A text of a certain form. */
export function textLike(form: RegExp, expected: string): Shape<string> {
  return valueWhere(expected, (value) => typeof value === 'string' && form.test(value));
}

/** One of some values. */
export function oneOf<const T extends string | number>(values: readonly T[]): Shape<T> {
  const expected = values.map((value) => JSON.stringify(value)).join(' or ');
  return valueWhere(expected, (value) => values.some((known) => known === value));
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    problemOf: (value, path) =>
      Array.isArray(value)
        ? firstProblem(value.map((each, at) => () => item.problemOf(each, `${path}[${at}]`)))
        : `${path} is ${describeValue(value)}; expected a list`,
  };
}

/** An object with any keys and values of one shape. */
export function table<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    problemOf: (value, path) =>
      isObject(value)
        ? firstProblem(
            Object.keys(value).map((key) => () => item.problemOf(value[key], `${path}.${key}`)),
          )
        : `${path} is ${describeValue(value)}; expected an object`,
  };
}

/** A value that may be absent. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return {
    problemOf: (value, path) => (value === undefined ? undefined : shape.problemOf(value, path)),
  };
}

/** An object with exactly these fields; fields that nobody knows are a problem too. */
export function object<T extends object>(fields: {
  readonly [K in keyof Required<T>]: Shape<T[K]>;
}): Shape<T> {
  const known = Object.entries<Shape<unknown>>(fields);
  return {
    problemOf: (value, path) => {
      if (!isObject(value)) return `${path} is ${describeValue(value)}; expected an object`;
      const below = path === '' ? '' : `${path}.`;
      const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
      if (unknown !== undefined) return `${below}${unknown} is a field of no meaning`;
      return firstProblem(
        known.map(([key, shape]) => () => {
          const own = Object.hasOwn(value, key) ? value[key] : undefined;
          return shape.problemOf(own, `${below}${key}`);
        }),
      );
    },
  };
}

/** An object whose `kind` tells which of several shapes it has. */
export function byKind<T extends { readonly kind: string }>(shapes: {
  readonly [K in T['kind']]: Shape<Extract<T, { readonly kind: K }>>;
}): Shape<T> {
  const kinds = oneOf(Object.keys(shapes) as T['kind'][]);
  return {
    problemOf: (value, path) => {
      if (!isObject(value)) return `${path} is ${describeValue(value)}; expected an object`;
      const { kind } = value;
      const below = path === '' ? '' : `${path}.`;
      return (
        kinds.problemOf(kind, `${below}kind`) ??
        (shapes[kind as T['kind']] as Shape<unknown>).problemOf(value, path)
      );
    },
  };
}

/** A shape with a further condition on the whole, which returns what is wrong in words. */
export function where<T>(shape: Shape<T>, condition: (value: T) => string | undefined): Shape<T> {
  return {
    problemOf: (value, path) => shape.problemOf(value, path) ?? condition(value as T),
  };
}

function firstProblem(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A value of JSON in few words. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const shown = JSON.stringify(value);
  return shown.length > 40 ? `${shown.slice(0, 37)}...` : shown;
}
