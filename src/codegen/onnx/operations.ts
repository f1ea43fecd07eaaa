import type { Graph, GraphNode } from '../../ir/graph.js';
import type { Op, OpKind, OpOf } from '../../ir/operations/ops.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { averagedBins, largestOfBins } from './adaptive-pooling.js';
import { attended, placed } from './attention.js';
import { activated } from './activations.js';
import {
  channelsFrom,
  deepened,
  paddedChannels,
  pooledChannels,
  shuffledChannels,
} from './channels.js';
import { cropped, croppedTo, padded, paddedTo } from './edges.js';
import {
  apply,
  floats,
  input,
  integers,
  pixelWeight,
  weight,
  type Expression,
} from './expression.js';
import type { Attributes } from './model.js';
import { batchNormed, groupNormed, instanceNormed, layerNormed } from './normalization.js';
import { resizedTo, upsampled } from './resizing.js';
import { unpooled } from './unpooling.js';
import { convolutionWindows, edgeList, poolWindows } from './windows.js';

/** Where an operation stands. */
interface Place {
  readonly node: GraphNode;
  /** Of its first input. */
  readonly channelsIn: number;
  readonly sizes: SizeAnalysis;
}

type Rule<K extends OpKind> = (op: OpOf<K>, place: Place) => Expression;

const x = input(0);

/** What every operation becomes; one that is missing does not compile. */
const rules: { readonly [K in OpKind]: Rule<K> } = {
  // The value is given: no operator makes it.
  input: () => x,
  conv: (op, place) => windowed(op, op.groups, place),
  // Kernels of channel c make channels c m to c m + m - 1, as groups of one channel do.
  depthwise_conv: (op, place) => windowed(op, place.channelsIn, place),
  conv_transpose: ({ kernel, stride, edges, outputPadding, bias }) =>
    apply('ConvTranspose', [x, ...kernelAndBias(bias)], {
      kernel_shape: { integers: kernel },
      strides: { integers: stride },
      pads: { integers: edgeList(edges) },
      output_padding: { integers: outputPadding },
    }),
  max_pool: (op, { node, sizes }) => {
    const { image, attributes } = poolWindows(op, x, node.inputs[0]!, sizes);
    return apply('MaxPool', [image], attributes);
  },
  avg_pool: (op, { node, sizes }) => {
    const { image, attributes } = poolWindows(op, x, node.inputs[0]!, sizes);
    return apply('AveragePool', [image], { ...attributes, count_include_pad: { integer: 0 } });
  },
  max_unpool: (op, { node, sizes }) => unpooled(poolWindows(op, input(1), node.inputs[1]!, sizes)),
  global_avg_pool: () => apply('GlobalAveragePool', [x]),
  global_max_pool: () => apply('GlobalMaxPool', [x]),
  adaptive_avg_pool: averagedBins,
  adaptive_max_pool: largestOfBins,
  upsample: upsampled,
  resize_to: resizedTo,
  crop_to: croppedTo,
  pad_to: paddedTo,
  crop: cropped,
  pad: padded,
  pixel_shuffle: ({ factor, order }) =>
    apply('DepthToSpace', [x], {
      blocksize: { integer: factor },
      mode: { text: order === 'channels_first' ? 'CRD' : 'DCR' },
    }),
  space_to_depth: (op, { channelsIn }) => deepened(op, channelsIn),
  channel_mean: () => pooledChannels('ReduceMean'),
  channel_max: () => pooledChannels('ReduceMax'),
  attention: (op, { channelsIn }) => attended(op, channelsIn),
  positions: placed,
  slice: ({ from, to }) => channelsFrom(from, to),
  split: ({ parts, part }, { channelsIn }) =>
    channelsFrom((part * channelsIn) / parts, ((part + 1) * channelsIn) / parts),
  channel_shuffle: ({ groups }, { channelsIn }) => shuffledChannels(groups, channelsIn),
  pad_channels: ({ channels }, { channelsIn }) => paddedChannels(channels - channelsIn),
  batch_norm: (op, { channelsIn }) => batchNormed(op, channelsIn),
  instance_norm: (op, { channelsIn }) => instanceNormed(op, channelsIn),
  group_norm: groupNormed,
  layer_norm: layerNormed,
  layer_scale: () => apply('Mul', [x, pixelWeight('scale')]),
  activation: activated,
  prelu: () => apply('PRelu', [x, pixelWeight('slope')]),
  softmax: () => apply('Softmax', [x], channelAxis),
  // A network in a file predicts.
  dropout: () => x,
  concat: (_op, { node }) =>
    node.inputs.length === 1 ? x : apply('Concat', inputsOf(node), channelAxis),
  add: (_op, { node }) => chain('Add', node),
  average: (_op, { node }) => apply('Div', [chain('Add', node), floats(node.inputs.length)]),
  subtract: (_op, { node }) => chain('Sub', node),
  multiply: (_op, { node }) => chain('Mul', node),
  is_largest: ({ channel }) => {
    const largest = apply('ArgMax', [x], { ...channelAxis, keepdims: { integer: 1 } });
    const isIt = apply('Equal', [largest, integers(channel)]);
    return apply('Cast', [isIt], { to: { integer: 1 } });
  },
};

const channelAxis: Attributes = { axis: { integer: 1 } };

/** What makes the value of a node. */
export function expressionOf(graph: Graph, node: GraphNode, sizes: SizeAnalysis): Expression {
  const rule = rules[node.op.kind] as (op: Op, place: Place) => Expression;
  const channelsIn = graph.nodes[node.inputs[0] ?? -1]?.channels ?? 0;
  return rule(node.op, { node, channelsIn, sizes });
}

function windowed(
  op: OpOf<'conv' | 'depthwise_conv'>,
  groups: number,
  { node, sizes }: Place,
): Expression {
  const { image, attributes } = convolutionWindows(op, node.inputs[0]!, sizes);
  const all = { ...attributes, group: { integer: groups } };
  return apply('Conv', [image, ...kernelAndBias(op.bias)], all);
}

const kernelAndBias = (bias: boolean): readonly Expression[] =>
  bias ? [weight('kernel'), weight('bias')] : [weight('kernel')];

const inputsOf = ({ inputs }: GraphNode): readonly Expression[] =>
  inputs.map((_, number) => input(number));

/** One operator after the other, for those of two inputs. */
const chain = (type: string, node: GraphNode): Expression =>
  inputsOf(node).reduce((value, next) => apply(type, [value, next]));
