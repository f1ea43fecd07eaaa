import type { Target } from '../../ir/target.js';
import type { TargetPlanes } from './pixels.js';
import type { TargetRule } from './read-target.js';

/** What one plane of a target holds, over one image or several. */
interface PlaneFacts {
  /** Pixels with a value. */
  readonly known: number;
  readonly low: number;
  readonly high: number;
  /** Of the values. */
  readonly sum: number;
}

/** What the planes of one image's targets hold, by head. */
export type TargetFacts = ReadonlyMap<string, readonly PlaneFacts[]>;

/** What one part of a data set holds for a head with a target of its own that is read from files. */
export interface TargetSummary {
  readonly head: string;
  readonly kind: Target['kind'];
  /** By plane: one of class numbers, or one for each channel. */
  readonly planes: readonly {
    /** The smallest and the largest value; undefined where there is none. */
    readonly range: readonly [low: number, high: number] | undefined;
    readonly mean: number | undefined;
    /** Part of the pixels that have a value. */
    readonly known: number;
  }[];
}

const nothing: PlaneFacts = { known: 0, low: Infinity, high: -Infinity, sum: 0 };

/** Looks at all planes of an image once. */
export function targetFacts(targets: TargetPlanes): TargetFacts {
  return new Map([...targets].map(([head, planes]) => [head, planes.map(factsOf)]));
}

function factsOf(plane: Float32Array): PlaneFacts {
  let { known, low, high, sum } = nothing;
  for (const value of plane) {
    if (Number.isNaN(value)) continue;
    known++;
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { known, low, high, sum };
}

/** Sums up the targets of the images of one part, which have so many pixels. */
export function summariseTargets(
  rules: readonly TargetRule[],
  images: readonly TargetFacts[],
  pixels: number,
): readonly TargetSummary[] {
  return rules.flatMap(({ head, target: { kind } }): readonly TargetSummary[] => {
    const own = images.flatMap((facts) => {
      const planes = facts.get(head);
      return planes === undefined ? [] : [planes];
    });
    const [first] = own;
    if (first === undefined) return [];
    const planes = first.map((_, at) => {
      const all = own.map((each) => each[at]!).reduce(together, nothing);
      const isEmpty = all.known === 0;
      return {
        range: isEmpty ? undefined : ([all.low, all.high] as const),
        mean: isEmpty ? undefined : all.sum / all.known,
        known: pixels === 0 ? 0 : all.known / pixels,
      };
    });
    return [{ head, kind, planes }];
  });
}

const together = (a: PlaneFacts, b: PlaneFacts): PlaneFacts => ({
  known: a.known + b.known,
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
  sum: a.sum + b.sum,
});
