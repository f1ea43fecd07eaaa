import type { LayerName } from '../../catalog/layers.js';
import type { OptionsOf } from '../../catalog/options-of.js';
import type {
  ActivationFunction,
  Coordinates,
  Edges,
  Op,
  Padding,
  Pair,
  Sampling,
} from '../../ir/operations/ops.js';

type Options<N extends LayerName> = OptionsOf<'layer', N>;

/** The attribute of each option that is called otherwise. */
export const attributeNames: Readonly<Record<string, string>> = { momentum: 'running.keep' };

const asPair = (value: number | Pair): Pair => (typeof value === 'number' ? [value, value] : value);

/** One number, [vertical, horizontal] or [top, bottom, left, right]. */
function asEdges(value: Options<'crop'>['edges']): Edges {
  if (typeof value === 'number') return { top: value, bottom: value, left: value, right: value };
  if (value.length === 2) {
    const [vertical, horizontal] = value;
    return { top: vertical, bottom: vertical, left: horizontal, right: horizontal };
  }
  const [top, bottom, left, right] = value;
  return { top, bottom, left, right };
}

const asPadding = (value: Options<'conv'>['padding']): Padding =>
  value === 'same' || value === 'valid' ? value : asEdges(value);

const kernelOptions = ({
  kernel,
  stride,
  padding,
  bias,
  initializer,
}: Omit<Options<'conv_transpose'>, 'channels'>) => ({
  kernel: asPair(kernel),
  stride: asPair(stride),
  padding: asPadding(padding),
  bias,
  initializer,
});

/** A convolution that pads as `same` does, for every size, has `same`: numbers may say it, too. */
function convolution(options: Omit<Options<'depthwise_conv'>, 'multiplier'>) {
  const stated = { ...kernelOptions(options), dilation: asPair(options.dilation) };
  const { kernel, stride, padding, dilation } = stated;
  if (padding === 'same') return stated;
  const addsSame = (axis: 0 | 1): boolean => {
    // With steps of one, `same` adds what the kernel reaches beyond its first pixel.
    const reach = (kernel[axis] - 1) * dilation[axis];
    if (reach > 0 && stride[axis] !== 1) return false;
    const [before, after] = edgesAlong(padding, axis);
    return before === Math.floor(reach / 2) && after === Math.ceil(reach / 2);
  };
  return addsSame(0) && addsSame(1) ? { ...stated, padding: 'same' as const } : stated;
}

function edgesAlong(padding: 'valid' | Edges, axis: 0 | 1): readonly [number, number] {
  if (padding === 'valid') return [0, 0];
  return axis === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right];
}

/** Left out where nothing is added. */
function poolPadding(padding: Padding): { readonly padding?: Exclude<Padding, 'valid'> } {
  if (padding === 'valid') return {};
  const isNothing = padding !== 'same' && Object.values(padding).every((edge) => edge === 0);
  return isNothing ? {} : { padding };
}

const pool =
  (kind: 'max_pool' | 'avg_pool') =>
  ({ size, stride, rounding, padding }: Options<'max_pool'>): Op => ({
    kind,
    size: asPair(size),
    stride: asPair(stride ?? size),
    rounding,
    ...poolPadding(asPadding(padding)),
  });

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
const lowerings: { readonly [N in LayerName]: (options: Options<N>) => Op | undefined } = {
  conv: ({ channels, groups, ...options }) => ({
    kind: 'conv',
    channels,
    ...convolution(options),
    groups,
  }),
  depthwise_conv: ({ multiplier, ...options }) => ({
    kind: 'depthwise_conv',
    multiplier,
    ...convolution(options),
  }),
  conv_transpose: ({ channels, ...options }) => ({
    kind: 'conv_transpose',
    channels,
    ...kernelOptions(options),
  }),
  max_pool: pool('max_pool'),
  avg_pool: pool('avg_pool'),
  global_avg_pool: () => ({ kind: 'global_avg_pool' }),
  global_max_pool: () => ({ kind: 'global_max_pool' }),
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
  resize_to: ({ method, grid = method === 'nearest' ? 'legacy' : 'half_pixel' }) => ({
    kind: 'resize_to',
    ...samplingOf(method, grid),
  }),
  crop_to: (options) => ({ kind: 'crop_to', ...options }),
  pad_to: () => ({ kind: 'pad_to' }),
  crop: ({ edges }) => ({ kind: 'crop', edges: asEdges(edges) }),
  pad: ({ edges, mode }) => ({ kind: 'pad', edges: asEdges(edges), mode }),
  batch_norm: ({ epsilon, momentum, running_variance }) => ({
    kind: 'batch_norm',
    epsilon,
    running: { keep: momentum, variance: running_variance },
  }),
  instance_norm: (options) => ({ kind: 'instance_norm', ...options }),
  group_norm: (options) => ({ kind: 'group_norm', ...options }),
  layer_norm: (options) => ({ kind: 'layer_norm', ...options }),
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: ({ alpha }) => ({ kind: 'activation', function: 'leaky_relu', alpha }),
  elu: activation('elu'),
  selu: activation('selu'),
  silu: activation('silu'),
  swish: activation('silu'),
  hard_swish: activation('hard_swish'),
  gelu: activation('gelu'),
  mish: activation('mish'),
  softplus: activation('softplus'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  prelu: (options) => ({ kind: 'prelu', ...options }),
  softmax: () => ({ kind: 'softmax' }),
  dropout: ({ rate }) => ({ kind: 'dropout', rate, spatial: false }),
  spatial_dropout: ({ rate }) => ({ kind: 'dropout', rate, spatial: true }),
  concat: () => ({ kind: 'concat' }),
  add: () => ({ kind: 'add' }),
  average: () => ({ kind: 'average' }),
  subtract: () => ({ kind: 'subtract' }),
  multiply: () => ({ kind: 'multiply' }),
  is_largest: (options) => ({ kind: 'is_largest', ...options }),
  identity: () => undefined,
};

/** The operation of a layer with checked options; undefined for `identity`. */
export const lowerLayer = <N extends LayerName>(name: N, options: Options<N>): Op | undefined =>
  lowerings[name](options);
