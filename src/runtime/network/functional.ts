import * as tf from '../tensorflow.js';
import type { Graph, NodeId } from '../../ir/graph.js';
import { weightsName } from '../../ir/operations/weights.js';
import type { BatchNormOp } from '../../ir/operations/ops.js';
import { movingAverage } from '../primitives/batch-normalization.js';
import type { Random } from '../random.js';
import { bindImages, type Images } from './bind-images.js';
import { runNode } from './node-operations.js';
import type { Step } from './plan.js';
import { fuseNormAndRelu, planSteps } from './plan.js';
import type { WeightStore } from './weights.js';

export interface ForwardOptions {
  /** Use the batch's statistics and drop out; false by default. */
  readonly training?: boolean;
  /** Source of dropout masks; needed in training where the graph has dropout. */
  readonly random?: Random;
}

/** The results of one forward pass; all tensors are the caller's. */
export interface ForwardResult {
  /** [n, h, w, c] by head name. */
  readonly outputs: ReadonlyMap<string, tf.Tensor4D>;
  /** New running statistics by weight name; empty unless training. */
  readonly updates: ReadonlyMap<string, tf.Tensor>;
}

/** A graph as a function of weights and images. It holds no tensors of its own. */
export interface FunctionalNetwork {
  readonly graph: Graph;
  /**
   * Computes all heads for a batch [n, h, w, channels] of any n, h, w that the
   * graph's sizes allow, one for each input. In inference every value is freed as soon as its last
   * reader has run. In training nothing is freed here: a surrounding tape may
   * still need it, so call it inside `tf.tidy` or a gradient function.
   */
  forward(weights: WeightStore, images: Images, options?: ForwardOptions): ForwardResult;
}

/** Plans a graph for running with changing weights. */
export function buildFunctionalNetwork(graph: Graph): FunctionalNetwork {
  const steps = planSteps(graph, fuseNormAndRelu);
  return {
    graph,
    forward: (weights, images, { training = false, random } = {}) => {
      const updates = new Map<string, tf.Tensor>();
      const values = bindImages(graph, images);
      const given = new Set(values.values());
      for (const step of steps) {
        const run = (): tf.Tensor4D => runStep(step, values, weights, training, random, updates);
        values.set(step.makes, training ? run() : tf.tidy(run));
        if (training) continue;
        for (const id of step.frees) {
          if (!given.has(values.get(id)!)) values.get(id)?.dispose();
          values.delete(id);
        }
      }
      const outputs = graph.outputs.map(({ name, node }): [string, tf.Tensor4D] => {
        const value = values.get(node)!;
        return [name, given.has(value) ? value.clone() : value];
      });
      return { outputs: new Map(outputs), updates };
    },
  };
}

function runStep(
  { node, fused }: Step,
  values: ReadonlyMap<NodeId, tf.Tensor4D>,
  weights: WeightStore,
  training: boolean,
  random: Random | undefined,
  updates: Map<string, tf.Tensor>,
): tf.Tensor4D {
  const { op } = node;
  const held = weightsName(node);
  // What is frozen runs as it does in prediction: its statistics stand still, nothing is dropped.
  const isLearning = training && !node.isFrozen;
  return runNode(op, {
    inputs: node.inputs.map((id) => values.get(id)!),
    weight: (role) => weights.get(`${held}/${role}`),
    training: isLearning,
    random: isLearning && op.kind === 'dropout' ? random?.fork(node.name) : undefined,
    fusedRelu: fused.length > 0,
    onStatistics: (mean, variance) => {
      if (op.kind !== 'batch_norm') return;
      const update = (role: string, batch: tf.Tensor): void => {
        const weight = `${held}/${role}`;
        // A norm that runs several times moves its statistics each time.
        const before = updates.get(weight) ?? weights.get(weight);
        updates.set(weight, movingAverage(before, batch, op.running.keep));
      };
      update('moving_mean', mean);
      update('moving_variance', runningPart(op, variance, values.get(node.inputs[0]!)!));
    },
  });
}

/** What a running variance takes of a batch's biased one. */
function runningPart(
  op: BatchNormOp,
  variance: tf.Tensor1D,
  { shape: [batch, height, width] }: tf.Tensor4D,
): tf.Tensor1D {
  const count = batch * height * width;
  if (op.running.variance === 'biased' || count < 2) return variance;
  return tf.mul(variance, count / (count - 1));
}
