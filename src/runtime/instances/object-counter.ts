import type { ObjectMap } from './separate.js';
import {
  addObjects,
  averagePrecision,
  matchObjects,
  noObjects,
  panopticQuality,
  type ObjectCounts,
} from '../metrics/instances.js';
import { IGNORED, type ClassMask } from '../data/pixels.js';

/** How the objects of images were found, whatever their class; 0 to 1. */
export interface ObjectScores {
  /** Objects that are there. */
  readonly true: number;
  readonly found: number;
  /** Average precision at an intersection over union above 0.5. */
  readonly ap50: number | undefined;
  /** The mean of the average precisions at 0.5, 0.55 and so on to 0.95. */
  readonly ap: number | undefined;
  /** Panoptic quality. */
  readonly pq: number | undefined;
  /** The Dice of the pixels of all objects together. */
  readonly dice: number | undefined;
}

const limits = Array.from({ length: 10 }, (_, k) => 0.5 + k / 20);

/** Counts how objects agree, image by image. */
export class ObjectCounter {
  #counts: readonly ObjectCounts[] = limits.map(() => noObjects);
  #both = 0;
  #sum = 0;

  /**
   * Adds an image.
   *
   * @param truth its true objects by number, 0 for none.
   * @param mask its true classes: pixels without one do not count.
   */
  add({ labels }: ObjectMap, truth: Int32Array, mask: ClassMask): void {
    const isIgnored = (at: number): boolean => mask.data[at] === IGNORED;
    this.#counts = this.#counts.map((counts, at) =>
      addObjects(counts, matchObjects(labels, truth, limits[at]!, isIgnored)),
    );
    for (const [at, label] of labels.entries()) {
      if (isIgnored(at)) continue;
      this.#both += label !== 0 && truth[at] !== 0 ? 1 : 0;
      this.#sum += (label === 0 ? 0 : 1) + (truth[at] === 0 ? 0 : 1);
    }
  }

  scores(): ObjectScores {
    const [half] = this.#counts;
    const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = half!;
    const values = this.#counts.map(averagePrecision);
    const known = values.filter((value) => value !== undefined);
    return {
      true: tp + fn,
      found: tp + fp,
      ap50: values[0],
      ap:
        known.length === 0
          ? undefined
          : known.reduce((sum, value) => sum + value, 0) / known.length,
      pq: panopticQuality(half!),
      dice: this.#sum === 0 ? undefined : (2 * this.#both) / this.#sum,
    };
  }
}
