import type { Body, BodyInput } from './body.js';

/** The inputs of variants as those of one function. */
export interface JoinedInputs {
  readonly all: readonly BodyInput[];
  /** Of each variant, which of its inputs each of them is; -1 for one that it lacks. */
  readonly places: readonly (readonly number[])[];
}

/** Undefined where the variants do not begin with the same input, or differ in more than one. */
export function joinInputs(bodies: readonly Body[]): JoinedInputs | undefined {
  const names = bodies.map(({ inputs }) => inputs.map(({ name }) => name));
  const all = [...new Set(names.flat())];
  const isEverywhere = (name: string): boolean => names.every((own) => own.includes(name));
  const optional = all.filter((name) => !isEverywhere(name));
  const isClear = names.every((own) => own[0] === names[0]![0] && new Set(own).size === own.length);
  if (!isClear || optional.length > 1) return undefined;
  const ordered = [...all.filter(isEverywhere), ...optional];
  const found = bodies.flatMap(({ inputs }) => inputs);
  return {
    all: ordered.map((name): BodyInput => {
      const { node } = found.find((each) => each.name === name)!;
      return { node, name, ...(optional.includes(name) && { isOptional: true }) };
    }),
    places: names.map((own) => ordered.map((name) => own.indexOf(name))),
  };
}
