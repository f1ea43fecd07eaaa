import type { Pair } from './basics.js';
import { pointwise, step, type OperationRules } from './rules.js';

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

/** Between two pixels, or at one. */
const samples = ({ method }: UpsampleOp | ResizeToOp): number => (method === 'bilinear' ? 2 : 1);

export const upsample: OperationRules<UpsampleOp> = {
  ...pointwise,
  resamples: true,
  axis: ({ factor }, axis) => step({ multiply: factor[axis] }),
  reach: samples,
};

export const resizeTo: OperationRules<ResizeToOp> = {
  ...pointwise,
  resamples: true,
  axis: () => ({ kind: 'follow', relation: 'any' }),
  reach: samples,
};
