import type { GraphNode } from '../../ir/graph.js';
import {
  hasEdges,
  isPadded,
  isSame,
  type ActivationFunction,
  type Coordinates,
  type Edges,
  type Initializer,
  type Op,
  type OpKind,
  type OpOf,
  type Pair,
  type PoolWindows,
} from '../../ir/operations/ops.js';

import type { ConfigValue, LayerCall, LayerConfig } from './layer-call.js';
import { layerName, partName } from './layer-names.js';
import type { BuiltinLayer, CustomLayer } from './layer-table.js';
import { cropOfTransposed, isSameTransposed, placeWindows } from './window-placement.js';

export type { ConfigValue, LayerCall, LayerClass, LayerConfig } from './layer-call.js';
export { customLayers } from './layer-table.js';
export type { BuiltinLayer, CustomLayer } from './layer-table.js';

/** Configuration keys that carry an attribute of the operation under another or the same name. */
export const attributeOfConfigKey: Readonly<Record<string, string>> = {
  filters: 'channels',
  kernelSize: 'kernel',
  strides: 'stride',
  dilationRate: 'dilation',
  groups: 'groups',
  depthMultiplier: 'multiplier',
  poolSize: 'size',
  size: 'factor',
  padding: 'padding',
  rate: 'rate',
  momentum: 'running.keep',
  epsilon: 'epsilon',
  factor: 'factor',
  alpha: 'alpha',
  start: 'start',
  channel: 'channel',
};

type Draft = Omit<LayerCall, 'name' | 'suffix' | 'holdsWeights'> & {
  readonly suffix?: string;
  readonly holdsWeights?: boolean;
};

type LayerRules = {
  readonly [K in OpKind]: ((op: OpOf<K>, node: GraphNode) => readonly Draft[]) | 'none';
};

/** TensorFlow.js' names; its default, also for transposed and depthwise convolutions, is glorotNormal. */
const initializerNames = {
  he_normal: 'heNormal',
  he_uniform: 'heUniform',
  glorot_normal: undefined,
  glorot_uniform: 'glorotUniform',
} as const satisfies Readonly<Record<Initializer, string | undefined>>;

/** Functions that `tf.layers.activation` knows, by its names. */
const activationNames = {
  relu: 'relu',
  relu6: 'relu6',
  leaky_relu: undefined,
  elu: 'elu',
  selu: 'selu',
  silu: 'swish',
  hard_swish: undefined,
  gelu: 'gelu',
  mish: 'mish',
  softplus: 'softplus',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
} as const satisfies Readonly<Record<ActivationFunction, string | undefined>>;

/** What `ResizeTo2D` calls nearest resizing by each kind of coordinates. */
const nearestNames: Readonly<Record<Coordinates, string>> = {
  asymmetric: 'nearest',
  half_pixel: 'nearestHalfPixel',
  align_corners: 'nearestAlignCorners',
};

/**
 * Names in configurations are camel case: TensorFlow.js turns every text of a
 * loaded configuration into it. Half-pixel is our layers' default.
 */
const gridNames = {
  half_pixel: undefined,
  align_corners: 'alignCorners',
  asymmetric: 'legacy',
} as const satisfies Readonly<Record<Coordinates, string | undefined>>;

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
  pad: (op) =>
    op.mode === 'zero'
      ? [builtin('zeroPadding2d', { padding: shortEdges(op.edges) })]
      : [custom('ReflectionPadding2D', { padding: edgePairs(op.edges) })],
  pixel_shuffle: (op) => [
    custom('PixelShuffle2D', {
      factor: op.factor,
      order: op.order === 'channels_last' ? 'channelsLast' : undefined,
    }),
  ],
  batch_norm: (op) => [
    withWeights(
      builtin('batchNormalization', {
        momentum: op.running.keep === 0.99 ? undefined : op.running.keep,
        epsilon: op.epsilon === 1e-3 ? undefined : op.epsilon,
      }),
    ),
  ],
  instance_norm: (op) => [sliceNorm(op)],
  group_norm: (op) => [sliceNorm(op, { groups: op.groups })],
  layer_norm: (op) => [sliceNorm(op, { groups: 1, perPixel: true })],
  activation: (op) => {
    if (op.function === 'leaky_relu') {
      return [builtin('leakyReLU', { alpha: op.alpha })];
    }
    const activation = activationNames[op.function];
    if (activation === undefined) return [custom('HardSwish', {})];
    return [builtin('activation', { activation })];
  },
  prelu: (op) => [withWeights(custom('ChannelPReLU', { start: op.start }))],
  softmax: () => [builtin('activation', { activation: 'softmax' })],
  dropout: (op) => [
    op.spatial
      ? custom('SpatialDropout2D', { rate: op.rate })
      : builtin('dropout', { rate: op.rate }),
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
 * last carries the node's name. Empty for the input, which is no layer call.
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
    name: layerName(node.name) + (draft.suffix ?? ''),
    suffix: draft.suffix ?? '',
    config: draft.config,
    holdsWeights: draft.holdsWeights ?? false,
  }));
}

