import type { GraphNode } from '../../ir/graph.js';
import { hasEdges, type Op, type OpKind, type OpOf } from '../../ir/operations/ops.js';
import { weightsName } from '../../ir/operations/weights.js';
import type { LayerCall } from './layer-call.js';
import {
  builtin,
  custom,
  edgePairs,
  short,
  shortUnlessOne,
  withWeights,
  type Draft,
  type LooseConfig,
} from './layer-drafts.js';
import { layerName, partName } from './layer-names.js';
import { activationNames, gridNames, initializerNames, nearestNames } from './layer-words.js';
import { paddedWindows, pool, shortEdges, windowsOf } from './layer-windows.js';
import { cropOfTransposed, isSameTransposed } from './window-placement.js';

export type { ConfigValue, LayerCall, LayerClass, LayerConfig } from './layer-call.js';
export { customLayers } from './layer-table.js';
export type { BuiltinLayer, CustomLayer } from './layer-table.js';

type LayerRules = {
  readonly [K in OpKind]: ((op: OpOf<K>, node: GraphNode) => readonly Draft[]) | 'none';
};

const layerRules = {
  input: 'none',
  conv: (op) => {
    const { stride, padding, before, isCarried } = windowsOf(op);
    const config = {
      filters: op.channels,
      kernelSize: short(op.kernel),
      strides: shortUnlessOne(stride),
      padding,
      dilationRate: shortUnlessOne(op.dilation),
      groups: op.groups === 1 ? undefined : op.groups,
      useBias: op.bias ? undefined : false,
      kernelInitializer: initializerNames[op.initializer],
    };
    // TensorFlow.js' own layer cannot train with a dilation and ignores groups.
    const isPlain = isCarried && op.groups === 1;
    const convolution = isPlain ? builtin('conv2d', config) : custom('GroupedConv2D', config);
    return [...before, withWeights(convolution)];
  },
  depthwise_conv: (op) => {
    const { stride, padding, before, isCarried } = windowsOf(op);
    const config = {
      kernelSize: short(op.kernel),
      strides: shortUnlessOne(stride),
      padding,
      dilationRate: shortUnlessOne(op.dilation),
      depthMultiplier: op.multiplier === 1 ? undefined : op.multiplier,
      useBias: op.bias ? undefined : false,
      depthwiseInitializer: initializerNames[op.initializer],
    };
    const convolution = isCarried
      ? builtin('depthwiseConv2d', config)
      : custom('DilatedDepthwiseConv2D', config);
    return [...before, withWeights(convolution)];
  },
  conv_transpose: (op) => {
    const isSame = isSameTransposed(op);
    const full = (suffix?: string): Draft => ({
      ...withWeights(
        builtin('conv2dTranspose', {
          filters: op.channels,
          kernelSize: short(op.kernel),
          strides: shortUnlessOne(op.stride),
          padding: isSame ? 'same' : undefined,
          useBias: op.bias ? undefined : false,
          kernelInitializer: initializerNames[op.initializer],
        }),
      ),
      suffix,
    });
    const cropping = cropOfTransposed(op);
    if (isSame || !hasEdges(cropping)) return [full()];
    return [full(partName('full')), custom('CropEdges2D', { cropping: edgePairs(cropping) })];
  },
  max_pool: (op) => [pool(op, 'maxPooling2d')],
  avg_pool: (op) => [pool(op, 'averagePooling2d')],
  max_unpool: (op) => [custom('MaxUnpooling2D', paddedWindows(op))],
  global_avg_pool: (_op, node) => [
    { ...builtin('globalAveragePooling2d', {}), suffix: partName('mean') },
    builtin('reshape', { targetShape: [1, 1, node.channels] }),
  ],
  global_max_pool: (_op, node) => [
    { ...builtin('globalMaxPooling2d', {}), suffix: partName('max') },
    builtin('reshape', { targetShape: [1, 1, node.channels] }),
  ],
  adaptive_avg_pool: (op) => [custom('AdaptiveAveragePooling2D', { size: short(op.size) })],
  adaptive_max_pool: (op) => [custom('AdaptiveMaxPooling2D', { size: short(op.size) })],
  upsample: (op) => [
    op.method === 'nearest'
      ? builtin('upSampling2d', { size: [...op.factor] })
      : custom('BilinearUpsampling2D', {
          size: short(op.factor),
          grid: gridNames[op.coordinates],
        }),
  ],
  resize_to: (op) => [
    custom('ResizeTo2D', {
      method: op.method === 'bilinear' ? undefined : nearestNames[op.coordinates],
      grid: op.method === 'nearest' ? undefined : gridNames[op.coordinates],
    }),
  ],
  crop_to: (op) => [
    custom('CropTo2D', { rounding: op.rounding === 'half_even' ? 'halfEven' : undefined }),
  ],
  pad_to: () => [custom('PadTo2D', {})],
  crop: (op) => [custom('CropEdges2D', { cropping: edgePairs(op.edges) })],
  pad: ({ edges, mode }) => {
    if (mode === 'zero') return [builtin('zeroPadding2d', { padding: shortEdges(edges) })];
    const padding = edgePairs(edges);
    return mode === 'reflect'
      ? [custom('ReflectionPadding2D', { padding })]
      : [custom('EdgePadding2D', { padding, mode })];
  },
  pixel_shuffle: (op) => [
    custom('PixelShuffle2D', {
      factor: op.factor,
      order: op.order === 'channels_last' ? 'channelsLast' : undefined,
    }),
  ],
  space_to_depth: (op) => [
    custom('SpaceToDepth2D', {
      factor: op.factor,
      order: op.order === 'channels_last' ? 'channelsLast' : undefined,
    }),
  ],
  channel_mean: () => [custom('ChannelPooling', { take: 'mean' })],
  channel_max: () => [custom('ChannelPooling', { take: 'max' })],
  attention: ({ heads, windows, position, scaled }) => {
    const attention = custom('Attention2D', {
      heads,
      window: windows?.size,
      shift: windows === undefined || windows.shift === 0 ? undefined : windows.shift,
      position: position === 'none' ? undefined : position,
      scaled: scaled ? undefined : false,
    });
    return [{ ...attention, holdsWeights: position !== 'none' }];
  },
  positions: ({ size }) => [withWeights(custom('PositionTable2D', { size: short(size) }))],
  slice: ({ from, to }) => [custom('ChannelSlice', { from, to })],
  split: ({ parts, part }) => [custom('ChannelPart', { parts, part })],
  channel_shuffle: ({ groups }) => [custom('ChannelShuffle', { groups })],
  pad_channels: ({ channels }) => [custom('ChannelPadding', { channels })],
  batch_norm: (op) => [
    withWeights(
      builtin('batchNormalization', {
        momentum: op.running.keep === 0.99 ? undefined : op.running.keep,
        epsilon: op.epsilon === 1e-3 ? undefined : op.epsilon,
        center: op.shift ? undefined : false,
        scale: op.scale ? undefined : false,
      }),
    ),
  ],
  instance_norm: (op) => [sliceNorm(op)],
  group_norm: (op) => [sliceNorm(op, { groups: op.groups })],
  layer_norm: (op) => [sliceNorm(op, { groups: 1, perPixel: true })],
  layer_scale: (op) => [withWeights(custom('ChannelScale', { start: op.start }))],
  activation: (op) => {
    if (op.function === 'leaky_relu') {
      return [builtin('leakyReLU', { alpha: op.alpha })];
    }
    const activation = activationNames[op.function];
    if (activation !== undefined) return [builtin('activation', { activation })];
    return [custom(op.function === 'abs' ? 'Absolute' : 'HardSwish', {})];
  },
  prelu: (op) => [
    withWeights(custom('ChannelPReLU', { start: op.start, shared: op.shared ? true : undefined })),
  ],
  softmax: () => [builtin('activation', { activation: 'softmax' })],
  dropout: ({ rate, drops }) => [
    drops === 'values'
      ? builtin('dropout', { rate })
      : custom(drops === 'channels' ? 'SpatialDropout2D' : 'DropPath', { rate }),
  ],
  concat: (_op, node) => [merge('concatenate', node)],
  add: (_op, node) => [merge('add', node)],
  average: (_op, node) => [merge('average', node)],
  subtract: (_op, node) => [node.inputs.length > 1 ? custom('Subtract', {}) : passing],
  multiply: (_op, node) => [merge('multiply', node)],
  is_largest: (op) => [custom('IsLargest', { channel: op.channel })],
} as const satisfies LayerRules;

