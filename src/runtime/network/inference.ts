import * as tf from '../tensorflow.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { weightsName } from '../../ir/operations/weights.js';
import { activate } from '../primitives/activations.js';
import {
  addBias,
  conv2d,
  convTranspose2d,
  depthwiseConv2d,
  padExplicitly,
} from '../primitives/convolution.js';
import { bindImages, type Images } from './bind-images.js';
import type { FoldedWeights } from './fold.js';
import { foldWeights } from './fold.js';
import { runNode } from './node-operations.js';
import {
  fuseConvolutions,
  fusedActivations,
  isConvolution,
  runsFused,
  type AnyConvolution,
} from './fusion.js';
import type { Step } from './plan.js';
import { planSteps } from './plan.js';
import type { WeightStore } from './weights.js';

/** A network made ready for prediction with fixed weights. */
export interface InferenceNetwork {
  /** All heads [n, h, w, c] by name for images [n, h, w, channels], a batch for each input; the tensors are the caller's. */
  forward(images: Images): ReadonlyMap<string, tf.Tensor4D>;
  /** Frees the folded weights; the store it was made from is untouched. */
  dispose(): void;
}

/**
 * Prepares a graph for many predictions: batch norms are folded into the
 * convolutions before them, bias and activation run inside the convolution, and
 * every value is freed as soon as its last reader has run. Later changes of the
 * store do not show. Equal to the functional network up to float32 rounding.
 */
export function prepareInference(graph: Graph, weights: WeightStore): InferenceNetwork {
  const steps = planSteps(graph, fuseConvolutions);
  const folded = new Map<string, FoldedWeights>();
  for (const step of steps) {
    const key = foldingOf(step);
    if (!isConvolution(step.node) || folded.has(key)) continue;
    const tensors = foldWeights(step.node, normOf(step), weights);
    tf.keep(tensors.kernel);
    if (tensors.bias) tf.keep(tensors.bias);
    folded.set(key, tensors);
  }
  const others = copyOtherWeights(steps, weights);
  return {
    forward: (images) => {
      const values = bindImages(graph, images);
      const given = new Set(values.values());
      for (const step of steps) {
        const inputs = step.node.inputs.map((id) => values.get(id)!);
        values.set(
          step.makes,
          tf.tidy(() => runStep(step, inputs, folded, others)),
        );
        for (const id of step.frees) {
          if (!given.has(values.get(id)!)) values.get(id)?.dispose();
          values.delete(id);
        }
      }
      return new Map(
        graph.outputs.map(({ name, node }) => {
          const value = values.get(node)!;
          return [name, given.has(value) ? value.clone() : value];
        }),
      );
    },
    dispose: () => {
      for (const { kernel, bias } of folded.values()) tf.dispose([kernel, ...(bias ? [bias] : [])]);
      for (const tensor of others.values()) tensor.dispose();
    },
  };
}

/** The batch norm that is computed with a convolution. */
const normOf = ({ fused }: Step): GraphNode | undefined =>
  fused.find(({ op }) => op.kind === 'batch_norm');

/** Equal for steps whose convolution and norm are the same: calls of a shared instance. */
function foldingOf(step: Step): string {
  const norm = normOf(step);
  return `${weightsName(step.node)} ${norm === undefined ? '' : weightsName(norm)}`;
}

function runStep(
  step: Step,
  inputs: readonly tf.Tensor4D[],
  folded: ReadonlyMap<string, FoldedWeights>,
  others: ReadonlyMap<string, tf.Tensor>,
): tf.Tensor4D {
  const { node, fused } = step;
  if (!isConvolution(node)) {
    return runNode(node.op, {
      inputs,
      weight: (role) => others.get(`${weightsName(node)}/${role}`)!,
      training: false,
      random: undefined,
      fusedRelu: fused.length > 0,
      onStatistics: () => undefined,
    });
  }
  const last = fused.at(-1)?.op;
  const activation = last?.kind === 'activation' ? last : undefined;
  const inside = activation ? fusedActivations[activation.function] : undefined;
  const output = convolve(node.op, inputs[0]!, folded.get(foldingOf(step))!, inside);
  if (activation === undefined || (inside && runsFused(node.op))) return output;
  return activate(output, activation);
}

function convolve(
  op: AnyConvolution,
  x: tf.Tensor4D,
  { kernel, bias }: FoldedWeights,
  activation: 'relu' | 'relu6' | undefined,
): tf.Tensor4D {
  if (op.kind === 'conv_transpose') return convTranspose2d(x, kernel, op, bias);
  if (!runsFused(op)) {
    const output = convolveAlone(op, x, kernel);
    return bias ? addBias(output, bias) : output;
  }
  const { image, padding } = padExplicitly(x, op.kernel, op);
  const fusedConvolution =
    op.kind === 'conv' ? tf.fused.conv2d<tf.Tensor4D> : tf.fused.depthwiseConv2d<tf.Tensor4D>;
  return fusedConvolution({
    x: image,
    filter: kernel,
    strides: [...op.stride],
    pad: padding,
    bias,
    activation: activation ?? 'linear',
  });
}

function convolveAlone(
  op: Exclude<AnyConvolution, { kind: 'conv_transpose' }>,
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
): tf.Tensor4D {
  return op.kind === 'conv' ? conv2d(x, kernel, op) : depthwiseConv2d(x, kernel, op);
}

/** Batch norms that follow no convolution keep their weights. */
function copyOtherWeights(
  steps: readonly Step[],
  weights: WeightStore,
): ReadonlyMap<string, tf.Tensor> {
  const alone = steps
    .filter(({ node }) => !isConvolution(node))
    .map(({ node }) => `${weightsName(node)}/`);
  const names = weights.specs
    .map(({ name }) => name)
    .filter((name) => alone.includes(name.slice(0, name.lastIndexOf('/') + 1)));
  return new Map(names.map((name) => [name, tf.keep(weights.get(name).clone())]));
}
