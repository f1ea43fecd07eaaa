import { IGNORED, type ClassMask } from '../data/pixels.js';

/**
 * Pixels of one class over any number of images. Plain doubles hold whole
 * numbers to 2^53, so nothing is ever rounded and order does not matter.
 */
export interface ClassCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** How predictions and masks agree, over any number of images. */
export interface ConfusionCounts {
  /** All pixels that have a class, or all images that were classified. */
  readonly pixels: number;
  /** Those whose class is right, or all of whose classes are. */
  readonly right: number;
  /** By class, the background first. */
  readonly classes: readonly ClassCounts[];
}

/** Collects counts, image by image or part by part. */
export class ConfusionCounter {
  readonly #classCount: number;
  /** By truth * classCount + prediction. */
  readonly #matrix: Float64Array;

  constructor(classCount: number) {
    this.#classCount = classCount;
    this.#matrix = new Float64Array(classCount * classCount);
  }

  /** Adds an image or a part; both masks have one size, and pixels whose truth is `IGNORED` do not count. */
  add(predicted: ClassMask, truth: ClassMask): void {
    if (predicted.data.length !== truth.data.length) throw new Error('mask of another size');
    const matrix = this.#matrix;
    for (let i = 0; i < truth.data.length; i++) {
      const actual = truth.data[i]!;
      if (actual === IGNORED) continue;
      const at = actual * this.#classCount + predicted.data[i]!;
      matrix[at] = matrix[at]! + 1;
    }
  }

  /** Adds what another one has counted. */
  addCounts(other: ConfusionCounter): void {
    for (const [at, count] of other.#matrix.entries()) this.#matrix[at]! += count;
  }

  /** Pixels by their true class, the rows, and by their predicted one. */
  matrix(): readonly (readonly number[])[] {
    const size = this.#classCount;
    return Array.from({ length: size }, (_, truth) => [
      ...this.#matrix.subarray(truth * size, (truth + 1) * size),
    ]);
  }

  counts(): ConfusionCounts {
    const size = this.#classCount;
    let right = 0;
    const classes = Array.from({ length: size }, (_, c): ClassCounts => {
      let row = 0;
      let column = 0;
      for (let other = 0; other < size; other++) {
        row += this.#matrix[c * size + other]!;
        column += this.#matrix[other * size + c]!;
      }
      const truePositives = this.#matrix[c * size + c]!;
      right += truePositives;
      return {
        truePositives,
        falsePositives: column - truePositives,
        falseNegatives: row - truePositives,
      };
    });
    return { pixels: this.#matrix.reduce((sum, count) => sum + count, 0), right, classes };
  }
}
