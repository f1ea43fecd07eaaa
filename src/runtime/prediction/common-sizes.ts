import { leastCommonMultiple } from '../../ir/sizes/fraction.js';
import type { PlaneSizes } from '../../ir/sizes/geometry.js';
import type { AxisSizes } from '../../ir/recipe.js';
import type { ExactPart, PlaneAxis, TilingRules } from '../data/tiling.js';

/** Sizes are tried so often at most: moduli of networks have small multiples in common. */
const tries = 4096;

/**
 * The input sizes that all networks take and give outputs of one size for; undefined where there
 * is none along an axis. The output's name is that of the first.
 */
export function commonSizes(all: readonly PlaneSizes[]): PlaneSizes | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const height = commonAxis(all, 'height');
  const width = commonAxis(all, 'width');
  const isThere = [height, width].every((axis) => axis.legalAtLeast(1) !== undefined);
  return isThere ? { ...first, height, width } : undefined;
}

function commonAxis(all: readonly PlaneSizes[], axis: PlaneAxis): AxisSizes {
  const members = all.map((sizes) => ({ sizes: sizes[axis], output: sizes.output }));
  const [first, ...others] = members;
  const isLegal = (size: number): boolean =>
    members.every(({ sizes }) => sizes.isLegal(size)) &&
    others.every(
      ({ sizes, output }) =>
        sizes.outputSize(output, size) === first!.sizes.outputSize(first!.output, size),
    );
  /** The first legal size on the way from `size`, each step to the farthest of the next sizes of all. */
  const search = (
    size: number,
    next: (sizes: AxisSizes, size: number) => number | undefined,
    farthest: (...sizes: readonly number[]) => number,
    step: 1 | -1,
  ): number | undefined => {
    let at = size;
    for (let left = tries; left > 0; left--) {
      const found = members.map(({ sizes }) => next(sizes, at));
      if (found.some((each) => each === undefined)) return undefined;
      const reached = farthest(...(found as number[]));
      if (isLegal(reached)) return reached;
      at = reached === at ? at + step : reached;
    }
    return undefined;
  };
  return {
    isLegal,
    legalAtLeast: (size) => search(size, (sizes, at) => sizes.legalAtLeast(at), Math.max, 1),
    legalAtMost: (size) => search(size, (sizes, at) => sizes.legalAtMost(at), Math.min, -1),
    outputSize: (_, size) => first!.sizes.outputSize(first!.output, size),
  };
}

/** Tiles that do for all networks, which run one after the other. */
export function commonTiling(all: readonly TilingRules[]): TilingRules {
  const modulusOf = (axis: PlaneAxis): number =>
    all.map(({ modulus }) => modulus[axis]).reduce(leastCommonMultiple);
  return {
    fits: (...size) => all.every((rules) => rules.fits(...size)),
    mayFit: (...size) => all.every((rules) => rules.mayFit(...size)),
    together: (...size) => Math.min(...all.map((rules) => rules.together(...size))),
    exactPart: (...place) => {
      const parts = all.map((rules) => rules.exactPart(...place));
      const reason = parts.find((part) => typeof part === 'string');
      if (reason !== undefined) return reason;
      const exact = parts as readonly ExactPart[];
      const begin = Math.max(...exact.map((part) => part.begin));
      return { begin, end: Math.max(begin, Math.min(...exact.map((part) => part.end))) };
    },
    modulus: { height: modulusOf('height'), width: modulusOf('width') },
    wanted: all[0]?.wanted,
  };
}
