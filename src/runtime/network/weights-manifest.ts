import type { io } from '../tensorflow.js';
import {
  countOf,
  listOf,
  listOfAll,
  numberOf,
  objectOf,
  textOf,
  type JsonValue,
} from '../../files/index.js';

/** Weights that lie one behind the other in some files. */
export interface WeightGroup {
  /** The files, relative to the folder of the `model.json`. */
  readonly paths: readonly string[];
  readonly weights: readonly io.WeightsManifestEntry[];
}

/** A manifest, or what is wrong with it, as words behind a colon. */
export type ManifestAnswer =
  | { readonly kind: 'groups'; readonly groups: readonly WeightGroup[] }
  | { readonly kind: 'wrong'; readonly reason: string };

/** Reads the `weightsManifest` of a `model.json`, whatever stands there. */
export function readManifest(manifest: JsonValue | undefined): ManifestAnswer {
  const wrong = (reason: string): ManifestAnswer => ({ kind: 'wrong', reason });
  if (manifest === undefined) return wrong('it has no "weightsManifest"');
  const list = listOf(manifest);
  if (list === undefined) return wrong('its "weightsManifest" is not a list');
  const groups: WeightGroup[] = [];
  const names = new Set<string>();
  for (const [at, item] of list.entries()) {
    const where = `group ${at + 1} of its "weightsManifest"`;
    const group = objectOf(item);
    const paths = listOfAll(group?.['paths'], (path) => textOf(path) || undefined);
    if (paths === undefined) return wrong(`${where} has no list of file names as "paths"`);
    const entries = listOf(group?.['weights']);
    if (entries === undefined) return wrong(`${where} has no list of "weights"`);
    const weights: io.WeightsManifestEntry[] = [];
    for (const [index, each] of entries.entries()) {
      const entry = readEntry(each);
      if (entry === undefined) {
        const name = textOf(objectOf(each)?.['name']);
        const which = name === undefined ? `weight ${index + 1}` : `the weight "${name}"`;
        return wrong(`${which} in ${where} has no usable name, shape and type`);
      }
      if (names.has(entry.name)) return wrong(`it lists the weight "${entry.name}" twice`);
      names.add(entry.name);
      weights.push(entry);
    }
    groups.push({ paths, weights });
  }
  return { kind: 'groups', groups };
}

function readEntry(value: JsonValue): io.WeightsManifestEntry | undefined {
  const entry = objectOf(value);
  const name = textOf(entry?.['name']);
  const shape = listOfAll(entry?.['shape'], countOf);
  const dtype = oneOf(entry?.['dtype'], ['float32', 'int32', 'bool', 'string', 'complex64']);
  if (entry === undefined || name === undefined || shape === undefined || dtype === undefined) {
    return undefined;
  }
  if (entry['quantization'] === undefined) return { name, shape: [...shape], dtype };
  const stored = objectOf(entry['quantization']);
  const quantised = oneOf(stored?.['dtype'], ['uint8', 'uint16', 'float16']);
  if (quantised === undefined) return undefined;
  const scale = numberOf(stored?.['scale']);
  const min = numberOf(stored?.['min']);
  const isWhole = quantised === 'float16' || (scale !== undefined && min !== undefined);
  if (!isWhole) return undefined;
  const quantization = {
    dtype: quantised,
    ...(scale === undefined ? {} : { scale }),
    ...(min === undefined ? {} : { min }),
  };
  return { name, shape: [...shape], dtype, quantization };
}

function oneOf<const T extends string>(
  value: JsonValue | undefined,
  choices: readonly T[],
): T | undefined {
  return choices.find((choice) => choice === value);
}
