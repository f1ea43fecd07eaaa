import type { Pair } from './basics.js';
import { sameChannels } from './channel-rule.js';
import { resampledPixels } from './pixel-reach.js';
import { step, weightless, type OperationRules } from './rules.js';
import type { Sampling } from './sampling.js';
import { keptRange } from './value-range.js';

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
