import * as tf from '../tensorflow.js';
import type { Op, OpKind, OpOf } from '../../ir/operations/ops.js';
import type { WeightRole } from '../../codegen/tfjs/weights.js';
import { activate, prelu, softmax } from '../primitives/activations.js';
import { batchNormInference, batchNormTraining } from '../primitives/batch-normalization.js';
import { addBias, conv2d, convTranspose2d, depthwiseConv2d } from '../primitives/convolution.js';
import { dropout } from '../primitives/dropout.js';
import { crop, cropTo, pad, padTo } from '../primitives/edges.js';
import { groupNorm } from '../primitives/group-normalization.js';
import { add, average, concat, multiply } from '../primitives/merge.js';
import {
  avgPool,
  globalAvgPool,
  globalMaxPool,
  maxPool,
  maxUnpool,
} from '../primitives/pooling.js';
import { resize, upsample } from '../primitives/resize.js';
import type { Random } from '../random.js';
import { attend } from '../values/attend.js';
import { averageBins } from '../values/average-bins.js';
import { largestOfBins } from '../values/largest-of-bins.js';
import { markLargest } from '../values/mark-largest.js';
import { padChannels } from '../values/pad-channels.js';
import { poolChannels } from '../values/pool-channels.js';
import { shuffleChannels } from '../values/shuffle-channels.js';
import { shufflePixels, unshufflePixels } from '../values/shuffle-pixels.js';
import { partOfChannels, sliceChannels } from '../values/slice-channels.js';
import { subtractAll } from '../values/subtract-all.js';

/** What a node's operation needs besides its input tensors. */
export interface NodeCall {
  readonly inputs: readonly tf.Tensor4D[];
  /** The node's own weight of that role. */
  readonly weight: (role: WeightRole) => tf.Tensor;
  readonly training: boolean;
  /** The node's own stream; set in training where the operation is random. */
  readonly random: Random | undefined;
  /** True where the plan has drawn the ReLU after a batch norm into it. */
  readonly fusedRelu: boolean;
  /** Told the batch's statistics in training. */
  readonly onStatistics: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void;
}

type Operations = {
  readonly [K in OpKind]: ((op: OpOf<K>, call: NodeCall) => tf.Tensor4D) | 'input';
};

const operations: Operations = {
  input: 'input',
  conv: (op, call) => withBias(conv2d(first(call), kernel(call), op), op.bias, call),
  depthwise_conv: (op, call) =>
    withBias(depthwiseConv2d(first(call), kernel(call), op), op.bias, call),
  conv_transpose: (op, call) =>
    convTranspose2d(first(call), kernel(call), op, op.bias ? bias(call) : undefined),
  max_pool: (op, call) => maxPool(first(call), op),
  avg_pool: (op, call) => avgPool(first(call), op),
  max_unpool: (op, call) => maxUnpool(first(call), second(call), op),
  global_avg_pool: (_op, call) => globalAvgPool(first(call)),
  global_max_pool: (_op, call) => globalMaxPool(first(call)),
  adaptive_avg_pool: (op, call) => averageBins(first(call), [...op.size]),
  adaptive_max_pool: (op, call) => largestOfBins(first(call), [...op.size]),
  upsample: (op, call) => upsample(first(call), op.factor, op),
  resize_to: (op, call) => {
    const [, height, width] = second(call).shape;
    return resize(first(call), [height, width], op);
  },
  crop_to: (op, call) => cropTo(first(call), second(call), op.rounding),
  pad_to: (_op, call) => padTo(first(call), second(call)),
  crop: (op, call) => crop(first(call), op.edges),
  pad: (op, call) => pad(first(call), op.edges, op.mode),
  pixel_shuffle: (op, call) => {
    return shufflePixels(first(call), op.factor, orders[op.order]);
  },
  space_to_depth: (op, call) => unshufflePixels(first(call), op.factor, orders[op.order]),
  channel_mean: (_op, call) => poolChannels(first(call), 'mean'),
  channel_max: (_op, call) => poolChannels(first(call), 'max'),
  attention: (op, call) => {
    const [queries, keys, values] = call.inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const table = op.position === 'none' ? undefined : (call.weight('table') as tf.Tensor2D);
    return attend(queries, keys, values, op, table);
  },
  positions: (_op, call) => tf.add(first(call), call.weight('table')),
  slice: (op, call) => sliceChannels(first(call), op.from, op.to),
  split: (op, call) => partOfChannels(first(call), op.parts, op.part),
  channel_shuffle: (op, call) => shuffleChannels(first(call), op.groups),
  pad_channels: (op, call) => padChannels(first(call), op.channels),
  batch_norm: normalise,
  instance_norm: (op, call) => normaliseSlices(op, call, first(call).shape[3], false),
  group_norm: (op, call) => normaliseSlices(op, call, op.groups, false),
  layer_norm: (op, call) => normaliseSlices(op, call, 1, true),
  layer_scale: (_op, call) => tf.mul(first(call), call.weight('gamma')),
  activation: (op, call) => activate(first(call), op),
  prelu: (_op, call) => prelu(first(call), call.weight('alpha') as tf.Tensor1D),
  softmax: (_op, call) => softmax(first(call)),
  dropout: (op, call) => {
    if (!call.training) return first(call).clone();
    if (call.random === undefined) throw new Error('dropout in training needs random numbers');
    return dropout(first(call), op.rate, op.drops, call.random);
  },
  concat: (_op, call) => concat(call.inputs),
  add: (_op, call) => add(call.inputs),
  average: (_op, call) => average(call.inputs),
  subtract: (_op, call) => subtractAll(call.inputs),
  multiply: (_op, call) => multiply(call.inputs),
  is_largest: (op, call) => markLargest(first(call), op.channel),
};

