import type { Condition, Step, TensorReference } from './body.js';
import type { Rounds } from './rounds.js';

/** A step that every call takes, a choice, or steps that are taken again and again. */
export type BodyLine = { readonly kind: 'step'; readonly step: Step } | ChoiceLine | RoundsLine;

export interface RoundsLine {
  readonly kind: 'rounds';
  readonly rounds: Rounds;
  /** All of them, one round after the other. */
  readonly steps: readonly Step[];
}

/** Steps of which calls take some or the others; the last of either makes the one tensor. */
export interface ChoiceLine {
  readonly kind: 'choice';
  readonly condition: Condition;
  readonly taken: readonly Step[];
  /** Empty where `otherwise` stands for the tensor. */
  readonly others: readonly Step[];
  readonly otherwise: TensorReference | undefined;
}

/** The lines of a body, and for each of its steps the line that it is in. */
export interface BodyLines {
  readonly lines: readonly BodyLine[];
  readonly lineOf: readonly number[];
}

/** Puts rounds together, and steps of one condition with those of its opposite that follow. */
export function linesOf(steps: readonly Step[], all: readonly Rounds[] = []): BodyLines {
  const lines: BodyLine[] = [];
  const lineOf: number[] = [];
  for (let at = 0; at < steps.length;) {
    const rounds = all.find(({ start }) => start === at);
    if (rounds !== undefined) {
      const own = steps.slice(at, at + rounds.length);
      lineOf.push(...own.map(() => lines.length));
      lines.push({ kind: 'rounds', rounds, steps: own });
      at += rounds.length;
      continue;
    }
    const { when } = steps[at]!;
    if (when === undefined) {
      lineOf.push(lines.length);
      lines.push({ kind: 'step', step: steps[at]! });
      at += 1;
      continue;
    }
    const taken = runOf(steps, at, when);
    const next = at + taken.length;
    const last = taken.at(-1)!;
    const opposite = { ...when, is: !when.is };
    const following = last.otherwise === undefined ? runOf(steps, next, opposite) : [];
    const follows = following.at(-1)?.otherwise;
    const isOther = follows?.from === 'step' && follows.index === next - 1;
    const others = isOther ? following : [];
    const { length } = [...taken, ...others];
    lineOf.push(...Array.from({ length }, () => lines.length));
    const { otherwise } = last;
    lines.push({ kind: 'choice', condition: when, taken, others, otherwise });
    at += length;
  }
  return { lines, lineOf };
}

/** The steps from one on that have a condition. */
function runOf(steps: readonly Step[], from: number, condition: Condition): readonly Step[] {
  const text = JSON.stringify(condition);
  let end = from;
  while (steps[end]?.when !== undefined && JSON.stringify(steps[end]!.when) === text) end += 1;
  return steps.slice(from, end);
}
