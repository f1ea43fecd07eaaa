import { commutes } from '../../ir/operations/operation-rules.js';
import type { OpKind } from '../../ir/operations/ops.js';
import { ownValue } from '../../diagnostics/own-value.js';
import type { WeightRole } from '../../codegen/tfjs/weights.js';
import { keys } from './flow.js';
import { activationLayer, activationOf, functionName } from './keras-activations.js';
import type { KerasConfig, LayerCallRecord } from './keras-calls.js';
import { sizeOf, type StoredTensor } from './tensor-file.js';

/** The tensors of one step of a stored model, by the role that they have here. */
export type StoredWeights = Readonly<Partial<Record<WeightRole, StoredTensor>>>;

/** Finds a tensor of a layer by what Keras calls it (`depthwise_kernel`). */
export type FindTensor = (layer: string, role: string) => StoredTensor | undefined;

/** A step to be. */
export interface Draft {
  readonly key: string;
  readonly commutes?: boolean;
  readonly weights?: StoredWeights;
}

/** What a layer is here: steps one after the other, or `pass` for one that has none. */
export type Meaning = readonly Draft[] | 'pass';

/** Layers that keep values in prediction, or whose doing stands elsewhere in other programs. */
const passing: ReadonlySet<string> = new Set([
  'ActivityRegularization',
  'AlphaDropout',
  'Dropout',
  'GaussianDropout',
  'GaussianNoise',
  'Identity',
  'Rescaling',
  'Normalization',
  'Reshape',
  'SpatialDropout2D',
  'ZeroPadding2D',
]);

/** Merging layers, also as operations of Keras 3 and of TensorFlow in Keras 2. */
const merges: Readonly<Record<string, OpKind>> = {
  Add: 'add',
  Average: 'average',
  Multiply: 'multiply',
  Subtract: 'subtract',
  Concatenate: 'concat',
  'math.add': 'add',
  '__operators__.add': 'add',
  'math.multiply': 'multiply',
  'math.subtract': 'subtract',
  '__operators__.sub': 'subtract',
  concat: 'concat',
};

/** Tells a layer as steps. @param readsImage whether its only input is the image. */
export function meaningOf(call: LayerCallRecord, readsImage: boolean, find: FindTensor): Meaning {
  const { className, layer, config } = call;
  const weight = (role: string): StoredTensor | undefined => find(layer, role);
  const merge = ownValue(merges, className) ?? ownValue(merges, functionOf(call));
  if (merge !== undefined && call.inputs.length > 1) {
    return [{ key: keys.merge(merge), commutes: commutes(merge) }];
  }
  switch (className) {
    case 'InputLayer':
      return [{ key: keys.image }];
    case 'Conv2D':
    case 'Conv2DTranspose':
    case 'DepthwiseConv2D':
    case 'Dense':
      return [...convolution(call, readsImage, weight), ...activationIn(config)];
    case 'SeparableConv2D':
      return [...separable(call, weight), ...activationIn(config)];
    case 'BatchNormalization':
    case 'LayerNormalization':
    case 'GroupNormalization':
      return normalisation(call, weight);
    case 'PReLU': {
      const alpha = weight('alpha');
      return [
        {
          key: keys.prelu(alpha === undefined ? 0 : sizeOf(alpha.shape)),
          weights: given({ alpha }),
        },
      ];
    }
    case 'Activation':
      return activationIn(config);
    case 'ReLU':
    case 'LeakyReLU':
    case 'ELU':
    case 'Softmax':
      return [{ key: keys.activation(activationLayer(className, config)) }];
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const size = pairOf(config['pool_size'], 2);
      const stride = isAbsent(config['strides']) ? size : pairOf(config['strides'], 2);
      return [
        { key: keys.pool(className === 'MaxPooling2D' ? 'max_pool' : 'avg_pool', size, stride) },
      ];
    }
    case 'GlobalAveragePooling2D':
      return [{ key: keys.global('mean') }];
    case 'GlobalMaxPooling2D':
      return [{ key: keys.global('max') }];
    case 'UpSampling2D': {
      const method = config['interpolation'] === 'bilinear' ? 'bilinear' : 'nearest';
      return [{ key: keys.upsample(method, pairOf(config['size'], 2)) }];
    }
    case 'Cropping2D':
      return [{ key: keys.other('crop') }];
  }
  const operation = functionOf(call).replace(/^.*\./, '');
  if (/^(relu6?|sigmoid|tanh|silu|swish|gelu|elu|selu|softmax|softplus|mish)$/i.test(operation)) {
    return [{ key: keys.activation(functionName(operation.toLowerCase())) }];
  }
  // What is done to the image before the first step is the scaling's business.
  const isPlain = weight('kernel') === undefined && call.inputs.length === 1;
  if (passing.has(className) || (readsImage && isPlain)) return 'pass';
  return [{ key: keys.other(className) }];
}