const orders = { channels_first: 'channelsFirst', channels_last: 'channelsLast' } as const;

/** Computes one node from its inputs as a new tensor. The input node has no operation. */
export function runNode(op: Op, call: NodeCall): tf.Tensor4D {
  const operation = operations[op.kind] as ((op: Op, call: NodeCall) => tf.Tensor4D) | 'input';
  if (operation === 'input') throw new Error('the input is given, not computed');
  return operation(op, call);
}

function normalise(op: OpOf<'batch_norm'>, call: NodeCall): tf.Tensor4D {
  const channels = first(call).shape[3];
  const gamma = op.scale ? (call.weight('gamma') as tf.Tensor1D) : tf.ones<tf.Rank.R1>([channels]);
  const beta = op.shift ? (call.weight('beta') as tf.Tensor1D) : tf.zeros<tf.Rank.R1>([channels]);
  if (call.training) {
    const batch = batchNormTraining(first(call), gamma, beta, op.epsilon, call.fusedRelu);
    call.onStatistics(batch.mean, batch.variance);
    return batch.output;
  }
  const mean = call.weight('moving_mean') as tf.Tensor1D;
  const variance = call.weight('moving_variance') as tf.Tensor1D;
  const output = batchNormInference(first(call), mean, variance, gamma, beta, op.epsilon);
  return call.fusedRelu ? tf.relu(output) : output;
}

function normaliseSlices(
  { affine, epsilon }: OpOf<'instance_norm' | 'group_norm' | 'layer_norm'>,
  call: NodeCall,
  groups: number,
  perPixel: boolean,
): tf.Tensor4D {
  const weights = affine && {
    gamma: call.weight('gamma') as tf.Tensor1D,
    beta: call.weight('beta') as tf.Tensor1D,
  };
  return groupNorm(first(call), weights || undefined, { groups, perPixel, epsilon });
}

function withBias(output: tf.Tensor4D, hasBias: boolean, call: NodeCall): tf.Tensor4D {
  return hasBias ? addBias(output, bias(call)) : output;
}

function bias(call: NodeCall): tf.Tensor1D {
  return call.weight('bias') as tf.Tensor1D;
}

function kernel(call: NodeCall): tf.Tensor4D {
  return call.weight('kernel') as tf.Tensor4D;
}

function first(call: NodeCall): tf.Tensor4D {
  return call.inputs[0]!;
}

function second(call: NodeCall): tf.Tensor4D {
  return call.inputs[1]!;
}
