/** A size, and what it costs: milliseconds, or thousands of steps. */
export interface Point {
  readonly size: number;
  readonly cost: number;
}

/** Lower costs are those of starting, not of growing. */
const floor = 10;

/**
 * The exponent of a power law through points, by least squares on the logarithms:
 * 1 is linear, 2 quadratic. It is that of the last three points, since what
 * grows fastest shows at the end. Undefined where there are fewer than two to go by.
 */
export function exponentOf(points: readonly Point[]): number | undefined {
  const told = points.filter(({ cost }) => cost >= floor).slice(-3);
  if (told.length < 2) return undefined;
  const xs = told.map(({ size }) => Math.log(size));
  const ys = told.map(({ cost }) => Math.log(cost));
  const mean = (all: readonly number[]): number =>
    all.reduce((sum, one) => sum + one, 0) / all.length;
  const [x, y] = [mean(xs), mean(ys)];
  const covariance = xs.reduce((sum, one, at) => sum + (one - x) * (ys[at]! - y), 0);
  return covariance / xs.reduce((sum, one) => sum + (one - x) ** 2, 0);
}
