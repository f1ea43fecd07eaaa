/**
 * The operations of the IR with their attributes. A table over them is typed
 * `satisfies { [K in OpKind]: ... }`, so that a new operation does not compile
 * until its shape rule, cost, weights, layer and primitive exist.
 *
 * Tensors are channels-last (batch, height, width, channels). Pairs are
 * [vertical, horizontal].
 */

export type Pair = readonly [number, number];

/** Rows and columns added to, or taken from, each side. */
export interface Edges {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * `same` is TensorFlow's rule (output ceil(in / stride), the odd pixel of
 * padding goes below and right); `valid` pads nothing; `Edges` pads the stated
 * number of zeros on each side, as PyTorch's integer padding does.
 */
export type Padding = 'same' | 'valid' | Edges;

export type Initializer = 'he_normal' | 'he_uniform' | 'glorot_normal' | 'glorot_uniform';

/** The input image. */
export interface InputOp {
  readonly kind: 'input';
  readonly channels: number;
}

export interface ConvOp {
  readonly kind: 'conv';
  readonly filters: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
  /** Pixels between neighbouring taps of the kernel; 1 where absent. */
  readonly dilation?: Pair;
  /** Input and output channels are cut into that many parts, each convolved by itself; 1 where absent. */
  readonly groups?: number;
}

/** One kernel for each input channel (times `multiplier`); channels = in * multiplier. */
export interface DepthwiseConvOp {
  readonly kind: 'depthwise_conv';
  readonly multiplier: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
  /** As in `ConvOp`. */
  readonly dilation?: Pair;
}

/** Pixels from the first to the last tap of a kernel along an axis, both counted: (k - 1) d + 1. */
export function kernelReach(
  { kernel, dilation }: { readonly kernel: Pair; readonly dilation?: Pair },
  axis: 0 | 1,
): number {
  return (kernel[axis] - 1) * (dilation?.[axis] ?? 1) + 1;
}

/**
 * Transposed convolution. Output: `valid` in * s + max(k - s, 0), `same` in * s,
 * edges (in - 1) * s + k less the edges (PyTorch's padding).
 */
export interface ConvTransposeOp {
  readonly kind: 'conv_transpose';
  readonly filters: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
}

/**
 * Pooling without overlap rules of its own: windows `size`, steps `stride`.
 * `ceil` keeps the last, partial window (PyTorch's ceil_mode); a partial
 * window's average is over the pixels that exist.
 */
export interface PoolOp {
  readonly kind: 'max_pool' | 'avg_pool';
  readonly size: Pair;
  readonly stride: Pair;
  readonly rounding: 'floor' | 'ceil';
  /**
   * Places windows beyond the image, `valid` where absent; edges are narrower
   * than windows. What is taken is over the pixels that exist alone.
   */
  readonly padding?: Exclude<Padding, 'valid'>;
}

/** The mean or the maximum over height and width; output is 1 x 1 x channels. */
export interface GlobalPoolOp {
  readonly kind: 'global_avg_pool' | 'global_max_pool';
}

/**
 * How resizing places sample points: `half_pixel` (Keras, PyTorch with
 * align_corners=False), `align_corners`, or `legacy` (TensorFlow 1). Nearest resizing takes
 * floor((i + 1/2) in / out), PyTorch's nearest-exact, the rounded i (in - 1) / (out - 1), or
 * floor(i in / out), PyTorch's nearest.
 */
export type Grid = 'half_pixel' | 'align_corners' | 'legacy';
export type ResizeMethod = 'nearest' | 'bilinear';

/** Resizes by whole factors. */
export interface UpsampleOp {
  readonly kind: 'upsample';
  readonly factor: Pair;
  readonly method: ResizeMethod;
  readonly grid: Grid;
}

/** Inputs: x and the tensor whose height and width it takes. */
export interface ResizeToOp {
  readonly kind: 'resize_to';
  readonly method: ResizeMethod;
  readonly grid: Grid;
}

/**
 * Inputs: x and the tensor whose height and width it takes. Cuts d = x - target
 * rows, floor(d / 2) of them at the top, or round-half-to-even(d / 2) as
 * torchvision's CenterCrop does; columns alike. `exact` cuts like `floor`, and
 * sizes with an odd d, which has no centre, are illegal.
 */
export interface CropToOp {
  readonly kind: 'crop_to';
  readonly rounding: 'exact' | 'floor' | 'half_even';
}

/** Inputs: x and the tensor whose height and width it takes. floor(d / 2) zeros go above and left. */
export interface PadToOp {
  readonly kind: 'pad_to';
}

/** Cuts fixed edges. */
export interface CropOp {
  readonly kind: 'crop';
  readonly edges: Edges;
}

