/**
 * Probabilities in order, in bins: 256 for each halving of a probability below 1/2, and of its
 * distance to 1 above, down to 2^-30. What one bin holds differs by less than 1/256 of it.
 */
const least = 0x30800000 >> 15;
const binsOfHalf = (0x3f000000 >> 15) - least + 1;
const binCount = 2 * binsOfHalf;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The bin of a probability; those of larger ones are larger. Below 1/2 the bits of a float32 order it. */
function binOf(probability: number): number {
  const isLow = probability < 0.5;
  float[0] = Math.max(0, isLow ? probability : 1 - probability);
  const bin = Math.max(0, (bits[0]! >> 15) - least);
  return isLow ? bin : binCount - 1 - bin;
}

/** How probabilities of a class are ranked where it is true and where it is not. */
export class Ranks {
  /** By bin, false ones in the first half. Made when there is something to count. */
  #counts: Float64Array | undefined;

  /** Adds one probability, 0 to 1. */
  add(probability: number, isTrue: boolean): void {
    this.#counts ??= new Float64Array(2 * binCount);
    this.#counts[binOf(probability) + (isTrue ? binCount : 0)]! += 1;
  }

  /** Adds what another one has counted. */
  addRanks(other: Ranks): void {
    if (other.#counts === undefined) return;
    this.#counts ??= new Float64Array(2 * binCount);
    for (const [at, count] of other.#counts.entries()) this.#counts[at]! += count;
  }

  /** Forgets what was counted. */
  clear(): void {
    this.#counts?.fill(0);
  }

  /**
   * The area under the ROC curve: the part of all pairs of a true and a false one in which the
   * true one ranks higher; pairs in one bin count by half (Mann and Whitney 1947). Undefined
   * without such pairs.
   */
  area(): number | undefined {
    const counts = this.#counts ?? new Float64Array(2 * binCount);
    let [below, positives, pairs] = [0, 0, 0];
    for (let bin = 0; bin < binCount; bin++) {
      const [no, yes] = [counts[bin]!, counts[bin + binCount]!];
      pairs += yes * (below + no / 2);
      below += no;
      positives += yes;
    }
    return below * positives === 0 ? undefined : pairs / (below * positives);
  }
}
