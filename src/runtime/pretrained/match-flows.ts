import type { Flow, Step } from './flow.js';

/** Which step of one flow is which of another: by the index of the first, that of the second. */
export type Assignment = ReadonlyMap<number, number>;

/** What two flows have in common. */
export interface FlowMatch {
  /** One way to lay the first onto the second. */
  readonly assignment: Assignment;
  /**
   * Other ways that show outside: a step that something else reads is another step
   * there. Where there are any, the flows do not tell which of them is right.
   */
  readonly others: readonly Assignment[];
}

type Candidates = Map<number, ReadonlySet<number>>;

/** More tries than any network needs whose branches can be told apart. */
const tryLimit = 2_000;

/**
 * Lays a flow onto another: each step onto one of the same key that reads the steps
 * onto which its inputs are laid, no two onto one. Steps that have no place, because the
 * other flow parts from this one before them, are left out together with what follows.
 *
 * Candidates are narrowed from both ends: a step's inputs must lie where it reads, and
 * something of the other flow must read where a follower lies. Where several are left,
 * the first that leads to a whole match is taken; exchanging branches that are alike in
 * every respect changes nothing.
 *
 * @param isSeen whether something outside reads a step, so that it matters where it lies.
 */
export function matchFlows(
  own: Flow,
  other: Flow,
  isSeen: (step: number, laid: ReadonlySet<number>) => boolean,
): FlowMatch {
  const matcher = new Matcher(own, other);
  const first = startCandidates(own, other);
  const region = matcher.narrow(first) ?? growRegion(matcher, first, own);
  const assignment = matcher.solve(region) ?? new Map<number, number>();
  const laid = new Set(region.keys());
  const others = [...region].flatMap(([step, candidates]) => {
    if (candidates.size < 2 || !isSeen(step, laid)) return [];
    return [...candidates].flatMap((candidate) => {
      if (candidate === assignment.get(step)) return [];
      const changed = matcher.narrow(new Map(region).set(step, new Set([candidate])), [step]);
      const solved = changed && matcher.solve(changed);
      // What could not be tried to the end may be another way.
      return solved ?? (matcher.isExhausted ? new Map([[step, candidate]]) : []);
    });
  });
  return { assignment, others };
}

/** For each step those of the same key whose inputs may be its own; steps without any are left out. */
function startCandidates(own: Flow, other: Flow): Candidates {
  const byKey = new Map<string, number[]>();
  other.forEach(({ key }, at) => byKey.set(key, [...(byKey.get(key) ?? []), at]));
  const candidates: Candidates = new Map();
  own.forEach((step, at) => {
    const fitting = (byKey.get(step.key) ?? []).filter((each) =>
      canRead(step, other[each]!, candidates),
    );
    if (fitting.length > 0) candidates.set(at, new Set(fitting));
  });
  return candidates;
}

/** Whether a step of the other flow can stand for `step`: its inputs are candidates of the inputs. */
function canRead(step: Step, other: Step, candidates: Candidates): boolean {
  if (step.inputs.length !== other.inputs.length) return false;
  const fits = (mine: number, theirs: number): boolean =>
    candidates.get(step.inputs[mine]!)?.has(other.inputs[theirs]!) === true;
  const places = step.inputs.map((_, at) => at);
  // Long merges are read in their order.
  if (!step.commutes || places.length > 6) return places.every((at) => fits(at, at));
  const pairUp = (mine: number, free: readonly number[]): boolean =>
    mine === places.length ||
    free.some(
      (theirs) =>
        fits(mine, theirs) &&
        pairUp(
          mine + 1,
          free.filter((at) => at !== theirs),
        ),
    );
  return pairUp(0, places);
}

/** Takes steps in one by one, in their order, as long as all those taken have a place. */
function growRegion(matcher: Matcher, first: Candidates, own: Flow): Candidates {
  let region: Candidates = new Map();
  for (const [step, candidates] of first) {
    if (!own[step]!.inputs.every((input) => region.has(input))) continue;
    const grown = matcher.narrow(new Map(region).set(step, candidates), [step]);
    if (grown !== undefined) region = grown;
  }
  return region;
}

class Matcher {
  readonly #readers: readonly (readonly number[])[];
  readonly #otherReaders: readonly (readonly number[])[];
  #tries = 0;

  constructor(
    readonly own: Flow,
    readonly other: Flow,
  ) {
    this.#readers = readersOf(own);
    this.#otherReaders = readersOf(other);
  }

  /** Whether there was more to try than is worth it. */
  get isExhausted(): boolean {
    return this.#tries > tryLimit;
  }

  /**
   * Drops candidates that cannot be until none is left to drop; undefined when a step
   * has none.
   *
   * @param changed where candidates are others than when they were narrowed last.
   */
  narrow(given: Candidates, changed: Iterable<number> = given.keys()): Candidates | undefined {
    const candidates: Candidates = new Map(given);
    const taken = new Map<number, number>();
    for (const [step, [only, second]] of candidates) {
      if (second !== undefined) continue;
      if (taken.has(only!)) return undefined;
      taken.set(only!, step);
    }
    const pending = new Set<number>();
    const lookAgain = (step: number): void => {
      for (const next of [...this.own[step]!.inputs, ...this.#readers[step]!]) {
        if (candidates.has(next)) pending.add(next);
      }
      const [only, second] = candidates.get(step)!;
      if (second !== undefined) return;
      // What is taken is there for nobody else.
      for (const [rival, rivals] of candidates) {
        if (rival !== step && rivals.has(only!)) pending.add(rival);
      }
    };
    for (const step of changed) {
      pending.add(step);
      lookAgain(step);
    }
    for (const step of pending) {
      pending.delete(step);
      const before = candidates.get(step)!;
      const left = new Set(
        [...before].filter(
          (each) => (taken.get(each) ?? step) === step && this.#isPossible(step, each, candidates),
        ),
      );
      if (left.size === before.size) continue;
      if (left.size === 0) return undefined;
      candidates.set(step, left);
      const [only, second] = left;
      if (second === undefined) taken.set(only!, step);
      lookAgain(step);
    }
    return candidates;
  }

  #isPossible(step: number, candidate: number, candidates: Candidates): boolean {
    if (!canRead(this.own[step]!, this.other[candidate]!, candidates)) return false;
    return this.#readers[step]!.every((reader) => {
      const places = candidates.get(reader);
      return (
        places === undefined || this.#otherReaders[candidate]!.some((place) => places.has(place))
      );
    });
  }

  /** One whole assignment within candidates that were narrowed; undefined when there is none. */
  solve(candidates: Candidates): Assignment | undefined {
    const open = [...candidates].find(([, each]) => each.size > 1);
    if (open === undefined) {
      return new Map([...candidates].map(([step, [only]]) => [step, only!]));
    }
    for (const candidate of open[1]) {
      this.#tries += 1;
      if (this.#tries > tryLimit) return undefined;
      const tried = new Map(candidates).set(open[0], new Set([candidate]));
      const narrowed = this.narrow(tried, [open[0]]);
      const solved = narrowed && this.solve(narrowed);
      if (solved !== undefined) return solved;
    }
    return undefined;
  }
}

function readersOf(flow: Flow): readonly (readonly number[])[] {
  const readers: number[][] = flow.map(() => []);
  flow.forEach(({ inputs }, at) => inputs.forEach((input) => readers[input]!.push(at)));
  return readers;
}
