import { IGNORED, type ClassMask, type Pixels } from '../data/pixels.js';
import type { ConfusionCounts } from './counts.js';

/**
 * Sums of probabilities in the place of counts, over any number of images: of a
 * class's probability p and truth t, sum p t is what is right, sum p less it
 * what is wrong, sum t less it what is missed. One channel stands for two
 * classes, 1 - p and p. With 0 and 1 for probabilities the sums are counts.
 */
export class SoftCounter {
  readonly #overlap: Float64Array;
  readonly #predicted: Float64Array;
  readonly #actual: Float64Array;
  #pixels = 0;
  #right = 0;

  constructor(classCount: number) {
    this.#overlap = new Float64Array(classCount);
    this.#predicted = new Float64Array(classCount);
    this.#actual = new Float64Array(classCount);
  }

  /** Adds an image or a part; both have one size, and pixels whose truth is `IGNORED` do not count. */
  add({ channels, data }: Pixels, truth: ClassMask): void {
    for (let i = 0; i < truth.data.length; i++) {
      const actual = truth.data[i]!;
      if (actual === IGNORED) continue;
      this.#pixels++;
      this.#actual[actual]! += 1;
      for (let c = 0; c < this.#predicted.length; c++) {
        const p = channels > 1 ? data[i * channels + c]! : c === 1 ? data[i]! : 1 - data[i]!;
        this.#predicted[c]! += p;
        if (c !== actual) continue;
        this.#overlap[c]! += p;
        this.#right += p;
      }
    }
  }

  /**
   * Adds an image that was classified as a whole, of which any number of classes may be true,
   * 0 or 1 by channel. It is right as far as the channel is that is furthest from it.
   */
  addImage(predicted: readonly number[], truth: readonly number[]): void {
    this.#pixels++;
    const wrong = predicted.map((p, channel) => Math.abs(p - truth[channel]!));
    this.#right += 1 - Math.max(...wrong);
    const byClass = (values: readonly number[]): readonly number[] =>
      values.length > 1 ? values : [1 - values[0]!, values[0]!];
    const [p, t] = [byClass(predicted), byClass(truth)];
    for (let c = 0; c < this.#predicted.length; c++) {
      this.#actual[c]! += t[c]!;
      this.#predicted[c]! += p[c]!;
      this.#overlap[c]! += p[c]! * t[c]!;
    }
  }

  /** Adds what another one has summed up. */
  addCounts(other: SoftCounter): void {
    this.#pixels += other.#pixels;
    this.#right += other.#right;
    for (let c = 0; c < this.#predicted.length; c++) {
      this.#overlap[c]! += other.#overlap[c]!;
      this.#predicted[c]! += other.#predicted[c]!;
      this.#actual[c]! += other.#actual[c]!;
    }
  }

  counts(): ConfusionCounts {
    const classes = Array.from(this.#overlap, (overlap, c) => ({
      truePositives: overlap,
      falsePositives: this.#predicted[c]! - overlap,
      falseNegatives: this.#actual[c]! - overlap,
    }));
    return { pixels: this.#pixels, right: this.#right, classes };
  }
}
