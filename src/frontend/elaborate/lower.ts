import type { LayerName } from '../../catalog/layers.js';
import type { ArgumentValue } from '../../ir/graph.js';
import type {
  ActivationFunction,
  Coordinates,
  Edges,
  Initializer,
  Op,
  Padding,
  Pair,
  Sampling,
} from '../../ir/operations/ops.js';

type Options = Readonly<Record<string, ArgumentValue>>;

/** The attribute of each option that is called otherwise. */
export const attributeNames: Readonly<Record<string, string>> = { momentum: 'running.keep' };

const asNumber = (value: ArgumentValue | undefined): number => value as number;
const asPair = (value: ArgumentValue | undefined): Pair =>
  Array.isArray(value)
    ? [value[0] as number, value[1] as number]
    : [value as number, value as number];

/** One number, [vertical, horizontal] or [top, bottom, left, right]. */
function asEdges(value: ArgumentValue | undefined): Edges {
  if (!Array.isArray(value)) {
    const all = value as number;
    return { top: all, bottom: all, left: all, right: all };
  }
  const [first, second, third, fourth] = value as readonly number[];
  return third === undefined
    ? { top: first!, bottom: first!, left: second!, right: second! }
    : { top: first!, bottom: second!, left: third, right: fourth! };
}

const asPadding = (value: ArgumentValue | undefined): Padding =>
  value === 'same' || value === 'valid' ? value : asEdges(value);

const kernelOptions = (options: Options) => ({
  kernel: asPair(options['kernel']),
  stride: asPair(options['stride']),
  padding: asPadding(options['padding']),
  bias: options['bias'] as boolean,
  initializer: options['initializer'] as Initializer,
});

/** A convolution that pads as `same` does, for every size, has `same`: numbers may say it, too. */
function convolution(options: Options) {
  const stated = { ...kernelOptions(options), dilation: asPair(options['dilation']) };
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
  (options: Options): Op => ({
    kind,
    size: asPair(options['size']),
    stride: asPair(options['stride'] ?? options['size']),
    rounding: options['rounding'] as 'floor' | 'ceil',
    ...poolPadding(asPadding(options['padding'])),
  });

const sliceNorm = (options: Options) => ({
  epsilon: asNumber(options['epsilon']),
  affine: options['affine'] as boolean,
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
const lowerings: { readonly [N in LayerName]: ((options: Options) => Op) | 'nothing' } = {
  conv: (options) => ({
    kind: 'conv',
    channels: asNumber(options['channels']),
    ...convolution(options),
    groups: asNumber(options['groups']),
  }),
  depthwise_conv: (options) => ({
    kind: 'depthwise_conv',
    multiplier: asNumber(options['multiplier']),
    ...convolution(options),
  }),
  conv_transpose: (options) => ({
    kind: 'conv_transpose',
    channels: asNumber(options['channels']),
    ...kernelOptions(options),
  }),
  max_pool: pool('max_pool'),
  avg_pool: pool('avg_pool'),
  global_avg_pool: () => ({ kind: 'global_avg_pool' }),
  global_max_pool: () => ({ kind: 'global_max_pool' }),
  nearest: (options) => ({
    kind: 'upsample',
    factor: asPair(options['factor']),
    ...samplingOf('nearest', 'legacy'),
  }),
  bilinear: (options) => ({
    kind: 'upsample',
    factor: asPair(options['factor']),
    ...samplingOf('bilinear', options['grid'] as Grid),
  }),
  pixel_shuffle: (options) => ({
    kind: 'pixel_shuffle',
    factor: asNumber(options['factor']),
    order: options['order'] as 'channels_first' | 'channels_last',
  }),
  resize_to: (options) => {
    const method = options['method'] as Sampling['method'];
    const usual = method === 'nearest' ? 'legacy' : 'half_pixel';
    return { kind: 'resize_to', ...samplingOf(method, (options['grid'] ?? usual) as Grid) };
  },
  crop_to: (options) => ({
    kind: 'crop_to',
    rounding: options['rounding'] as 'exact' | 'floor' | 'half_even',
  }),
  pad_to: () => ({ kind: 'pad_to' }),
  crop: (options) => ({ kind: 'crop', edges: asEdges(options['edges']) }),
  pad: (options) => ({
    kind: 'pad',
    edges: asEdges(options['edges']),
    mode: options['mode'] as 'zero' | 'reflect',
  }),
  batch_norm: (options) => ({
    kind: 'batch_norm',
    epsilon: asNumber(options['epsilon']),
    running: {
      keep: asNumber(options['momentum']),
      variance: options['running_variance'] as 'biased' | 'unbiased',
    },
  }),
  instance_norm: (options) => ({ kind: 'instance_norm', ...sliceNorm(options) }),
  group_norm: (options) => ({
    kind: 'group_norm',
    groups: asNumber(options['groups']),
    ...sliceNorm(options),
  }),
  layer_norm: (options) => ({ kind: 'layer_norm', ...sliceNorm(options) }),
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: (options) => ({
    kind: 'activation',
    function: 'leaky_relu',
    alpha: asNumber(options['alpha']),
  }),
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
  prelu: (options) => ({ kind: 'prelu', start: asNumber(options['start']) }),
  softmax: () => ({ kind: 'softmax' }),
  dropout: (options) => ({ kind: 'dropout', rate: asNumber(options['rate']), spatial: false }),
  spatial_dropout: (options) => ({
    kind: 'dropout',
    rate: asNumber(options['rate']),
    spatial: true,
  }),
  concat: () => ({ kind: 'concat' }),
  add: () => ({ kind: 'add' }),
  average: () => ({ kind: 'average' }),
  subtract: () => ({ kind: 'subtract' }),
  multiply: () => ({ kind: 'multiply' }),
  is_largest: (options) => ({ kind: 'is_largest', channel: asNumber(options['channel']) }),
  identity: 'nothing',
};

/** The operation of a layer with checked options; undefined for `identity`. */
export function lowerLayer(name: LayerName, options: Options): Op | undefined {
  const lowering = lowerings[name];
  return lowering === 'nothing' ? undefined : lowering(options);
}
