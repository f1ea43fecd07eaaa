import { scalings } from '../../catalog/scalings.js';
import {
  listOf,
  numberOf,
  objectOf,
  textOf,
  type JsonObject,
  type JsonValue,
} from '../../files/index.js';
import type { HeadActivation } from '../../ir/head-activation.js';
import type { ScalingCall, ScalingName } from '../../ir/recipe.js';

/** What a model that unetc wrote says of the images and classes that its weights know. */
export interface TrainedFacts {
  readonly scaling: ScalingCall | undefined;
  /** Names of the classes, class 0 first, where its recipe had them. */
  readonly classes: readonly string[] | undefined;
  /** Colours of the classes in its masks, packed as in `MaskLevels`, where they had colours. */
  readonly colours: readonly number[] | undefined;
  /** Values of the model's parameters, in the language's notation. */
  readonly set: Readonly<Record<string, string>>;
  /** How the values of its outputs become probabilities, by their names. */
  readonly activations: ReadonlyMap<string, HeadActivation>;
}

/**
 * Reads the facts of a model's metadata. What is missing there or does not look as unetc
 * writes it is unknown.
 */
export function readTrainedFacts(metadata: JsonObject | undefined): TrainedFacts {
  const network = objectOf(metadata?.['network']);
  const own = objectOf(metadata?.['unetc']);
  const masks = objectOf(objectOf(own?.['preprocessing'])?.['masks']);
  return {
    scaling: readScaling(objectOf(network?.['scaling'])),
    classes: allOf(network?.['classes'], textOf),
    colours: masks?.['kind'] === 'colours' ? allOf(masks['table'], numberOf) : undefined,
    set: readSettings(objectOf(objectOf(own?.['spec'])?.['set'])),
    activations: new Map((listOf(network?.['outputs']) ?? []).flatMap(readActivation)),
  };
}

function readSettings(stored: JsonObject | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(stored ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** A scaling from the numbers that a network's facts hold. */
function readScaling(stored: JsonObject | undefined): ScalingCall | undefined {
  const name = textOf(stored?.['name']);
  if (stored === undefined || name === undefined || !Object.hasOwn(scalings, name))
    return undefined;
  const given = stored['range'];
  const range = allOf(given, numberOf);
  const [low, high] = range ?? [];
  const isRange = range?.length === 2 && low! < high!;
  if ((given !== undefined || name === 'range') && !isRange) return undefined;
  if (name === 'range') return { name, options: { low, high } };
  if (name !== 'normalize') return { name: name as ScalingName, options: { range } };
  const statistics = objectOf(stored['statistics']);
  const mean = allOf(statistics?.['mean'], numberOf);
  const deviation = allOf(statistics?.['deviation'], numberOf);
  const isWhole = mean?.length === deviation?.length && deviation?.every((each) => each > 0);
  return isWhole === true ? { name, options: { mean, deviation, white: 1, range } } : undefined;
}

function readActivation(stored: JsonValue): readonly (readonly [string, HeadActivation])[] {
  const output = objectOf(stored);
  const name = textOf(output?.['name']);
  const activation = output?.['activation'];
  return name !== undefined && (activation === 'sigmoid' || activation === 'softmax')
    ? [[name, activation]]
    : [];
}

/** A list whose items are all of one kind. */
function allOf<T>(
  value: JsonValue | undefined,
  read: (item: JsonValue) => T | undefined,
): readonly T[] | undefined {
  const items = listOf(value)?.map(read);
  return items?.every((item) => item !== undefined) === true ? (items as readonly T[]) : undefined;
}
