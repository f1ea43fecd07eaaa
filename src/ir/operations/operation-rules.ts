import { activation, prelu, softmax } from './activation.js';
import { attention, positions } from './attention.js';
import { channelPool, channelShuffle, padChannels, slice, split } from './channels.js';
import { conv, convTranspose, depthwiseConv } from './convolution.js';
import { dropout } from './dropout.js';
import { crop, cropTo, pad, padTo } from './edges.js';
import { input } from './input.js';
import { isLargest } from './is-largest.js';
import { concat, multiply, subtract, sum } from './merge.js';
import { batchNorm, groupNorm, instanceNorm, layerNorm, layerScale } from './normalization.js';
import { pixelShuffle, spaceToDepth } from './pixel-shuffle.js';
import { adaptivePool, globalPool, pool } from './pooling.js';
import { resizeTo, upsample } from './resizing.js';
import type { OperationRules } from './rules.js';
import { maxUnpool } from './unpooling.js';

/** Every operation by its kind: what a graph can hold, and what targets and the runtime have entries for. */
const operationRules = {
  input,
  conv,
  depthwise_conv: depthwiseConv,
  conv_transpose: convTranspose,
  max_pool: pool,
  avg_pool: pool,
  global_avg_pool: globalPool,
  global_max_pool: globalPool,
  adaptive_avg_pool: adaptivePool,
  adaptive_max_pool: adaptivePool,
  max_unpool: maxUnpool,
  upsample,
  resize_to: resizeTo,
  crop_to: cropTo,
  pad_to: padTo,
  crop,
  pad,
  pixel_shuffle: pixelShuffle,
  space_to_depth: spaceToDepth,
  channel_mean: channelPool,
  channel_max: channelPool,
  slice,
  split,
  channel_shuffle: channelShuffle,
  pad_channels: padChannels,
  attention,
  positions,
  batch_norm: batchNorm,
  instance_norm: instanceNorm,
  group_norm: groupNorm,
  layer_norm: layerNorm,
  layer_scale: layerScale,
  activation,
  prelu,
  softmax,
  dropout,
  concat,
  add: sum,
  average: sum,
  subtract,
  multiply,
  is_largest: isLargest,
} as const;

type Table = typeof operationRules;
type OpIn<Rules> = Rules extends OperationRules<infer O> ? O : never;

/** An operation with its attributes, as its file declares them. */
export type Op = OpIn<Table[keyof Table]>;

/** The kinds of operations. */
export type OpKind = Op['kind'];

/** The operation type of one kind. */
export type OpOf<K extends OpKind> = OpIn<Table[K]>;

/** The rules of the operation's kind. */
export const rulesOf = ({ kind }: Op): OperationRules<Op> =>
  operationRules[kind] as OperationRules<Op>;

/** Whether the order of the inputs of such operations makes no difference. */
export const commutes = (kind: OpKind): boolean => operationRules[kind].commutes;

/** Whether an operation is there to bring a tensor to another size. */
export const isResampling = (op: Op): boolean => rulesOf(op).resamples;

/** Whether an operation makes a tensor larger, or may do so. */
export const enlarges = (op: Op): boolean =>
  ([0, 1] as const).some((axis) => {
    const rule = rulesOf(op).axis(op, axis);
    if (rule.kind === 'step') return rule.multiply > rule.divide;
    return rule.kind === 'follow' && rule.relation === 'any';
  });

/** Whether an operation brings several tensors of one size together. */
export function isMerge(op: Op): boolean {
  const { kind } = rulesOf(op).axis(op, 0);
  return kind === 'equal' || kind === 'gate';
}

/** Whether an operation takes its height and width from its second input. */
export const followsSize = (op: Op): boolean => rulesOf(op).axis(op, 0).kind === 'follow';
