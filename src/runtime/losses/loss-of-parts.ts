import * as tf from '../tensorflow.js';
import type { LossExpression } from '../../ir/recipe.js';
import type { Head } from './head.js';
import type { SummedLoss } from './built-loss.js';
import { termsOfLoss, type LossTerm } from './loss-terms.js';
import { buildLoss } from './named-loss.js';
import { readLoss } from './read-loss.js';
import type { LossTarget } from './target.js';

/** A loss of an expression, and its sums so far. */
interface SummedTerm extends LossTerm {
  readonly built: SummedLoss;
  sums: readonly { readonly shape: readonly number[]; readonly values: Float64Array }[];
  counted: number;
}

/**
 * The loss of one image whose parts come one after the other: that of the whole image,
 * in the memory of a part.
 */
export class LossOfParts {
  readonly #terms: readonly SummedTerm[];
  readonly #head: Head;

  private constructor(terms: readonly SummedTerm[], head: Head) {
    this.#terms = terms;
    this.#head = head;
  }

  /** Undefined for a loss that looks at the image as a whole. */
  static of(expression: LossExpression, head: Head): LossOfParts | undefined {
    const terms: SummedTerm[] = [];
    for (const term of termsOfLoss(expression)) {
      const built = buildLoss(term.loss);
      if (built.kind === 'whole') return undefined;
      terms.push({ ...term, built, sums: [], counted: 0 });
    }
    return new LossOfParts(terms, head);
  }

  /**
   * Adds a part: the head's output [1, h, w, c] and its target, both of which stay the
   * caller's. A part is added before the next one is given.
   */
  async add(output: tf.Tensor4D, target: LossTarget): Promise<void> {
    const head = this.#head;
    for (const term of this.#terms) {
      let counted = 0;
      const tensors = tf.tidy(() => {
        const maps = term.maps.map((at) => target.maps[at]!);
        const map = maps.length === 0 ? undefined : maps.reduce((all, each) => tf.mul(all, each));
        const sums = term.built.sums({ head, output, target, map });
        ({ counted } = sums);
        return [...sums.tensors];
      });
      const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
      term.counted += counted;
      term.sums = values.map((own, at) => {
        const before = term.sums[at]?.values;
        const total = Float64Array.from(own, (value, i) => value + (before?.[i] ?? 0));
        return { shape: tensors[at]!.shape, values: total };
      });
      tf.dispose(tensors);
    }
  }

  /** The loss of all parts together. */
  async value(): Promise<number> {
    let total = 0;
    for (const { built, factor, sums, counted } of this.#terms) {
      const loss = tf.tidy(() => {
        const tensors = sums.map(({ shape, values }) =>
          tf.tensor(Float32Array.from(values), [...shape]),
        );
        return built.value({ tensors, counted });
      });
      total += factor * (await readLoss(loss));
    }
    return total;
  }
}
