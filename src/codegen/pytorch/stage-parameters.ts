import { parametersOf, type Formula } from '../../ir/formula.js';
import type { ModuleParameter } from './module.js';

/** A number or a formula in the names of the block, or of the model, that the stage is a part of. */
export interface Slot {
  readonly name: string;
  readonly formula: Formula;
}

/** A stage with more different formulas than these takes the parameters they are made of. */
const mostFormulas = 3;

/** The parameters of a stage's class, what stands in its slots, and what a call gives. */
export interface ChosenParameters {
  readonly parameters: readonly ModuleParameter[];
  readonly inside: readonly Formula[];
  /** What a member with these slots gives for each parameter. */
  readonly argsOf: (slots: readonly Formula[]) => ReadonlyMap<string, Formula>;
}

/**
 * A number that all members share stays a number. What they differ in, and formulas, come
 * in as values; of a stage with many formulas the parameters that these are made of.
 */
export function chooseParameters(
  slots: readonly Slot[],
  columns: readonly (readonly Formula[])[],
): ChosenParameters {
  const names = new Map<string, { readonly name: string; readonly at: number }>();
  const taken = new Set<string>();
  const inside = columns.map((column, at): Formula => {
    const texts = column.map((formula) => JSON.stringify(formula));
    const [first] = column;
    if (first!.kind === 'number' && texts.every((text) => text === texts[0])) return first!;
    const key = texts.join(' ');
    const known = names.get(key);
    if (known !== undefined) return { kind: 'parameter', name: known.name };
    const wanted = first!.kind === 'parameter' ? first!.name : slots[at]!.name;
    const name = freeName(wanted.startsWith('#') ? 'channels' : wanted, taken);
    names.set(key, { name, at });
    return { kind: 'parameter', name };
  });
  const own = slots.flatMap(({ formula }) => parametersOf(formula));
  const isSingle = columns.every((column) => column.length === 1);
  if (isSingle && names.size > mostFormulas && !own.some((name) => name.startsWith('#'))) {
    const all = [...new Set(own)];
    return {
      parameters: all.map((name) => ({ name, default: undefined })),
      inside: slots.map(({ formula }) => formula),
      argsOf: () => new Map(all.map((name) => [name, { kind: 'parameter', name }])),
    };
  }
  const given = [...names.values()];
  return {
    parameters: given.map(({ name }) => ({ name, default: undefined })),
    inside,
    argsOf: (values) => new Map(given.map(({ name, at }) => [name, values[at]!])),
  };
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
  taken.add(name);
  return name;
}
