import { sameChannels } from './channel-rule.js';
import { wholeImage } from './pixel-reach.js';
import { pointwise, type OperationRules, type Weight } from './rules.js';
import { unknownRange } from './value-range.js';

/** Batch normalisation over batch, height and width (Ioffe and Szegedy 2015). */
export interface BatchNormOp {
  readonly kind: 'batch_norm';
  readonly epsilon: number;
  /** Whether each channel is multiplied by a weight. */
  readonly scale: boolean;
  /** Whether a weight is added to each channel. */
  readonly shift: boolean;
  readonly running: RunningStatistics;
}

/** What becomes of the running mean and the running variance at each training step. */
export interface RunningStatistics {
  /** The share of the old value that is kept; the batch's value has the rest. */
  readonly keep: number;
  /**
   * Which variance of the batch is taken: the mean of the squared differences from the
   * mean, or that times n / (n - 1) for n values of a channel.
   */
  readonly variance: 'biased' | 'unbiased';
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

/** Multiplies each channel by a weight that begins at `start` (Touvron et al. 2021, LayerScale). */
export interface LayerScaleOp {
  readonly kind: 'layer_scale';
  readonly start: number;
}

const scaleAndShift = (
  { scale, shift }: Pick<BatchNormOp, 'scale' | 'shift'>,
  channels: number,
): readonly Weight[] => [
  ...(scale
    ? [{ role: 'scale', axes: { channels }, trainable: true, start: 'ones' } as const]
    : []),
  ...(shift
    ? [{ role: 'shift', axes: { channels }, trainable: true, start: 'zeros' } as const]
    : []),
];

const whereAffine = (
  { affine }: { readonly affine: boolean },
  channels: number,
): readonly Weight[] => scaleAndShift({ scale: affine, shift: affine }, channels);

const normalising = {
  ...pointwise,
  values: 'new',
  range: unknownRange,
} as const satisfies Partial<OperationRules<unknown>>;

export const batchNorm: OperationRules<BatchNormOp> = {
  ...normalising,
  weights: (op, channels) => [
    ...scaleAndShift(op, channels),
    { role: 'mean', axes: { channels }, trainable: false, start: 'zeros' },
    { role: 'variance', axes: { channels }, trainable: false, start: 'ones' },
  ],
};

export const instanceNorm: OperationRules<InstanceNormOp> = {
  ...normalising,
  reads: wholeImage,
  weights: whereAffine,
};

export const groupNorm: OperationRules<GroupNormOp> = {
  ...normalising,
  reads: wholeImage,
  channels: {
    ...sameChannels,
    problem: ({ groups }, [first = 0]) =>
      first % groups === 0 ? undefined : { kind: 'uneven', channels: first, parts: groups },
  },
  weights: whereAffine,
};

export const layerNorm: OperationRules<LayerNormOp> = { ...normalising, weights: whereAffine };

export const layerScale: OperationRules<LayerScaleOp> = {
  ...normalising,
  weights: ({ start }, channels) => [{ role: 'scale', axes: { channels }, trainable: true, start }],
};
