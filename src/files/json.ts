import { FileError } from './file-error.js';
import { readBytesSync, type ReadOptions } from './read.js';

/** What JSON can hold: its shape is unknown until it is looked at. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** An object of JSON. A key that is not there is undefined. */
export type JsonObject = { readonly [key: string]: JsonValue | undefined };

/** The value that a text of JSON stands for; undefined when it is none, or cut short. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Reads a document of JSON. Throws `FileError`, also when it is not JSON. */
export function readJsonSync(path: string, options: ReadOptions = {}): JsonValue {
  const value = parseJson(readBytesSync(path, 'json', options).toString('utf8'));
  if (value === undefined) throw new FileError(path, 'system', 'it is cut short, or no JSON');
  return value;
}

/** Whether a value of any origin is an object with fields: no list, and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a value is; undefined when it is something else. */
export function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value : undefined;
}

/** The list that a value is; undefined when it is something else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return isList(value) ? value : undefined;
}

/** The text that a value is; undefined when it is something else. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The finite number that a value is; undefined when it is something else. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The whole number from 0 on that a value is; undefined when it is something else. */
export function countOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/**
 * The list that a value is, with each item read; undefined when it is not a list, or
 * when one item is not what it should be.
 */
export function listOfAll<T>(
  value: JsonValue | undefined,
  read: (item: JsonValue) => T | undefined,
): readonly T[] | undefined {
  const items = listOf(value)?.map(read);
  return items?.every((item): item is T & {} => item !== undefined) ? items : undefined;
}

/** `Array.isArray` that keeps the items' type. */
const isList = (value: JsonValue | undefined): value is readonly JsonValue[] =>
  Array.isArray(value);
