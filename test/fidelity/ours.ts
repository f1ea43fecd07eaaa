import * as tf from '../../src/runtime/tensorflow.js';
import type { CompiledModel } from '../../src/compile.js';
import { activationOf, type HeadActivation } from '../../src/ir/head-activation.js';
import type { Graph } from '../../src/ir/graph.js';
import type { LossExpression } from '../../src/ir/recipe.js';
import { withLogitHeads, type Head } from '../../src/runtime/losses/head.js';
import { lossOfHead } from '../../src/runtime/losses/loss.js';
import { makeTarget } from '../../src/runtime/losses/target.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import type { WeightStore } from '../../src/runtime/network/weights.js';
import { normalValues } from '../runtime/numeric.js';

/** Numbers of ours; four axes are [n, h, w, c]. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What the functional network makes of images in prediction. */
export interface OurRun {
  readonly image: Values;
  readonly outputs: readonly (Values & {
    readonly name: string;
    /** Before the sigmoid or softmax that ends the head, where one does. */
    readonly logits: Values;
  })[];
  /** Of each head. */
  readonly predictions: readonly Values[];
}

/** A step of training of the functional network, without dropout, up to its gradient. */
export interface OurStep {
  readonly image: Values;
  /** Of each output: what makes probabilities of its logits, and the truth, 1 at the channel of a class. */
  readonly truths: readonly (Values & { readonly activation: HeadActivation })[];
  /** The sum over the outputs of the mean cross-entropy, binary where channels are independent. */
  readonly loss: number;
  /** By the names of the trained weights. */
  readonly gradients: ReadonlyMap<string, Values>;
  /** Running statistics after the step, by name. */
  readonly statistics: ReadonlyMap<string, Values>;
}

const valuesOf = (tensor: tf.Tensor): Values => ({
  shape: tensor.shape,
  values: tensor.dataSync<'float32'>().slice(),
});

/** What a function returns, which is no tensor, once all tensors that it made are freed. */
function tidied<T>(run: () => T): T {
  const found: T[] = [];
  tf.tidy(() => void found.push(run()));
  return found[0]!;
}

/** Images that are the same at every call. */
export function imagesOf(
  { graph }: CompiledModel,
  [height, width]: readonly [number, number],
  batch: number,
): Values {
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const shape = [batch, height, width, channels];
  return { shape, values: normalValues(shape, 6 + batch) };
}

const tensorOf = ({ shape, values }: Values): tf.Tensor4D =>
  tf.tensor4d(values, shape as [number, number, number, number]);

/** What makes probabilities of each output's logits, in the graph's order. */
function activationsOf({ graph, recipe }: CompiledModel): readonly HeadActivation[] {
  return graph.outputs.map((output) => {
    const head = graph.heads.find((each) => each.outputs.includes(output.name));
    const loss = (head && recipe.losses[head.name]) ?? recipe.loss;
    return activationOf(output, graph.nodes[output.node]!.channels, loss);
  });
}

/** Runs the functional network on images. */
export function runOurs(model: CompiledModel, weights: WeightStore, image: Values): OurRun {
  const { graph } = model;
  const activations = activationsOf(model);
  return tidied(() => {
    const input = tensorOf(image);
    const found = buildFunctionalNetwork(graph).forward(weights, input).outputs;
    const before = buildFunctionalNetwork(withLogitHeads(graph)).forward(weights, input).outputs;
    const probabilities = new Map<string, tf.Tensor>();
    const outputs = graph.outputs.map(({ name, values }, at) => {
      const tensor = found.get(name)!;
      const activate = activations[at] === 'sigmoid' ? tf.sigmoid : tf.softmax;
      probabilities.set(name, values === 'logits' ? activate(tensor) : tensor);
      return { name, ...valuesOf(tensor), logits: valuesOf(before.get(name)!) };
    });
    const predictions = graph.heads.map((head) => {
      const main = head.outputs.find((name) => name === head.name) ?? head.outputs[0]!;
      const names = head.prediction === 'main' ? [main] : head.outputs;
      const sum = names.map((name) => probabilities.get(name)!).reduce((a, b) => tf.add(a, b));
      return valuesOf(tf.div(sum, names.length));
    });
    return { image, outputs, predictions };
  });
}

/** The loss and its gradient for images, whose pixels have classes by a formula. */
export function stepOfOurs(model: CompiledModel, weights: WeightStore, image: Values): OurStep {
  const graph = withLogitHeads(withoutDropout(model.graph));
  const network = buildFunctionalNetwork(graph);
  const activations = activationsOf(model);
  const variables = weights.trainable();
  return tidied(() => {
    const input = tensorOf(image);
    const truths: (OurStep['truths'][number] | undefined)[] = [];
    const statistics = new Map<string, Values>();
    const { value, grads } = tf.variableGrads(
      () => {
        const { outputs, updates } = network.forward(weights, input, { training: true });
        for (const [name, update] of updates) statistics.set(name, valuesOf(update));
        const losses = graph.outputs.map((output, at) => {
          const found = outputs.get(output.name)!;
          const activation = activations[at]!;
          const gives = output.values === 'logits' ? 'logits' : 'probabilities';
          const { truth, loss } = judged(output.name, found, activation, gives);
          truths[at] = { ...valuesOf(truth), activation };
          return loss;
        });
        return losses.reduce((sum, loss) => tf.add(sum, loss));
      },
      variables.map(({ variable }) => variable),
    );
    const gradients = variables.map(({ name, variable }): readonly [string, Values] => {
      const gradient = grads[variable.name] as tf.Tensor | undefined;
      return [name, valuesOf(gradient ?? tf.zerosLike(variable))];
    });
    const [loss] = value.dataSync<'float32'>();
    return {
      image,
      truths: truths as OurStep['truths'],
      loss: loss!,
      gradients: new Map(gradients),
      statistics,
    };
  });
}

/** The loss of an output [n, h, w, c] whose pixel i has class 0, 1, 2 by turns, and the truth. */
function judged(
  name: string,
  output: tf.Tensor4D,
  activation: HeadActivation,
  gives: Head['gives'],
): { readonly truth: tf.Tensor; readonly loss: tf.Scalar } {
  const [count, height, width, channels] = output.shape;
  const classCount = Math.max(2, channels);
  const head = {
    name,
    channels,
    classCount,
    activation,
    gives,
    form: 'classes',
    classifiesImages: false,
  } as const;
  const pixels = count * height * width;
  const masks = Uint8Array.from({ length: pixels }, (_, at) => (at + (at >> 2)) % classCount);
  const weights = new Float32Array(pixels).fill(1);
  const target = makeTarget(head, { count, height, width, masks, weights });
  const loss: LossExpression = {
    kind: 'loss',
    loss: {
      name: activation === 'sigmoid' ? 'bce' : 'cross_entropy',
      options: {},
      origin: { file: '', start: 0, end: 0 },
    },
  };
  return { truth: target.truth, loss: lossOfHead(loss, head, output, target) };
}

/** Dropout draws its own numbers in every library; what else a step does is compared without it. */
export function withoutDropout(graph: Graph): Graph {
  const nodes = graph.nodes.map((node) =>
    node.op.kind === 'dropout' ? { ...node, op: { kind: 'concat' } as const } : node,
  );
  return { ...graph, nodes };
}