/** Adds fixed edges. */
export interface PadOp {
  readonly kind: 'pad';
  readonly edges: Edges;
  readonly mode: 'zero' | 'reflect';
}

/**
 * Moves channels into space: c f f channels become c, f times as tall and wide
 * (Shi et al. 2016). Input channel (k, i, j) of `channels_first` order, PyTorch's,
 * is number k f f + i f + j; of `channels_last`, TensorFlow's depth_to_space,
 * (i f + j) c + k; it becomes pixel (i, j) of each block of output channel k.
 */
export interface PixelShuffleOp {
  readonly kind: 'pixel_shuffle';
  readonly factor: number;
  readonly order: 'channels_first' | 'channels_last';
}

/**
 * Batch normalisation over batch, height and width. `momentum` is Keras' (the
 * part of the old running value that stays; PyTorch's 0.1 is 0.9 here).
 */
export interface BatchNormOp {
  readonly kind: 'batch_norm';
  readonly epsilon: number;
  readonly momentum: number;
  /**
   * Present where the running variance takes the batch's variance times
   * n / (n - 1), as PyTorch's does; without it the biased one, as Keras' does.
   */
  readonly runningVariance?: 'unbiased';
}

/**
 * Normalisation of each channel of each image over height and width (Ulyanov et
 * al. 2016), the same in training and after it. `affine` scales and shifts each
 * channel by weights.
 */
export interface InstanceNormOp {
  readonly kind: 'instance_norm';
  readonly epsilon: number;
  readonly affine: boolean;
}

/** Normalisation of each image's channels in groups, over height, width and the group (Wu and He 2018). */
export interface GroupNormOp {
  readonly kind: 'group_norm';
  readonly groups: number;
  readonly epsilon: number;
  readonly affine: boolean;
}

/** Normalisation of each pixel over its channels (Ba et al. 2016), as Keras does it on images. */
export interface LayerNormOp {
  readonly kind: 'layer_norm';
  readonly epsilon: number;
  readonly affine: boolean;
}

export type ActivationFunction =
  | 'relu'
  | 'relu6'
  | 'leaky_relu'
  | 'elu'
  | 'selu'
  | 'silu'
  | 'hard_swish'
  | 'gelu'
  | 'mish'
  | 'softplus'
  | 'sigmoid'
  | 'tanh';

/** An element-wise function. `alpha` is the slope of leaky_relu below zero. */
export interface ActivationOp {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
  readonly alpha?: number;
}

/** x above zero, alpha * x below, with a trained alpha for each channel that begins at `start`. */
export interface PReluOp {
  readonly kind: 'prelu';
  readonly start: number;
}

/** Softmax over the channels. */
export interface SoftmaxOp {
  readonly kind: 'softmax';
}

/** Inverted dropout; `spatial` drops whole channels (PyTorch's Dropout2d). */
export interface DropoutOp {
  readonly kind: 'dropout';
  readonly rate: number;
  readonly spatial: boolean;
}

/** Inputs: one or more tensors of one height and width, joined along channels in order. */
export interface ConcatOp {
  readonly kind: 'concat';
}

/** Inputs: one or more tensors of one shape; multiply also takes 1 x 1 or one-channel gates. */
export interface ElementwiseOp {
  readonly kind: 'add' | 'average' | 'multiply';
}

/**
 * One channel: 1 where `channel` (from 0) has the largest value of all, else 0; of
 * equals the first is the largest, as in argmax. No gradient flows through it.
 */
export interface IsLargestOp {
  readonly kind: 'is_largest';
  readonly channel: number;
}

export type Op =
  | InputOp
  | ConvOp
  | DepthwiseConvOp
  | ConvTransposeOp
  | PoolOp
  | GlobalPoolOp
  | UpsampleOp
  | ResizeToOp
  | CropToOp
  | PadToOp
  | CropOp
  | PadOp
  | PixelShuffleOp
  | BatchNormOp
  | InstanceNormOp
  | GroupNormOp
  | LayerNormOp
  | ActivationOp
  | PReluOp
  | SoftmaxOp
  | DropoutOp
  | ConcatOp
  | ElementwiseOp
  | IsLargestOp;

export type OpKind = Op['kind'];

/** The operation type of one kind. */
export type OpOf<K extends OpKind> = Extract<Op, { readonly kind: K }>;

const resampling: ReadonlySet<OpKind> = new Set<OpKind>([
  'max_pool',
  'avg_pool',
  'conv_transpose',
  'upsample',
  'resize_to',
  'crop_to',
  'pad_to',
  'crop',
  'pad',
  'pixel_shuffle',
]);

/** Whether an operation is there to bring a tensor to another size. */
export const isResampling = ({ kind }: Op): boolean => resampling.has(kind);
