import { IGNORED, type ClassMask, type Pixels } from '../data/pixels.js';
import { usualThreshold } from './mask-rule.js';

/** Thresholds that are compared: every thousandth. */
const STEPS = 1000;

/** What the best threshold is worth. */
export interface FoundThreshold {
  readonly threshold: number;
  /** The Dice of class 1 over all pixels at the threshold. */
  readonly dice: number;
  /** The same at 0.5. */
  readonly usual: number;
}

/**
 * Finds the threshold on the probability of class 1 with the best Dice over any number of
 * images: 2 TP / (2 TP + FP + FN) from the counts of all of them, at every thousandth.
 */
export class ThresholdCounter {
  /** Pixels by truth, 0 or 1, and the largest thousandth that their probability is above. */
  readonly #pixels = [new Float64Array(STEPS + 1), new Float64Array(STEPS + 1)] as const;

  /** Adds probabilities of one channel and the true classes, of one size. */
  add({ data }: Pixels, truth: ClassMask): void {
    for (const [at, found] of truth.data.entries()) {
      if (found === IGNORED) continue;
      // p > k / 1000 is so for the k below ceil(1000 p); bin 0 is above no threshold.
      const bin = Math.min(STEPS, Math.max(0, Math.ceil(data[at]! * STEPS)));
      this.#pixels[found === 0 ? 0 : 1][bin]! += 1;
    }
  }

  /** The best threshold, of equals the one nearest to 0.5; undefined where no mask has class 1. */
  best(): FoundThreshold | undefined {
    const [background, foreground] = this.#pixels;
    const all = foreground.reduce((sum, count) => sum + count, 0);
    if (all === 0) return undefined;
    let [right, wrong] = [0, 0];
    const values = new Float64Array(STEPS);
    for (let k = STEPS - 1; k >= 0; k--) {
      right += foreground[k + 1]!;
      wrong += background[k + 1]!;
      values[k] = (2 * right) / (right + wrong + all);
    }
    const usual = Math.round(usualThreshold * STEPS);
    let best = usual;
    for (let distance = 1; distance <= usual; distance++) {
      for (const k of [usual - distance, usual + distance]) {
        if (k < STEPS && values[k]! > values[best]!) best = k;
      }
    }
    return { threshold: best / STEPS, dice: values[best]!, usual: values[usual]! };
  }
}
