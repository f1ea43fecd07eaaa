import type { Condition, Step, TensorReference } from './body.js';

/** A step that every call takes, or a choice. */
export type BodyLine = { readonly kind: 'step'; readonly step: Step } | ChoiceLine;

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

/** Puts steps of one condition together, and those of its opposite that follow. */
export function linesOf(steps: readonly Step[]): BodyLines {
  const lines: BodyLine[] = [];
  const lineOf: number[] = [];
  for (let at = 0; at < steps.length;) {
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
