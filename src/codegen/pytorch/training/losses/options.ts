import type { ComponentCall } from '../../../../ir/recipe.js';

/** A number among the checked options of a call; throws where there is none and no other. */
export function numberOf(call: ComponentCall, name: string, otherwise?: number): number {
  const found = optionalNumberOf(call, name) ?? otherwise;
  if (found === undefined) throw new Error(`"${call.name}" without the number "${name}"`);
  return found;
}

export function optionalNumberOf({ options }: ComponentCall, name: string): number | undefined {
  const found = options[name];
  return typeof found === 'number' ? found : undefined;
}

/** One factor a class, the background first; undefined for none. */
export const classWeightsOf = ({ options }: ComponentCall): readonly number[] | undefined =>
  options['class_weights'] as readonly number[] | undefined;
