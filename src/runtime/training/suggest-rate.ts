/** A step of a search for a learning rate. */
export interface RatePoint {
  readonly rate: number;
  /** Of the batch. */
  readonly loss: number;
}

/** A step with what its neighbours say. */
export interface SmoothedPoint extends RatePoint {
  /** The loss, smoothed over the rates around. */
  readonly smoothed: number;
  /** How much the smoothed loss changes over a tenfold rate. */
  readonly slope: number;
}

/** What a search comes to. */
export interface RateSuggestion {
  /** Where the smoothed loss falls fastest; undefined where it hardly falls. */
  readonly steepest: SmoothedPoint | undefined;
  /** Where the smoothed loss is lowest before it rises again. */
  readonly lowest: SmoothedPoint;
}

/** Steps weigh by a normal distribution over the logarithm of the rate, with this deviation at least. */
const narrowest = 0.2;
/** The deviation in steps, where they lie far from each other. */
const fewest = 2;

/**
 * Smooths the losses of growing rates: at each step a line is fitted to the losses over the decimal
 * logarithm of the rate by least squares, near steps weighing more (Cleveland 1979, with normal
 * weights). Unlike a moving average it does not lag behind.
 *
 * @param points at least one, their rates growing by a constant factor.
 */
export function smoothRates(points: readonly RatePoint[]): readonly SmoothedPoint[] {
  const logs = points.map(({ rate }) => Math.log10(rate));
  const step = points.length < 2 ? 1 : (logs.at(-1)! - logs[0]!) / (points.length - 1);
  const width = Math.max(narrowest, fewest * step);
  return points.map((point, at) => {
    let [sum, x, y, xx, xy] = [0, 0, 0, 0, 0];
    for (const [other, { loss }] of points.entries()) {
      const distance = logs[other]! - logs[at]!;
      const weight = Math.exp(-0.5 * (distance / width) ** 2);
      sum += weight;
      x += weight * distance;
      y += weight * loss;
      xx += weight * distance * distance;
      xy += weight * distance * loss;
    }
    const spread = sum * xx - x * x;
    const slope = spread > 0 ? (sum * xy - x * y) / spread : 0;
    return { ...point, smoothed: (y - slope * x) / sum, slope };
  });
}

/** A fall of less than this part of the first loss is noise. */
const leastFall = 0.05;
/** Where the loss rises again by this part of its whole fall, training has become unsteady. */
const unsteady = 0.25;
/** At the ends, lines have neighbours on one side alone: their slopes do not count for so many of the points. */
const ends = 0.1;

/**
 * The rate at which the smoothed loss falls fastest, on its way down to the lowest loss before it
 * first rises again: large enough to learn quickly, and below where training becomes unsteady
 * (Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.3; the steepest
 * point as in fastai).
 *
 * @param points at least one.
 */
export function suggestRate(points: readonly SmoothedPoint[]): RateSuggestion {
  const lowestOf = (all: readonly SmoothedPoint[]): SmoothedPoint =>
    all.reduce((best, point) => (point.smoothed < best.smoothed ? point : best));
  const [first] = points;
  const fall = first!.smoothed - lowestOf(points).smoothed;
  let best = first!;
  const end = points.findIndex((point) => {
    if (point.smoothed < best.smoothed) best = point;
    return point.smoothed > best.smoothed + unsteady * fall;
  });
  const lowest = end < 0 ? lowestOf(points) : lowestOf(points.slice(0, Math.max(1, end)));
  if (fall < leastFall * Math.abs(first!.smoothed)) return { steepest: undefined, lowest };
  const edge = Math.ceil(ends * points.length);
  const before = points.slice(edge, Math.min(points.indexOf(lowest) + 1, points.length - edge));
  const falling = before.filter(({ slope }) => slope < 0).sort((a, b) => a.slope - b.slope);
  return { steepest: falling[0], lowest };
}
