/** Predictions of one part of 0 to 1. */
export interface ReliabilityBin {
  readonly count: number;
  /** The mean of their probabilities. */
  readonly probability: number;
  /** The part of them that is right. */
  readonly right: number;
}

/** Predictions sorted by their probability into parts of 0 to 1 of equal width. */
export class Reliabilities {
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #right: Float64Array;

  constructor(bins: number) {
    this.#counts = new Float64Array(bins);
    this.#sums = new Float64Array(bins);
    this.#right = new Float64Array(bins);
  }

  /** Adds one prediction. */
  add(probability: number, isRight: boolean): void {
    const last = this.#counts.length - 1;
    const at = Math.min(last, Math.max(0, Math.floor(probability * (last + 1))));
    this.#counts[at]! += 1;
    this.#sums[at]! += probability;
    if (isRight) this.#right[at]! += 1;
  }

  /** Adds what another one of as many bins has counted. */
  addAll(other: Reliabilities): void {
    for (let at = 0; at < this.#counts.length; at++) {
      this.#counts[at]! += other.#counts[at]!;
      this.#sums[at]! += other.#sums[at]!;
      this.#right[at]! += other.#right[at]!;
    }
  }

  /** By bin, null where it is empty. */
  bins(): readonly (ReliabilityBin | null)[] {
    return Array.from(this.#counts, (count, at): ReliabilityBin | null =>
      count === 0
        ? null
        : { count, probability: this.#sums[at]! / count, right: this.#right[at]! / count },
    );
  }

  /**
   * The calibration error (Naeini et al. 2015): the mean over predictions of the distance in
   * their bin between the mean probability and the part that is right; undefined without any.
   */
  error(): number | undefined {
    let [total, distance] = [0, 0];
    for (const bin of this.bins()) {
      if (bin === null) continue;
      total += bin.count;
      distance += bin.count * Math.abs(bin.probability - bin.right);
    }
    return total === 0 ? undefined : distance / total;
  }
}
