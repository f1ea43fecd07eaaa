import { layOut } from '../python/layout.js';
import type { CustomLayer } from './custom-layers.js';

/** A function that makes a layer, names it and applies it. */
interface LayerFunction {
  /** What every call says after the tensor and the name. */
  readonly takes: readonly string[];
  readonly layer: string;
  /** What the layer is made with; `takes` unless said. */
  readonly args?: readonly string[];
  /** The class in the file that it is made of. */
  readonly custom?: CustomLayer;
  /** Whether the distribution of new kernels is counted here: Keras counts another one. */
  readonly counts?: 'depthwise' | 'transposed';
}

const activation = (name: string): LayerFunction => ({
  takes: [],
  layer: 'layers.Activation',
  args: [`"${name}"`],
});

const custom = (name: CustomLayer, ...takes: readonly string[]): LayerFunction => ({
  takes,
  layer: name,
  custom: name,
});

/** In the order in which files have them. */
const functions = {
  conv: { takes: ['filters: int', 'kernel'], layer: 'layers.Conv2D' },
  depthwise_conv: { takes: ['kernel'], layer: 'layers.DepthwiseConv2D', counts: 'depthwise' },
  conv_transpose: {
    takes: ['filters: int', 'kernel', 'strides'],
    layer: 'layers.Conv2DTranspose',
    counts: 'transposed',
  },
  pick: { takes: ['strides'], layer: 'layers.MaxPooling2D', args: ['1', 'strides'] },
  pad: { takes: ['edges'], layer: 'layers.ZeroPadding2D' },
  pad_same: custom('PadSame', 'kernel', 'strides', 'dilation'),
  reflect: custom('ReflectionPadding', 'edges'),
  replicate: { ...custom('EdgePadding', 'edges'), args: ['edges', '"replicate"'] },
  wrap: { ...custom('EdgePadding', 'edges'), args: ['edges', '"circular"'] },
  pad_to: custom('PadTo'),
  crop: { takes: ['edges'], layer: 'layers.Cropping2D' },
  crop_to: custom('CropTo'),
  max_pool: { takes: ['size'], layer: 'layers.MaxPooling2D' },
  avg_pool: { takes: ['size'], layer: 'layers.AveragePooling2D' },
  padded_max_pool: { ...custom('PaddedPooling', 'size'), args: ['"max"', 'size'] },
  padded_avg_pool: { ...custom('PaddedPooling', 'size'), args: ['"mean"', 'size'] },
  max_unpool: custom('MaxUnpooling', 'size'),
  global_avg_pool: { takes: [], layer: 'layers.GlobalAveragePooling2D', args: ['keepdims=True'] },
  global_max_pool: { takes: [], layer: 'layers.GlobalMaxPooling2D', args: ['keepdims=True'] },
  adaptive_avg_pool: custom('AdaptiveMean', 'bins'),
  adaptive_max_pool: custom('AdaptiveMax', 'bins'),
  upsample: {
    takes: ['size'],
    layer: 'layers.UpSampling2D',
    args: ['size', 'interpolation="nearest"'],
  },
  resample: custom('Resample', 'factor'),
  resize_to: custom('ResizeTo'),
  pixel_shuffle: custom('PixelShuffle', 'factor'),
  space_to_depth: custom('SpaceToDepth', 'factor'),
  channel_mean: { ...custom('ChannelPooling'), args: ['"mean"'] },
  channel_max: { ...custom('ChannelPooling'), args: ['"max"'] },
  attention: custom('Attention', 'heads: int'),
  positions: custom('PositionTable', 'size'),
  slice: custom('ChannelSlice', 'start: int', 'stop: int'),
  split: custom('ChannelPart', 'parts: int', 'part: int'),
  channel_shuffle: custom('ChannelShuffle', 'groups: int'),
  pad_channels: custom('ChannelPadding', 'channels: int'),
  batch_norm: { takes: [], layer: 'layers.BatchNormalization' },
  instance_norm: { takes: [], layer: 'layers.GroupNormalization', args: ['groups=-1'] },
  group_norm: { takes: ['groups: int'], layer: 'layers.GroupNormalization' },
  layer_norm: { takes: [], layer: 'layers.LayerNormalization' },
  layer_scale: custom('ChannelScale', 'start: float'),
  relu: { takes: [], layer: 'layers.ReLU' },
  leaky_relu: { takes: ['negative_slope: float'], layer: 'layers.LeakyReLU' },
  prelu: {
    takes: ['start: float'],
    layer: 'layers.PReLU',
    args: ['keras.initializers.Constant(start)'],
  },
  relu6: activation('relu6'),
  elu: activation('elu'),
  selu: activation('selu'),
  silu: activation('silu'),
  hard_swish: activation('hard_silu'),
  gelu: activation('gelu'),
  mish: activation('mish'),
  softplus: activation('softplus'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  abs: custom('Absolute'),
  softmax: { takes: [], layer: 'layers.Softmax' },
  dropout: { takes: ['rate: float'], layer: 'layers.Dropout' },
  spatial_dropout: { takes: ['rate: float'], layer: 'layers.SpatialDropout2D' },
  drop_path: {
    takes: ['rate: float'],
    layer: 'layers.Dropout',
    args: ['rate', 'noise_shape=(None, 1, 1, 1)'],
  },
  concat: { takes: [], layer: 'layers.Concatenate' },
  add: { takes: [], layer: 'layers.Add' },
  average: { takes: [], layer: 'layers.Average' },
  subtract: { takes: [], layer: 'layers.Subtract' },
  multiply: { takes: [], layer: 'layers.Multiply' },
  is_largest: custom('IsLargest', 'channel: int'),
  identity: { takes: [], layer: 'layers.Identity' },
} as const satisfies Readonly<Record<string, LayerFunction>>;

export type LayerFunctionName = keyof typeof functions;

export const layerFunctionNames = Object.keys(functions) as readonly LayerFunctionName[];

/** The class in the file that a function needs. */
export const customLayerOf = (of: LayerFunctionName): CustomLayer | undefined =>
  (functions[of] as LayerFunction).custom;

/** The class of the layer that a function makes. */
export const layerClassOf = (of: LayerFunctionName): string =>
  functions[of].layer.replace(/^layers\./, '');

/** What the calls of one function say. */
export interface SharedOptions {
  /** Keywords with the value that all calls give. */
  readonly shared: ReadonlyMap<string, string>;
  /** Keywords that calls give themselves. */
  readonly own: readonly string[];
}

/** What the file calls the functions that others call. */
export interface SupportNames {
  readonly area: string;
  readonly spread: string;
}

const nameOf = (parameter: string): string => parameter.split(':', 1)[0]!;

/** The lines of a function that makes a layer and applies it, with what all of its calls say. */
export function layerFunction(
  of: LayerFunctionName,
  called: string,
  options: SharedOptions,
  names: SupportNames,
): readonly string[] {
  const { parameters, before, made } = partsOf(of, options, names);
  return [
    ...layOut(0, `def ${called}(${['x', ...parameters].join(', ')}):`),
    ...before(4),
    ...applied(made),
  ];
}

/** The lines of a function that makes a layer, which tensors are sent through later. */
export function layerMaker(
  of: LayerFunctionName,
  called: string,
  options: SharedOptions,
  names: SupportNames,
): readonly string[] {
  const { parameters, before, made } = partsOf(of, options, names);
  const head = layOut(0, `def ${called}(${parameters.join(', ')}):`);
  const { counts }: LayerFunction = functions[of];
  if (counts !== 'transposed') return [...head, ...before(4), ...layOut(4, `return ${made}`)];
  // How new kernels are drawn follows from the channels of the first tensor that comes.
  return [
    ...head,
    '    made = []',
    '',
    '    def layer(x):',
    '        if not made:',
    ...before(12),
    ...layOut(12, `made.append(${made})`),
    '        return made[0](x)',
    '',
    '    return layer',
  ];
}

/** What a function takes beside the tensor, the lines before the layer is made, and what makes it. */
function partsOf(
  of: LayerFunctionName,
  { shared, own }: SharedOptions,
  names: SupportNames,
): {
  readonly parameters: readonly string[];
  readonly before: (indent: number) => readonly string[];
  readonly made: string;
} {
  const { takes, layer, args, counts }: LayerFunction = functions[of];
  const given = new Map(shared);
  const said = counts === undefined ? [] : ['depth_multiplier', 'kernel_initializer'];
  const keywords = own.filter((key) => said.includes(key));
  const initializer = given.get('kernel_initializer') ?? 'kernel_initializer';
  const isOpen = own.some((key) => !said.includes(key));
  const parameters = [
    'name: str',
    ...takes,
    ...keywords.map((key) => (key === 'depth_multiplier' ? `${key}: int = 1` : `*, ${key}: str`)),
    ...(isOpen ? ['**options'] : []),
  ];
  if (counts !== undefined) given.delete('kernel_initializer');
  const lines: string[] = [];
  const start = counts === 'depthwise' ? 'depthwise_initializer=start' : 'kernel_initializer=start';
  if (counts === 'depthwise') {
    const multiplier =
      given.get('depth_multiplier') ??
      (keywords.includes('depth_multiplier') ? 'depth_multiplier' : '1');
    const reached = multiplier === '1' ? 'taps' : `taps * ${multiplier}`;
    lines.push(`taps = ${names.area}(kernel)`);
    lines.push(`start = ${names.spread}(${initializer}, taps, ${reached})`);
  }
  if (counts === 'transposed') {
    lines.push(
      `taps = ${names.area}(kernel)`,
      `seen = max(1, taps / ${names.area}(strides)) * x.shape[-1]`,
      `start = ${names.spread}(${initializer}, seen, taps * filters)`,
    );
  }
  const made = [
    ...(args ?? takes.map(nameOf)),
    ...[...given].map(([key, value]) => `${key}=${value}`),
    ...(keywords.includes('depth_multiplier') ? ['depth_multiplier=depth_multiplier'] : []),
    ...(counts === undefined ? [] : [start]),
    'name=name',
    ...(isOpen ? ['**options'] : []),
  ];
  return {
    parameters,
    before: (indent) => lines.flatMap((line) => layOut(indent, line)),
    made: `${layer}(${made.join(', ')})`,
  };
}

/** A layer that is made and applied; ruff would open the brackets of a long call at `(x)`. */
const applied = (layer: string): readonly string[] => {
  const line = `    return ${layer}(x)`;
  return line.length <= 88 ? [line] : [...layOut(4, `layer = ${layer}`), '    return layer(x)'];
};

/** How kernels begin whose fans Keras counts otherwise. */
export const spreadText = (name: string): readonly string[] => [
  `def ${name}(initializer: str, seen: float, reached: float):`,
  '    """The initializer of that name for an output that sees, and an input that reaches,',
  '    so many values: He et al. 2015, Glorot and Bengio 2010.',
  '    """',
  '    rule, shape = initializer.split("_")',
  '    variance = 2 / seen if rule == "he" else 2 / (seen + reached)',
  '    if shape == "uniform":',
  '        limit = (3 * variance) ** 0.5',
  '        return keras.initializers.RandomUniform(-limit, limit)',
  '    # What is cut at two deviations has 0.88 of the deviation.',
  '    deviation = variance**0.5 / 0.87962566103423978',
  '    return keras.initializers.TruncatedNormal(stddev=deviation)',
];

export const areaText = (name: string): readonly string[] => [
  `def ${name}(size):`,
  '    return size * size if isinstance(size, int) else size[0] * size[1]',
];

export const pairText = (name: string): readonly string[] => [
  `def ${name}(value):`,
  '    return (value, value) if isinstance(value, int) else tuple(value)',
];

export const positiveText = (name: string): readonly string[] => [
  `def ${name}(number):`,
  '    """max(number, 0), also of a size that TensorFlow does not know yet."""',
  '    return (number + abs(number)) // 2',
];
