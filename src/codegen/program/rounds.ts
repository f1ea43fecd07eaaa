import type { Formula } from '../../ir/formula.js';
import type { CallArgument, Step, TensorReference } from './body.js';

type CallStep = Extract<Step, { readonly kind: 'call' }>;

/** What a step of a round reads: what flows in, what its own round made, or what the one before did. */
export type RoundReference =
  | { readonly from: 'outside'; readonly reference: TensorReference }
  | { readonly from: 'round' | 'before'; readonly step: number };

/** One step of every round. */
export interface RoundStep {
  /** As the first round has it. */
  readonly example: CallStep;
  /** The names of its tensors without their numbers: `block_` of `/block_3`. */
  readonly stem: string;
  readonly inputs: readonly RoundReference[];
  /** The arguments, each with its values in all rounds where those differ. */
  readonly args: ReadonlyMap<string, CallArgument | readonly Formula[]>;
  /** Whether rounds differ in what they say to the flag, or in giving the last input. */
  readonly flags: readonly boolean[] | undefined;
  readonly given: readonly boolean[] | undefined;
}

/** Steps that a body takes again and again, with other numbers. */
export interface Rounds {
  /** The index of the first step of the body, and how many there are. */
  readonly start: number;
  readonly length: number;
  /** The number in the names of the first round; each is one more. */
  readonly first: number;
  readonly count: number;
  readonly steps: readonly RoundStep[];
  /** What stands for the tensor of a step before the first round. */
  readonly initial: ReadonlyMap<number, TensorReference>;
}

/** Fewer rounds read as well written out. */
const least = { rounds: 4, steps: 6 };
const longestRound = 3;

/** Finds rounds, the longest of each place first. */
export function findRounds(steps: readonly Step[]): readonly Rounds[] {
  const found: Rounds[] = [];
  for (let start = 0; start < steps.length;) {
    const periods = Array.from({ length: longestRound }, (_, index) => index + 1);
    const candidates = periods.flatMap((period) => roundsAt(steps, start, period) ?? []);
    const best = candidates.sort((left, right) => right.length - left.length)[0];
    if (best === undefined) start += 1;
    else {
      found.push(best);
      start += best.length;
    }
  }
  return found;
}

function roundsAt(steps: readonly Step[], start: number, period: number): Rounds | undefined {
  let count = 0;
  while (isRound(steps, start, period, count)) count += 1;
  for (; count >= least.rounds && count * period >= least.steps; count--) {
    const rounds = readRounds(steps, start, period, count);
    if (rounds !== undefined) return rounds;
  }
  return undefined;
}

/** A name that ends in a number: its stem, and the number. */
function numbered({ suffix, isWhole }: Step): { stem: string; number: number } | undefined {
  const found = isWhole ? null : /^\/([A-Za-z]\w*?)([1-9]\d*)$/.exec(suffix);
  return found === null ? undefined : { stem: found[1]!, number: Number(found[2]) };
}

/** Whether a round's steps are calls of the functions that the first round calls, with the next number. */
function isRound(steps: readonly Step[], start: number, period: number, round: number): boolean {
  const first = numbered(steps[start]!);
  if (first === undefined) return false;
  return Array.from({ length: period }, (_, at) => at).every((at) => {
    const [example, own] = [steps[start + at], steps[start + round * period + at]];
    if (example?.kind !== 'call' || own?.kind !== 'call') return false;
    const [name, ownName] = [numbered(example), numbered(own)];
    return (
      name?.number === first.number &&
      ownName?.number === first.number + round &&
      ownName.stem === name.stem &&
      own.block === example.block &&
      own.instance === undefined &&
      own.others.length === 0 &&
      own.when === undefined
    );
  });
}

