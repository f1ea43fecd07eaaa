import * as tf from '../tensorflow.js';
import type { Graph } from '../../ir/graph.js';
import { averageSlot } from './optimizers/slots.js';
import { weightsFromValues, type WeightStore } from './weights.js';

/**
 * The exponential moving average of all weights of a network, running statistics among them:
 * a = a + (1 - d) (w - a) after each step, d being the smaller of `decay` and
 * (1 + t) / (10 + t) for the step t, counted from 0, as TensorFlow's ExponentialMovingAverage
 * has it: the weights at the start are soon forgotten.
 */
export class WeightAverage {
  /** The average. */
  readonly weights: WeightStore;
  readonly #decay: number;

  /** @param values what it begins with: the weights at the start, or the average so far. */
  constructor(graph: Graph, decay: number, values: ReadonlyMap<string, Float32Array>) {
    this.weights = weightsFromValues(graph, values);
    this.#decay = decay;
  }

  /** @param step the step that is done, counted from 0. */
  update(from: WeightStore, step: number): void {
    const rest = 1 - Math.min(this.#decay, (1 + step) / (10 + step));
    tf.tidy(() => {
      for (const { name } of this.weights.specs) {
        const before = this.weights.get(name);
        const difference = tf.sub(from.get(name), before);
        this.weights.assign(name, tf.add(before, tf.mul(difference, rest)));
      }
    });
  }

  /** Copies, by the names that a state has them under. */
  async state(): Promise<ReadonlyMap<string, Float32Array>> {
    const values = await this.weights.values();
    return new Map([...values].map(([name, each]) => [`${name}/${averageSlot}`, each]));
  }
}
