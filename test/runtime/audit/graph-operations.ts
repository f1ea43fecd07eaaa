import type { OpKind } from '../../../src/ir/operations/operation-rules.js';
import { gradientCases } from '../primitives/gradient-cases.js';

/** The titles of the cases that hold each operation of a graph, as a pattern; an input computes nothing. */
const patterns: Readonly<Record<Exclude<OpKind, 'input'>, RegExp>> = {
  conv: /^(conv2d|addBias)/,
  depthwise_conv: /^depthwise/,
  conv_transpose: /^convTranspose2d/,
  max_pool: /^maxPool/,
  avg_pool: /^avgPool/,
  global_avg_pool: /^globalAvgPool/,
  global_max_pool: /^globalMaxPool/,
  adaptive_avg_pool: /^averageBins/,
  adaptive_max_pool: /^largestOfBins/,
  max_unpool: /^maxUnpool/,
  upsample: /^upsample/,
  resize_to: /^(bilinear|nearest) /,
  crop_to: /^cropTo/,
  pad_to: /^padTo/,
  crop: /^crop$/,
  pad: /^pad /,
  pixel_shuffle: /^shufflePixels/,
  batch_norm: /^batchNormTraining/,
  instance_norm: /^groupNorm \{"groups":6,/,
  group_norm: /^groupNorm \{"groups":2,/,
  layer_norm: /^groupNorm \{"groups":1,/,
  attention: /^attend /,
  positions: /^add a table/,
  space_to_depth: /^unshufflePixels/,
  channel_mean: /^channel mean/,
  channel_max: /^channel max/,
  slice: /^sliceChannels/,
  split: /^partOfChannels/,
  channel_shuffle: /^shuffleChannels/,
  pad_channels: /^padChannels/,
  layer_scale: /^multiply by a scale/,
  activation: /^(relu6?|leaky_relu|elu|selu|silu|hard_swish|gelu|mish|softplus|sigmoid|tanh|abs)$/,
  prelu: /^prelu/,
  softmax: /^softmax/,
  dropout: /^(spatial )?dropout$|^drop path$/,
  concat: /^concat/,
  add: /^add$/,
  average: /^average$/,
  subtract: /^subtract$/,
  multiply: /^multiply by a channel/,
  is_largest: /^multiply by where a channel is the largest/,
};

/** The titles of all cases of our own operations. */
export const caseTitles: readonly string[] = gradientCases.flatMap(([, cases]) =>
  cases.map(({ title }) => title),
);

/** How many cases hold each operation of a graph, by its kind. */
export const graphOperations: readonly (readonly [OpKind, number])[] = (
  Object.keys(patterns) as (keyof typeof patterns)[]
).map((kind) => [kind, caseTitles.filter((title) => patterns[kind].test(title)).length]);