function readRounds(
  steps: readonly Step[],
  start: number,
  period: number,
  count: number,
): Rounds | undefined {
  const callAt = (round: number, at: number): CallStep =>
    steps[start + round * period + at] as CallStep;
  const rounds = Array.from({ length: count }, (_, round) => round);
  const initial = new Map<number, TensorReference>();
  const made: RoundStep[] = [];
  for (let at = 0; at < period; at++) {
    const calls = rounds.map((round) => callAt(round, at));
    const most = Math.max(...calls.map(({ inputs }) => inputs.length));
    if (calls.some(({ inputs }) => inputs.length < most - 1)) return undefined;
    const inputs = Array.from({ length: most }, (_, slot) =>
      readInput(
        calls.map((call) => call.inputs[slot]),
        { start, period, initial },
      ),
    );
    const args = readArguments(calls);
    if (args === undefined || inputs.includes(undefined)) return undefined;
    const flags = calls.map(({ isFlagged }) => isFlagged === true);
    const given = calls.map((call) => call.inputs.length === most);
    made.push({
      example: calls[0]!,
      stem: numbered(calls[0]!)!.stem,
      inputs: inputs as RoundReference[],
      args,
      flags: new Set(flags).size > 1 ? flags : undefined,
      given: given.includes(false) ? given : undefined,
    });
  }
  const isStarted = made.every(({ inputs }) =>
    inputs.every((each) => each.from !== 'before' || initial.has(each.step)),
  );
  if (!isStarted) return undefined;
  const { number } = numbered(steps[start]!)!;
  return { start, length: count * period, first: number, count, steps: made, initial };
}

interface Place {
  readonly start: number;
  readonly period: number;
  readonly initial: Map<number, TensorReference>;
}

/** What an input is in all rounds that give it. */
function readInput(
  references: readonly (TensorReference | undefined)[],
  { start, period, initial }: Place,
): RoundReference | undefined {
  const given = references.flatMap((reference, round) => (reference ? [{ reference, round }] : []));
  const texts = new Set(given.map(({ reference }) => JSON.stringify(reference)));
  const isBefore = ({ reference }: (typeof given)[number]): boolean =>
    reference.from === 'input' || reference.index < start;
  if (texts.size === 1 && isBefore(given[0]!) && given.length > 1) {
    return { from: 'outside', reference: given[0]!.reference };
  }
  // Of later rounds the distance tells which step it is; the first may read something else.
  const { reference, round } = given.at(-1)!;
  if (reference.from === 'input' || reference.index < start) return undefined;
  const step = (reference.index - start) % period;
  const from = Math.floor((reference.index - start) / period) === round ? 'round' : 'before';
  const isAlike = given.every(({ reference: own, round: at }) => {
    const wanted = start + (from === 'round' ? at : at - 1) * period + step;
    if (wanted < start) {
      const known = initial.get(step) ?? own;
      initial.set(step, known);
      return (
        isBefore({ reference: own, round: at }) && JSON.stringify(known) === JSON.stringify(own)
      );
    }
    return own.from === 'step' && own.index === wanted && (own.output ?? 0) === 0;
  });
  return isAlike ? { from, step } : undefined;
}

/** Undefined where a default is a formula that some rounds have and others do not. */
function readArguments(calls: readonly CallStep[]): RoundStep['args'] | undefined {
  const result = new Map<string, CallArgument | readonly Formula[]>();
  for (const name of new Set(calls.flatMap(({ args }) => [...args.keys()]))) {
    const column = calls.map(({ args }) => args.get(name) ?? 'default');
    if (new Set(column.map((each) => JSON.stringify(each))).size === 1) {
      result.set(name, column[0]!);
      continue;
    }
    const parameters = calls[0]!.block.block.parameters;
    const standard = parameters.find((each) => each.name === name)?.default;
    const values = column.map((each) => (each === 'default' ? standard : each));
    const isKnown = (value: Formula | undefined, at: number): boolean =>
      value !== undefined && (column[at] !== 'default' || value.kind === 'number');
    if (!values.every(isKnown)) return undefined;
    const isOne = new Set(values.map((each) => JSON.stringify(each))).size === 1;
    result.set(name, isOne ? values[0]! : (values as Formula[]));
  }
  return result;
}
