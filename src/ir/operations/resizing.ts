import type { Pair } from './basics.js';
import { resampledPixels } from './pixel-reach.js';
import { sameChannels, step, weightless, type OperationRules } from './rules.js';
import { keptRange } from './value-range.js';

/**
 * Where output pixel i of an axis lies on the input, as ONNX's Resize names it:
 * `half_pixel` (i + 1/2) in / out - 1/2, `align_corners` i (in - 1) / (out - 1),
 * `asymmetric` i in / out. Places beyond the outermost pixels count as these.
 */
export type Coordinates = 'half_pixel' | 'align_corners' | 'asymmetric';

/**
 * How an image is sampled: between pixels, or at the nearest one, which rounding as ONNX's
 * `nearest_mode` chooses: `floor` of the place x, `round_prefer_ceil` floor(x + 1/2).
 */
export type Sampling =
  | { readonly method: 'bilinear'; readonly coordinates: Coordinates }
  | {
      readonly method: 'nearest';
      readonly coordinates: 'asymmetric';
      readonly rounding: 'floor';
    }
  | {
      readonly method: 'nearest';
      readonly coordinates: 'half_pixel' | 'align_corners';
      readonly rounding: 'round_prefer_ceil';
    };

/** Resizes by whole factors. */
export type UpsampleOp = Sampling & { readonly kind: 'upsample'; readonly factor: Pair };

/** Inputs: x and the tensor whose height and width it takes. */
export type ResizeToOp = Sampling & { readonly kind: 'resize_to' };

/** Between two pixels, or at one. */
const samples = ({ method }: UpsampleOp | ResizeToOp): number => (method === 'bilinear' ? 2 : 1);

const resampling = {
  ...weightless,
  channels: sameChannels,
  reach: samples,
  resamples: true,
  values: 'kept',
  range: keptRange,
} as const satisfies Partial<OperationRules<UpsampleOp | ResizeToOp>>;

export const upsample: OperationRules<UpsampleOp> = {
  ...resampling,
  axis: ({ factor }, axis) => step({ multiply: factor[axis] }),
  reads: (op, place) => resampledPixels(place, 1 / op.factor[place.axis], op),
};

export const resizeTo: OperationRules<ResizeToOp> = {
  ...resampling,
  axis: () => ({ kind: 'follow', relation: 'any' }),
  reads: (op, place) => {
    const ratio = place.fixed(({ inputs: [size = 0], output }) => size / output);
    return ratio === undefined ? undefined : resampledPixels(place, ratio, op);
  },
};
