import type { ComponentCall } from '../ir/recipe.js';

/**
 * A number among a component's options. The catalogue has checked the options
 * and filled in defaults, so an absent one is a fault of the program: throws.
 */
export function numberOption(call: ComponentCall, option: string): number {
  const value = call.options[option];
  if (typeof value !== 'number') throw new Error(`"${call.name}" without the number "${option}"`);
  return value;
}

/** A list of numbers among a component's options; throws as `numberOption`. */
export function numbersOption(call: ComponentCall, option: string): readonly number[] {
  const values = call.options[option];
  const isList = Array.isArray(values) && values.every((each) => typeof each === 'number');
  if (!isList) throw new Error(`"${call.name}" without the numbers "${option}"`);
  return values;
}

/** A word among a component's options; throws as `numberOption`. */
export function wordOption<W extends string>(
  call: ComponentCall,
  option: string,
  words: readonly W[],
): W {
  const word = words.find((candidate) => candidate === call.options[option]);
  if (word === undefined) throw new Error(`"${call.name}" without the word "${option}"`);
  return word;
}
