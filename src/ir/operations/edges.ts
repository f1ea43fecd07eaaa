import { edgeSum, type Edges } from './basics.js';
import { pointwise, step, type OperationRules } from './rules.js';

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

export const cropTo: OperationRules<CropToOp> = {
  ...pointwise,
  resamples: true,
  values: 'kept',
  axis: ({ rounding }) => ({
    kind: 'follow',
    relation: rounding === 'exact' ? 'shrink_evenly' : 'shrink',
  }),
};

export const padTo: OperationRules<PadToOp> = {
  ...pointwise,
  resamples: true,
  values: 'kept',
  axis: () => ({ kind: 'follow', relation: 'grow' }),
};

export const crop: OperationRules<CropOp> = {
  ...pointwise,
  resamples: true,
  values: 'kept',
  axis: ({ edges }, axis) => {
    const cut = edgeSum(edges, axis);
    return step({ after: -cut, minimum: cut + 1 });
  },
};

export const pad: OperationRules<PadOp> = {
  ...pointwise,
  resamples: true,
  values: 'kept',
  axis: ({ edges, mode }, axis) => {
    const { top, bottom, left, right } = edges;
    const most = axis === 0 ? Math.max(top, bottom) : Math.max(left, right);
    // A reflection repeats no edge pixel, so it needs one more than it adds.
    const minimum = mode === 'reflect' ? most + 1 : 1;
    return step({ after: edgeSum(edges, axis), minimum });
  },
};
