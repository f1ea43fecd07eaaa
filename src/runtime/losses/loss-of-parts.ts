import * as tf from '@tensorflow/tfjs';
import type { LossExpression } from '../../ir/recipe.js';
import type { Head } from './head.js';
import { termsOfLoss, type LossTerm } from './loss.js';
import { buildLoss, type BuiltLoss } from './named-loss.js';
import type { LossTarget } from './target.js';

type SummedLoss = Extract<BuiltLoss, { kind: 'sums' }>;

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

  /** Adds a part: the head's output [1, h, w, c] and its target, both of which stay the caller's. */
  add(output: tf.Tensor4D, target: LossTarget): void {
    const head = this.#head;
    for (const term of this.#terms) {
      tf.tidy(() => {
        const maps = term.maps.map((at) => target.maps[at]!);
        const map = maps.length === 0 ? undefined : maps.reduce((all, each) => tf.mul(all, each));
        const { tensors, counted } = term.built.sums({ head, output, target, map });
        term.counted += counted;
        term.sums = tensors.map((tensor, at) => {
          const before = term.sums[at]?.values;
          const values = Float64Array.from(tensor.dataSync<'float32'>());
          return { shape: tensor.shape, values: values.map((v, i) => v + (before?.[i] ?? 0)) };
        });
      });
    }
  }

  /** The loss of all parts together. */
  value(): number {
    return this.#terms.reduce((total, { built, factor, sums, counted }) => {
      const value = tf.tidy(() => {
        const tensors = sums.map(({ shape, values }) =>
          tf.tensor(Float32Array.from(values), [...shape]),
        );
        return built.value({ tensors, counted }).dataSync<'float32'>()[0]!;
      });
      return total + factor * value;
    }, 0);
  }
}
