import type { LayerName } from '../../catalog/layers.js';
import type { OptionsOf } from '../../catalog/options-of.js';
import {
  kernelReach,
  type ActivationFunction,
  type Coordinates,
  type Op,
  type Pair,
  type Sampling,
} from '../../ir/operations/ops.js';
import { readEdges, readPadding, transposedPadding, windowPadding } from './padding.js';

type Options<N extends LayerName> = OptionsOf<'layer', N>;

/** Layers whose operation follows from their options alone; `lower-unpool.ts` has the other. */
type PlainLayer = Exclude<LayerName, 'max_unpool'>;

/** The attribute of each option that is called otherwise. */
export const attributeNames: Readonly<Record<string, string>> = { momentum: 'running.keep' };

const asPair = (value: number | Pair): Pair => (typeof value === 'number' ? [value, value] : value);

type ConvolutionOptions = Omit<Options<'depthwise_conv'>, 'multiplier'>;

function convolution(options: ConvolutionOptions) {
  const { bias, initializer } = options;
  const kernel = asPair(options.kernel);
  const stride = asPair(options.stride);
  const dilation = asPair(options.dilation);
  const windows = { kernel, dilation };
  const reach: Pair = [kernelReach(windows, 0), kernelReach(windows, 1)];
  const padding = windowPadding(readPadding(options.padding), reach, stride);
  return { kernel, stride, dilation, padding, bias, initializer };
}

function transposedConvolution(options: Options<'conv_transpose'>) {
  const { bias, initializer } = options;
  const kernel = asPair(options.kernel);
  const stride = asPair(options.stride);
  const stated = readPadding(options.padding);
  return { kernel, stride, ...transposedPadding(stated, kernel, stride), bias, initializer };
}

const pool =
  (kind: 'max_pool' | 'avg_pool') =>
  (options: Options<'max_pool'>): Op => {
    const size = asPair(options.size);
    const stride = asPair(options.stride ?? size);
    const padding = windowPadding(readPadding(options.padding), size, stride);
    return { kind, size, stride, rounding: options.rounding, padding };
  };

const activation = (name: Exclude<ActivationFunction, 'leaky_relu'>) => (): Op => ({
  kind: 'activation',
  function: name,
});

/** The coordinates of each grid; `legacy` is how TensorFlow 1 places them. */
const coordinates = {
  half_pixel: 'half_pixel',
  align_corners: 'align_corners',
  legacy: 'asymmetric',
} as const satisfies Readonly<Record<string, Coordinates>>;

type Grid = keyof typeof coordinates;

function samplingOf(method: Sampling['method'], grid: Grid): Sampling {
  const at = coordinates[grid];
  if (method === 'bilinear') return { method, coordinates: at };
  return at === 'asymmetric'
    ? { method, coordinates: at, rounding: 'floor' }
    : { method, coordinates: at, rounding: 'round_prefer_ceil' };
}

/** How each layer of the catalogue becomes an operation; `identity` becomes none. */
const lowerings: { readonly [N in PlainLayer]: (options: Options<N>) => Op | undefined } = {
  conv: (options) => ({
    kind: 'conv',
    channels: options.channels,
    ...convolution(options),
    groups: options.groups,
  }),
  depthwise_conv: (options) => ({
    kind: 'depthwise_conv',
    multiplier: options.multiplier,
    ...convolution(options),
  }),
  conv_transpose: (options) => ({
    kind: 'conv_transpose',
    channels: options.channels,
    ...transposedConvolution(options),
  }),
  max_pool: pool('max_pool'),
  avg_pool: pool('avg_pool'),
  global_avg_pool: () => ({ kind: 'global_avg_pool' }),
  global_max_pool: () => ({ kind: 'global_max_pool' }),
  adaptive_avg_pool: ({ size }) => ({ kind: 'adaptive_avg_pool', size: asPair(size) }),
  adaptive_max_pool: ({ size }) => ({ kind: 'adaptive_max_pool', size: asPair(size) }),
  nearest: ({ factor }) => ({
    kind: 'upsample',
    factor: asPair(factor),
    ...samplingOf('nearest', 'legacy'),
  }),
  bilinear: ({ factor, grid }) => ({
    kind: 'upsample',
    factor: asPair(factor),
    ...samplingOf('bilinear', grid),
  }),
  pixel_shuffle: (options) => ({ kind: 'pixel_shuffle', ...options }),
  space_to_depth: (options) => ({ kind: 'space_to_depth', ...options }),
  channel_mean: () => ({ kind: 'channel_mean' }),
  channel_max: () => ({ kind: 'channel_max' }),
  attention: ({ heads, window, shift, position, scaled }) => ({
    ...{ kind: 'attention', heads, scaled, position },
    ...(window === undefined ? {} : { windows: { size: window, shift } }),
  }),
  positions: ({ size }) => ({ kind: 'positions', size: asPair(size) }),
  slice: (options) => ({ kind: 'slice', ...options }),
  split: (options) => ({ kind: 'split', ...options }),
  channel_shuffle: (options) => ({ kind: 'channel_shuffle', ...options }),
  pad_channels: (options) => ({ kind: 'pad_channels', ...options }),
  resize_to: ({ method, grid = method === 'nearest' ? 'legacy' : 'half_pixel' }) => ({
    kind: 'resize_to',
    ...samplingOf(method, grid),
  }),
  crop_to: (options) => ({ kind: 'crop_to', ...options }),
  pad_to: () => ({ kind: 'pad_to' }),
  crop: ({ edges }) => ({ kind: 'crop', edges: readEdges(edges) }),
  pad: ({ edges, mode }) => ({ kind: 'pad', edges: readEdges(edges), mode }),
  batch_norm: ({ epsilon, momentum, running_variance, scale, shift }) => ({
    kind: 'batch_norm',
    epsilon,
    scale,
    shift,
    running: { keep: momentum, variance: running_variance },
  }),
  instance_norm: (options) => ({ kind: 'instance_norm', ...options }),
  group_norm: (options) => ({ kind: 'group_norm', ...options }),
  layer_norm: (options) => ({ kind: 'layer_norm', ...options }),
  layer_scale: (options) => ({ kind: 'layer_scale', ...options }),
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: ({ alpha }) => ({ kind: 'activation', function: 'leaky_relu', alpha }),
  elu: activation('elu'),
  selu: activation('selu'),
  silu: activation('silu'),
  hard_swish: activation('hard_swish'),
  gelu: activation('gelu'),
  mish: activation('mish'),
  softplus: activation('softplus'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  abs: activation('abs'),
  prelu: (options) => ({ kind: 'prelu', ...options }),
  softmax: () => ({ kind: 'softmax' }),
  dropout: ({ rate }) => ({ kind: 'dropout', rate, drops: 'values' }),
  spatial_dropout: ({ rate }) => ({ kind: 'dropout', rate, drops: 'channels' }),
  drop_path: ({ rate }) => ({ kind: 'dropout', rate, drops: 'images' }),
  concat: () => ({ kind: 'concat' }),
  add: () => ({ kind: 'add' }),
  average: () => ({ kind: 'average' }),
  subtract: () => ({ kind: 'subtract' }),
  multiply: () => ({ kind: 'multiply' }),
  is_largest: (options) => ({ kind: 'is_largest', ...options }),
  identity: () => undefined,
};

/** The operation of a layer with checked options; undefined for `identity`. */
export const lowerLayer = <N extends PlainLayer>(name: N, options: Options<N>): Op | undefined =>
  lowerings[name](options);