/**
 * The layers that stand for one node: the first takes the node's inputs (a list
 * where there are several), each other the output of the one before, and the
 * last carries the node's name, or that of the shared operation which it is. Empty for the input, which is no layer call.
 */
export function layersOf(node: GraphNode): readonly LayerCall[] {
  const found = known.get(node) ?? listLayers(node);
  known.set(node, found);
  return found;
}

/** Nodes are asked several times. */
const known = new WeakMap<GraphNode, readonly LayerCall[]>();

function listLayers(node: GraphNode): readonly LayerCall[] {
  const rule = layerRules[node.op.kind] as ((op: Op, node: GraphNode) => readonly Draft[]) | 'none';
  if (rule === 'none') return [];
  return rule(node.op, node).map((draft) => ({
    layer: draft.layer,
    name: layerName(weightsName(node)) + (draft.suffix ?? ''),
    suffix: draft.suffix ?? '',
    config: draft.config,
    holdsWeights: draft.holdsWeights ?? false,
  }));
}

/** Without `groups` every channel is one. */
function sliceNorm(
  op: OpOf<'instance_norm' | 'group_norm' | 'layer_norm'>,
  slices: LooseConfig = {},
): Draft {
  const normalisation = custom('GroupNormalization2D', {
    ...slices,
    epsilon: op.epsilon,
    affine: op.affine ? undefined : false,
  });
  return { ...normalisation, holdsWeights: op.affine };
}

const passing: Draft = builtin('activation', { activation: 'linear' });

/** TensorFlow.js' merging layers refuse a single input; it passes unchanged. */
function merge(factory: 'concatenate' | 'add' | 'average' | 'multiply', node: GraphNode): Draft {
  return node.inputs.length > 1 ? builtin(factory, {}) : passing;
}