type LooseConfig = Readonly<Record<string, ConfigValue | undefined>>;

function builtin(factory: BuiltinLayer, config: LooseConfig): Draft {
  return { layer: { kind: 'builtin', factory }, config: withoutUndefined(config) };
}

function custom(className: CustomLayer, config: LooseConfig): Draft {
  return { layer: { kind: 'custom', className }, config: withoutUndefined(config) };
}

function withWeights(draft: Draft): Draft {
  return { ...draft, holdsWeights: true };
}

function withoutUndefined(config: LooseConfig): LayerConfig {
  const entries = Object.entries(config).filter(
    (entry): entry is [string, ConfigValue] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

/** One number for a square pair, as people write it. */
function short(pair: Pair): ConfigValue {
  return pair[0] === pair[1] ? pair[0] : [...pair];
}

function shortUnlessOne(pair: Pair): ConfigValue | undefined {
  return pair[0] === 1 && pair[1] === 1 ? undefined : short(pair);
}

function edgePairs(edges: Edges): ConfigValue {
  return [
    [edges.top, edges.bottom],
    [edges.left, edges.right],
  ];
}

/** How a convolution is said to layers: what comes before it, and its own stride and padding. */
interface LayerWindows {
  readonly before: readonly Draft[];
  readonly stride: Pair;
  readonly padding: 'same' | undefined;
  /** False where TensorFlow.js' own layer would err. */
  readonly isCarried: boolean;
}

function windowsOf(op: OpOf<'conv' | 'depthwise_conv'>): LayerWindows {
  const { stride } = op;
  const isDense = op.dilation[0] === 1 && op.dilation[1] === 1;
  const placed = placeWindows(op);
  switch (placed.kind) {
    case 'as-stated':
      return { before: [], stride, padding: placed.padding, isCarried: isDense };
    case 'padded': {
      const before = zeroPadding(placed.edges, partName('pad'));
      return { before, stride, padding: undefined, isCarried: isDense };
    }
    case 'picked': {
      const picking = { poolSize: 1, strides: short(placed.pick) };
      const before = [{ ...builtin('maxPooling2d', picking), suffix: partName('pick') }];
      return { before, stride: placed.stride, padding: 'same', isCarried: true };
    }
    case 'uncarried':
      return { before: [], stride, padding: 'same', isCarried: false };
  }
}

/** As Keras' own padding takes it: a number, [vertical, horizontal], or pairs. */
function shortEdges(edges: Edges): ConfigValue {
  const isEven = edges.top === edges.bottom && edges.left === edges.right;
  return isEven ? short([edges.top, edges.left]) : edgePairs(edges);
}

function zeroPadding(edges: Edges, suffix: string): readonly Draft[] {
  if (!hasEdges(edges)) return [];
  return [{ ...builtin('zeroPadding2d', { padding: shortEdges(edges) }), suffix }];
}

function pool(
  op: OpOf<'max_pool' | 'avg_pool'>,
  whole: 'maxPooling2d' | 'averagePooling2d',
): Draft {
  const config = paddedWindows(op);
  if (!isPadded(op)) return builtin(whole, config);
  return custom('PaddedPooling2D', { take: op.kind === 'max_pool' ? 'max' : 'mean', ...config });
}

/** Windows of pools as our layers take them; those without padding as TensorFlow.js' do. */
function paddedWindows(op: PoolWindows): LooseConfig {
  const { size, stride, padding } = op;
  const sameStep = size[0] === stride[0] && size[1] === stride[1];
  const hasPadding = padding === 'same' || hasEdges(padding);
  const isWord = padding === 'same' || isSame(padding, size, stride);
  return {
    poolSize: short(size),
    strides: sameStep ? undefined : short(stride),
    padding: !hasPadding ? undefined : isWord ? 'same' : edgePairs(padding),
    rounding: op.rounding === 'ceil' ? 'ceil' : undefined,
  };
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
