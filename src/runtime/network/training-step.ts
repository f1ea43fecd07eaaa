import * as tf from '../tensorflow.js';
import type { Random } from '../random.js';
import type { ClipGradients, Gradients } from './clip-gradients.js';
import type { FunctionalNetwork } from './functional.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { WeightStore } from './weights.js';

/** The scalar to make small, from the heads' outputs by name; it knows the batch's targets. */
export type LossFunction = (outputs: ReadonlyMap<string, tf.Tensor4D>) => tf.Scalar;

export interface TrainedNetwork {
  readonly network: FunctionalNetwork;
  readonly weights: WeightStore;
  readonly optimizer: Optimizer;
  /** What is done to the gradients of a step before the optimizer sees them. */
  readonly clip?: ClipGradients | undefined;
}

/** What is trained, and by which loss. */
export interface TrainingStepOptions extends TrainedNetwork {
  readonly loss: LossFunction;
}

export interface Batch {
  readonly image: tf.Tensor4D;
  readonly learningRate: number;
  /** Fresh for every step (`random.fork('step 7')`); needed where the network has dropout. */
  readonly random?: Random;
}

/** A part of a batch: images that go through the network together. */
export interface StepPart extends Pick<Batch, 'image' | 'random'> {
  /** Of the images of this part. */
  readonly loss: LossFunction;
  /** Its share of the images of the batch; those of all parts make 1. */
  readonly share: number;
}

/**
 * One step of training: forward, backward, optimizer, running statistics.
 * Returns the loss as a scalar tensor, which the caller reads and disposes; all
 * other tensors of the step are freed. The batch stays the caller's.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { compile } from 'unetc';
 * import { adam, buildFunctionalNetwork, initialiseWeights } from 'unetc/runtime';
 * import { Optimizer, Random, startEngine, trainingStep } from 'unetc/runtime';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * await startEngine('wasm');
 * const { graph } = compile({ text }).models[0]!;
 * const weights = initialiseWeights(graph, new Random(1));
 * const image = tf.ones<tf.Rank.R4>([1, 8, 8, 1]);
 * const loss = trainingStep(
 *   {
 *     ...{ network: buildFunctionalNetwork(graph), weights, optimizer: new Optimizer(adam()) },
 *     loss: (outputs) => tf.mean(tf.square(tf.sub(outputs.get('mask')!, image))),
 *   },
 *   { image, learningRate: 0.01 },
 * );
 * const [value = NaN] = await loss.data();
 * console.log(value > 0 && value < 1);
 * loss.dispose();
 * ```
 *
 * ```text
 * true
 * ```
 */
export function trainingStep(options: TrainingStepOptions, batch: Batch): tf.Scalar {
  const { image, random, learningRate } = batch;
  const part = { image, loss: options.loss, share: 1, ...(random && { random }) };
  return stepOfParts(options, [part], learningRate);
}

/**
 * The same for a batch in parts, which go through the network one after the other: loss and
 * gradients are the means of theirs by shares, and running statistics move with each. It
 * takes the memory of the largest part, and that of one more set of gradients.
 */
export function stepOfParts(
  trained: TrainedNetwork,
  parts: readonly StepPart[],
  learningRate: number,
): tf.Scalar {
  return tf.tidy(() => {
    const variables = trained.weights.trainable();
    let total: Found | undefined;
    for (const part of parts) {
      const before: Found | undefined = total;
      total = tf.tidy(() => addPart(before, gradientsOf(trained, part), part.share));
      if (before !== undefined) tf.dispose(before);
    }
    const [value, gradients] = total!;
    const clipped = trained.clip?.(gradients) ?? gradients;
    trained.optimizer.apply(variables, new Map(Object.entries(clipped)), learningRate);
    return value;
  });
}

type Found = [value: tf.Scalar, gradients: Gradients];

/** Forward and backward through one part; running statistics move. */
function gradientsOf({ network, weights }: TrainedNetwork, part: StepPart): Found {
  const variables = weights.trainable();
  const kept: [string, tf.Tensor][] = [];
  const { value, grads } = tf.variableGrads(
    () => {
      const result = network.forward(weights, part.image, {
        training: true,
        random: part.random,
      });
      // The tape frees what is made inside it, statistics included.
      for (const [name, update] of result.updates) kept.push([name, tf.keep(update)]);
      return part.loss(result.outputs);
    },
    variables.map(({ variable }) => variable),
  );
  for (const [name, update] of kept) {
    weights.assign(name, update);
    update.dispose();
  }
  const found = variables.flatMap(({ name, variable }): [string, tf.Tensor][] => {
    const gradient: tf.Tensor | undefined = grads[variable.name];
    return gradient === undefined ? [] : [[name, gradient]];
  });
  return [value, Object.fromEntries(found)];
}

/** A part that is the whole batch stays as it is. */
function addPart(before: Found | undefined, part: Found, share: number): Found {
  if (before === undefined && share === 1) return part;
  const add = <T extends tf.Tensor>(total: T | undefined, each: T): T => {
    const own = tf.mul<T>(each, share);
    return total === undefined ? own : tf.add<T>(total, own);
  };
  const [value, gradients] = part;
  const sums = Object.entries(gradients).map(([name, gradient]) => [
    name,
    add(before?.[1][name], gradient),
  ]);
  return [add(before?.[0], value), Object.fromEntries(sums) as Gradients];
}
