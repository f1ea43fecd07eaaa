import * as tf from '../tensorflow.js';
import { compileText } from '../../compile.js';
import { lossOfOutputs } from '../losses/loss.js';
import { readOutputs, withLogitHeads } from '../losses/head.js';
import { makeTarget } from '../losses/target.js';
import { buildFunctionalNetwork } from '../network/functional.js';
import { prepareInference } from '../network/inference.js';
import { adam } from '../network/optimizers/adam.js';
import { Optimizer, type UpdateRule } from '../network/optimizers/optimizer.js';
import { trainingStep } from '../network/training-step.js';
import type { PredictionEngine } from '../prediction/window-network.js';
import { initialiseWeights, type WeightStore } from '../network/weights.js';
import { Random } from '../random.js';
import { batch, epsilon, learningRate, selfTestSpec, side } from './network.js';

/** A tensor in two numbers: its Euclidean norm, and its inner product with signs that its name decides. */
export type Trace = readonly [norm: number, projection: number];

/** What an engine computes in the known step, by what it is of. */
export type Traces = Readonly<Record<string, Trace>>;

/** What the trace of a prediction with new weights is called. */
export const probabilities = 'probabilities';

/**
 * Makes the known step on the engine in use: prediction, loss, gradients, running
 * statistics, the loss after the update. All tensors are freed.
 */
export async function measureStep(): Promise<Traces> {
  const { models } = compileText('self-test', selfTestSpec);
  const { graph, recipe } = models[0]!;
  const trained = withLogitHeads(graph);
  const weights = initialiseWeights(graph, new Random(1));
  const outputs = readOutputs(trained, recipe.losses);
  const { image, masks } = makeBatch();
  const target = makeTarget(outputs[0]!.head, {
    ...{ count: batch, height: side, width: side, masks },
    weights: new Float32Array(masks.length).fill(1),
  });
  const gradients: tf.Tensor[] = [];
  const optimizer = new Optimizer(recording(adam({ epsilon }), gradients));
  const step = {
    ...{ network: buildFunctionalNetwork(trained), weights, optimizer },
    loss: (found: ReadonlyMap<string, tf.Tensor4D>) =>
      lossOfOutputs(outputs, found, new Map([[outputs[0]!.head.name, target]])),
  };
  const traces: Record<string, Trace> = {};
  const note = async (name: string, tensor: tf.Tensor): Promise<void> => {
    traces[name] = traceOf(name, await tensor.data<'float32'>());
    tensor.dispose();
  };
  try {
    await note(probabilities, predict(graph, weights, image));
    await note('loss', trainingStep(step, { image, learningRate }));
    for (const [at, { name }] of weights.trainable().entries()) {
      await note(`gradient of ${name}`, gradients[at]!);
    }
    for (const { name, trainable } of weights.specs) {
      if (!trainable) await note(name, weights.get(name).clone());
    }
    await note('prediction', predict(trained, weights, image));
    gradients.length = 0;
    await note('loss after the update', trainingStep(step, { image, learningRate }));
  } finally {
    weights.dispose();
    optimizer.dispose();
    tf.dispose([image, target.truth, target.weights, ...gradients]);
  }
  return traces;
}

/** The trace of the prediction alone, by an engine that only predicts. */
export async function measurePrediction(engine: PredictionEngine): Promise<Traces> {
  const { models } = compileText('self-test', selfTestSpec);
  const { graph, recipe } = models[0]!;
  const store = initialiseWeights(graph, new Random(1));
  const weights = await store.values();
  store.dispose();
  const network = await engine.prepare({ graph, recipe, weights });
  try {
    const { image, values } = makeBatch();
    image.dispose();
    const windows = { count: batch, height: side, width: side, channels: 3, data: values };
    const [found] = (await network.run(windows)).values();
    return { [probabilities]: traceOf(probabilities, found!) };
  } finally {
    network.dispose();
  }
}

/** A rule that keeps the gradients it is given, in the order of the weights. */
function recording(rule: UpdateRule, gradients: tf.Tensor[]): UpdateRule {
  return {
    slots: rule.slots,
    update: (weight, gradient, slots, call) => {
      gradients.push(tf.keep(gradient.clone()));
      return rule.update(weight, gradient, slots, call);
    },
  };
}

/** The prediction of the network as `predict` runs it, its norms folded and activations fused. */
function predict(
  graph: Parameters<typeof prepareInference>[0],
  weights: WeightStore,
  image: tf.Tensor4D,
): tf.Tensor {
  const network = prepareInference(graph, weights);
  const [output] = network.forward(image).values();
  network.dispose();
  return output!;
}

/** Smooth images that differ in every pixel, and masks that follow from them. */
export function makeBatch(): {
  readonly image: tf.Tensor4D;
  readonly values: Float32Array;
  readonly masks: Uint8Array;
} {
  const random = new Random(2);
  const values = Float32Array.from({ length: batch * side * side * 3 }, () => random.normal());
  const masks = Uint8Array.from({ length: batch * side * side }, (_, at) =>
    values[3 * at]! + values[3 * at + 1]! > 0 ? 1 : 0,
  );
  return { image: tf.tensor4d(values, [batch, side, side, 3]), values, masks };
}

/** The signs that a tensor of a name is multiplied by. */
export function signsOf(name: string): () => number {
  const random = new Random(3).fork(name);
  return () => (random.uniform() < 0.5 ? -1 : 1);
}

function traceOf(name: string, values: ArrayLike<number>): Trace {
  const sign = signsOf(name);
  let square = 0;
  let projection = 0;
  for (let at = 0; at < values.length; at++) {
    square += values[at]! ** 2;
    projection += sign() * values[at]!;
  }
  return [Math.sqrt(square), projection];
}
