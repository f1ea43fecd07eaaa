import type { SharedStep } from './align-steps.js';
import { followedBy } from './block-parameters.js';
import type { BlockFunction, Condition } from './body.js';
import type { JoinedInputs } from './join-inputs.js';
import { specNameOf } from './step-names.js';

/** Which variants have a step. */
export type Presence = readonly boolean[];

/** When the steps of a joined function are taken. */
export interface Conditions {
  /** Of each step; undefined for common ones. */
  readonly conditions: readonly (Condition | undefined)[];
  readonly choices: number;
  /** What calls say beside numbers, and what those of each variant say. */
  readonly flag: { readonly name: string; readonly says: Presence } | undefined;
}

/**
 * Finds a question for each choice: whether an input was given, whether a parameter has the
 * smaller of its two values, or else a flag, of which a function has one at most.
 */
export function findConditions(
  variants: readonly BlockFunction[],
  presences: readonly Presence[],
  rows: readonly SharedStep[],
  inputs: JoinedInputs,
): Conditions | undefined {
  const conditions: (Condition | undefined)[] = [];
  const found = new Map<string, Condition>();
  let flag: Conditions['flag'];
  for (const [at, presence] of presences.entries()) {
    if (presence.every(Boolean)) {
      conditions.push(undefined);
      continue;
    }
    const opposite = found.get(presence.map((has) => !has).join());
    let condition: Condition | undefined =
      found.get(presence.join()) ?? (opposite && { ...opposite, is: !opposite.is });
    condition ??= byInput(presence, inputs) ?? byParameter(presence, variants);
    if (condition === undefined) {
      if (flag !== undefined) return undefined;
      const { name, says } = flagFor(at, presence, presences, rows, variants);
      flag = { name, says };
      condition = { by: 'flag', is: presence.every((has, index) => has === says[index]) };
    }
    if (opposite === undefined) found.set(presence.join(), condition);
    conditions.push(condition);
  }
  const optional = inputs.all.findIndex(({ isOptional }) => isOptional === true);
  const asks = ({ by }: Condition): boolean => by === 'input';
  if (optional >= 0 && ![...found.values()].some(asks)) return undefined;
  return { conditions, choices: found.size, flag };
}

function byInput(presence: Presence, { all, places }: JoinedInputs): Condition | undefined {
  const index = all.findIndex(({ isOptional }) => isOptional === true);
  if (index < 0) return undefined;
  const isGiven = places.map((own) => own[index]! >= 0);
  return conditionOf(presence, isGiven, (is) => ({ by: 'input', index, is }));
}

/** Parameters that follow from others of the model which a caller may choose tell nothing. */
function byParameter(
  presence: Presence,
  variants: readonly BlockFunction[],
): Condition | undefined {
  const calls = variants.flatMap((each) => each.calls);
  const measures = measuresOf(variants);
  for (const { name } of variants[0]!.block.parameters) {
    if (measures.has(name)) continue;
    // Two whole numbers are a choice, as strides are; others only happen to be two.
    const values = new Set(calls.map((call) => call.values.parameters.get(name)));
    const numbers = [...values].filter((value) => typeof value === 'number');
    const isOpen = calls.some(({ scope, open }) =>
      followedBy(scope, name).some((each) => open.has(each)),
    );
    const isGiven = calls.some(({ args }) => args.get(name) !== 'default');
    const isWhole = values.size === 2 && numbers.length === 2 && numbers.every(Number.isInteger);
    if (!isWhole || isOpen || !isGiven) continue;
    const value = Math.min(...numbers);
    const says = variants.map((each) => saysOf(each, name, value));
    if (says.includes(undefined)) continue;
    const found = conditionOf(presence, says as Presence, (is) => {
      return { by: 'parameter', name, value, is };
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The parameters that are widths or kernels: what a block makes of them is no other for one value. */
function measuresOf(variants: readonly BlockFunction[]): ReadonlySet<string> {
  const formulas = variants.flatMap(({ body }) =>
    body.steps.flatMap((step) =>
      step.kind === 'operation'
        ? [step.operation.formulas['channels'], step.operation.formulas['kernel']]
        : [],
    ),
  );
  return new Set(formulas.flatMap((each) => (each?.kind === 'parameter' ? [each.name] : [])));
}

/** Whether a parameter has a value in all calls, or in none; undefined where in some. */
function saysOf({ calls }: BlockFunction, name: string, value: unknown): boolean | undefined {
  const own = new Set(calls.map((call) => call.values.parameters.get(name) === value));
  return own.size === 1 ? [...own][0] : undefined;
}

function conditionOf(
  presence: Presence,
  says: Presence,
  make: (is: boolean) => Condition,
): Condition | undefined {
  if (presence.every((has, index) => has === says[index])) return make(true);
  return presence.every((has, index) => has !== says[index]) ? make(false) : undefined;
}

/** A parameter of the spec that is true or false, or whether a call has the last of the steps. */
function flagFor(
  first: number,
  presence: Presence,
  presences: readonly Presence[],
  rows: readonly SharedStep[],
  variants: readonly BlockFunction[],
): { readonly name: string; readonly says: Presence } {
  const named = variants[0]!.block.parameters.flatMap(({ name }) => {
    const says = variants.map((each) => saysOf(each, name, true));
    const isEither = variants.every((each) => saysOf(each, name, false) !== undefined);
    const fits = conditionOf(presence, says as Presence, (is) => ({ by: 'flag', is }));
    return isEither && fits !== undefined ? [{ name, says: says as Presence }] : [];
  });
  // Of several that agree in all calls, it is not known which is meant.
  const [own, ...others] = named;
  if (own !== undefined && others.length === 0) return own;
  let last = first;
  while (presences[last + 1]?.join() === presence.join()) last += 1;
  const [[variant, at]] = [...rows[last]!] as [[number, number]];
  const step = variants[variant]!.body.steps[at]!;
  const word = step.kind === 'call' ? step.block.block.name : step.operation.word;
  return { name: `has_${specNameOf(step) ?? word}`, says: presence };
}
