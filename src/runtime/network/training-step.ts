import * as tf from '../tensorflow.js';
import type { Random } from '../random.js';
import type { FunctionalNetwork } from './functional.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { WeightStore } from './weights.js';

/** The scalar to make small, from the heads' outputs by name; it knows the batch's targets. */
export type LossFunction = (outputs: ReadonlyMap<string, tf.Tensor4D>) => tf.Scalar;

export interface TrainingStepOptions {
  readonly network: FunctionalNetwork;
  readonly weights: WeightStore;
  readonly optimizer: Optimizer;
  readonly loss: LossFunction;
}

export interface Batch {
  readonly image: tf.Tensor4D;
  readonly learningRate: number;
  /** Fresh for every step (`random.fork('step 7')`); needed where the network has dropout. */
  readonly random?: Random;
}

/**
 * One step of training: forward, backward, optimizer, running statistics.
 * Returns the loss as a scalar tensor, which the caller reads and disposes; all
 * other tensors of the step are freed. The batch stays the caller's.
 */
export function trainingStep(options: TrainingStepOptions, batch: Batch): tf.Scalar {
  const { network, weights, optimizer, loss } = options;
  return tf.tidy(() => {
    const variables = weights.trainable();
    const kept: [string, tf.Tensor][] = [];
    const { value, grads } = tf.variableGrads(
      () => {
        const result = network.forward(weights, batch.image, {
          training: true,
          random: batch.random,
        });
        // The tape frees what is made inside it, statistics included.
        for (const [name, update] of result.updates) kept.push([name, tf.keep(update)]);
        return loss(result.outputs);
      },
      variables.map(({ variable }) => variable),
    );
    const gradients = new Map<string, tf.Tensor>();
    for (const { name, variable } of variables) {
      const gradient: tf.Tensor | undefined = grads[variable.name];
      if (gradient) gradients.set(name, gradient);
    }
    optimizer.apply(variables, gradients, batch.learningRate);
    for (const [name, update] of kept) {
      weights.assign(name, update);
      update.dispose();
    }
    return value;
  });
}