/** What an operation is called that is not a layer: `math.add`, `nn.relu`, or Keras 3's class of it. */
function functionOf({ className, config }: LayerCallRecord): string {
  const name = config['function'];
  return typeof name === 'string' ? name : className;
}

function convolution(
  { className, config }: LayerCallRecord,
  readsImage: boolean,
  weight: (role: string) => StoredTensor | undefined,
): readonly Draft[] {
  const isDepthwise = className === 'DepthwiseConv2D';
  const kernel = (isDepthwise ? weight('depthwise_kernel') : undefined) ?? weight('kernel');
  const weights = given({ kernel, bias: weight('bias') });
  const stored = kernel?.shape ?? [];
  const isDense = className === 'Dense';
  const shape = isDense ? [1, 1, ...stored] : stored;
  const kind = isDepthwise
    ? 'depthwise_conv'
    : className === 'Conv2DTranspose'
      ? 'conv_transpose'
      : 'conv';
  const options = {
    stride: isDense ? [1, 1] : pairOf(config['strides'], 1),
    dilation: pairOf(config['dilation_rate'], 1),
    groups: kind === 'conv' && typeof config['groups'] === 'number' ? config['groups'] : 1,
    readsImage: readsImage && kind === 'conv',
  };
  return [{ key: keys.conv(kind, shape, options), weights }];
}

/** A depthwise convolution, and one of size 1 with the bias. */
function separable(
  { config }: LayerCallRecord,
  weight: (role: string) => StoredTensor | undefined,
): readonly Draft[] {
  const depthwise = weight('depthwise_kernel');
  const pointwise = weight('pointwise_kernel');
  const options = {
    stride: pairOf(config['strides'], 1),
    dilation: pairOf(config['dilation_rate'], 1),
  };
  return [
    {
      key: keys.conv('depthwise_conv', depthwise?.shape ?? [], options),
      weights: given({ kernel: depthwise }),
    },
    {
      key: keys.conv('conv', pointwise?.shape ?? [], { stride: [1, 1] }),
      weights: given({ kernel: pointwise, bias: weight('bias') }),
    },
  ];
}

function normalisation(
  { className, config }: LayerCallRecord,
  weight: (role: string) => StoredTensor | undefined,
): readonly Draft[] {
  const weights = given({
    gamma: weight('gamma'),
    beta: weight('beta'),
    moving_mean: weight('moving_mean'),
    moving_variance: weight('moving_variance'),
  });
  const channels = sizeOf(Object.values(weights)[0]?.shape ?? []);
  const groups = typeof config['groups'] === 'number' ? config['groups'] : 32;
  if (className === 'BatchNormalization')
    return [{ key: keys.norm('batch_norm', channels), weights }];
  if (className === 'LayerNormalization')
    return [{ key: keys.norm('layer_norm', channels), weights }];
  // Keras writes an instance normalisation as groups of one channel.
  const isInstance = groups === -1 || groups === channels;
  const key = isInstance
    ? keys.norm('instance_norm', channels)
    : keys.norm('group_norm', channels, groups);
  return [{ key, weights }];
}

/** The activation that a layer ends with; none for the identity. */
function activationIn(config: KerasConfig): readonly Draft[] {
  const name = activationOf(config);
  return name === undefined ? [] : [{ key: keys.activation(name) }];
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** One number for both axes, or a pair; `fallback` is Keras' default. */
function pairOf(value: unknown, fallback: number): readonly number[] {
  if (typeof value === 'number') return [value, value];
  const isPair = Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
  return isPair ? (value as number[]) : [fallback, fallback];
}

function given(
  weights: Readonly<Partial<Record<WeightRole, StoredTensor | undefined>>>,
): StoredWeights {
  return Object.fromEntries(Object.entries(weights).filter(([, tensor]) => tensor !== undefined));
}
