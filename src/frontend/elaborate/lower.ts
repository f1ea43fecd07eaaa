import type { LayerName } from '../../catalog/layers.js';
import type { ArgumentValue } from '../../ir/graph.js';
import type {
  ActivationFunction,
  Edges,
  Grid,
  Initializer,
  Op,
  Padding,
  Pair,
} from '../../ir/operations/ops.js';

type Options = Readonly<Record<string, ArgumentValue>>;

/** The option of each attribute that is called otherwise. */
export const attributeNames: Readonly<Record<string, string>> = { channels: 'filters' };

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
function convolution(options: Options): ReturnType<typeof kernelOptions> {
  const stated = kernelOptions(options);
  const { kernel, stride, padding } = stated;
  if (padding === 'same') return stated;
  const dilation = asPair(options['dilation']);
  const addsSame = (axis: 0 | 1): boolean => {
    // With steps of one, `same` adds what the kernel reaches beyond its first pixel.
    const reach = (kernel[axis] - 1) * dilation[axis];
    if (reach > 0 && stride[axis] !== 1) return false;
    const [before, after] = edgesAlong(padding, axis);
    return before === Math.floor(reach / 2) && after === Math.ceil(reach / 2);
  };
  return addsSame(0) && addsSame(1) ? { ...stated, padding: 'same' } : stated;
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

const activation = (name: ActivationFunction) => (): Op => ({ kind: 'activation', function: name });

/** Left out at 1, which is what graphs without it mean. */
const dilationOf = (options: Options): { readonly dilation?: Pair } => {
  const dilation = asPair(options['dilation']);
  return dilation[0] === 1 && dilation[1] === 1 ? {} : { dilation };
};

/** How each layer of the catalogue becomes an operation; `identity` becomes none. */
const lowerings: { readonly [N in LayerName]: ((options: Options) => Op) | 'nothing' } = {
  conv: (options) => ({
    kind: 'conv',
    filters: asNumber(options['channels']),
    ...convolution(options),
    ...dilationOf(options),
    ...(options['groups'] === 1 ? {} : { groups: asNumber(options['groups']) }),
  }),
  depthwise_conv: (options) => ({
    kind: 'depthwise_conv',
    multiplier: asNumber(options['multiplier']),
    ...convolution(options),
    ...dilationOf(options),
  }),
  conv_transpose: (options) => ({
    kind: 'conv_transpose',
    filters: asNumber(options['channels']),
    ...kernelOptions(options),
  }),
  max_pool: pool('max_pool'),
  avg_pool: pool('avg_pool'),
  global_avg_pool: () => ({ kind: 'global_avg_pool' }),
  global_max_pool: () => ({ kind: 'global_max_pool' }),
  nearest: (options) => ({
    kind: 'upsample',
    factor: asPair(options['factor']),
    method: 'nearest',
    grid: 'legacy',
  }),
  bilinear: (options) => ({
    kind: 'upsample',
    factor: asPair(options['factor']),
    method: 'bilinear',
    grid: options['grid'] as Grid,
  }),
  pixel_shuffle: (options) => ({
    kind: 'pixel_shuffle',
    factor: asNumber(options['factor']),
    order: options['order'] as 'channels_first' | 'channels_last',
  }),
  resize_to: (options) => ({
    kind: 'resize_to',
    method: options['method'] as 'nearest' | 'bilinear',
    grid: (options['grid'] ?? (options['method'] === 'nearest' ? 'legacy' : 'half_pixel')) as Grid,
  }),
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
    momentum: asNumber(options['momentum']),
    ...(options['running_variance'] === 'unbiased' ? { runningVariance: 'unbiased' } : {}),
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
