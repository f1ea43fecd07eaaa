import * as tf from '../tensorflow.js';
import type { HeadLosses, LossExpression } from '../../ir/recipe.js';
import type { LoadedPair } from '../data/dataset.js';
import { joinRows, rowsOf } from '../data/join-rows.js';
import type { Pixels } from '../data/pixels.js';
import type { Head } from '../losses/head.js';
import { lossOfHead } from '../losses/loss.js';
import { planesOf } from '../losses/loss-terms.js';
import { LossOfParts } from '../losses/loss-of-parts.js';
import { disposeTarget, makeImageTarget, makeTarget, type LossTarget } from '../losses/target.js';
import { readLoss } from '../losses/read-loss.js';
import type { MemoryLimits } from '../memory/limits.js';

/** Probabilities are kept this far from 0 and 1 in losses: what float32 can tell from 1. */
const margin = 1e-7;

/** Tensors of the output's size that a loss of the whole image makes at its height. */
const wholeTensors = 24;

/** The loss of one image, whose probabilities come in parts from the top. */
export class ImageLoss {
  readonly #losses: HeadLosses;
  readonly #head: Head;
  readonly #pair: LoadedPair;
  readonly #sums: LossOfParts | undefined;
  /** What there is of the image, for a loss that looks at it as a whole. */
  readonly #parts: Pixels[] = [];
  readonly #fits: boolean;

  constructor(losses: HeadLosses, head: Head, pair: LoadedPair, limits: MemoryLimits) {
    this.#losses = losses;
    this.#head = { ...head, gives: 'probabilities' };
    this.#pair = pair;
    this.#sums = LossOfParts.of(this.#expression, this.#head);
    const values = pair.mask.data.length * head.channels;
    this.#fits = wholeTensors * Float32Array.BYTES_PER_ELEMENT * values <= limits.most;
  }

  /** Adds the rows from `first` on; they are added before the next ones are given. */
  async add(rows: Pixels, first: number): Promise<void> {
    const sums = this.#sums;
    if (sums !== undefined) {
      await this.#compare(rows, first, (output, target) => sums.add(output, target));
    } else if (this.#fits) {
      this.#parts.push(rows);
    }
  }

  /** The loss of the whole image; undefined where it would take more memory than there is. */
  async value(): Promise<number | undefined> {
    if (this.#sums !== undefined) return this.#sums.value();
    if (!this.#fits) return undefined;
    return this.#compare(joinRows(this.#parts), 0, (output, target) =>
      readLoss(tf.tidy(() => lossOfHead(this.#expression, this.#head, output, target))),
    );
  }

  get #expression(): LossExpression {
    return this.#losses[this.#head.name]!;
  }

  /** Gives `act` the rows from `first` on and what is true of them, as tensors that live as long as it runs. */
  async #compare<T>(
    rows: Pixels,
    first: number,
    act: (output: tf.Tensor4D, target: LossTarget) => Promise<T>,
  ): Promise<T> {
    const { height, width, channels, data } = rows;
    const clipped = data.map((p) => Math.min(1 - margin, Math.max(margin, p)));
    const output = tf.tensor4d(clipped, [1, height, width, channels]);
    const target = this.#targetOf(rows, first);
    try {
      return await act(output, target);
    } finally {
      disposeTarget(target);
      output.dispose();
    }
  }

  #targetOf({ height, width }: Pixels, first: number): LossTarget {
    const head = this.#head;
    const { mask, planes } = this.#pair;
    if (head.classifiesImages) {
      const whole = { count: 1, height: mask.height, width: mask.width, masks: mask.data };
      const weights = new Float32Array(mask.data.length).fill(1);
      return makeImageTarget(head, { ...whole, weights });
    }
    const masks = rowsOf(mask, first, first + height).data;
    const weights = new Float32Array(masks.length).fill(1);
    const maps =
      planes &&
      planesOf(this.#losses, head.name, planes).map(
        (plane) => rowsOf({ ...mask, data: plane }, first, first + height).data,
      );
    return makeTarget(head, { count: 1, height, width, masks, weights, maps });
  }
}
