import { edgeSum, type Edges } from './basics.js';
import { sameChannels } from './channel-rule.js';
import { movedPixels, type PixelReach, type ReachPlace } from './pixel-reach.js';
import { onePixel, step, weightless, type OperationRules } from './rules.js';
import { keptRange, rangeWithZero } from './value-range.js';

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
  /**
   * What the edges hold: zeros; the pixels mirrored at the outermost one, which is not
   * repeated; the outermost one again; or the pixels of the other side.
   */
  readonly mode: 'zero' | 'reflect' | 'replicate' | 'circular';
}

const edging = {
  ...weightless,
  channels: sameChannels,
  reach: onePixel,
  resamples: true,
  values: 'kept',
} as const satisfies Partial<OperationRules<unknown>>;

const firstEdge = ({ top, left }: Edges, { axis }: ReachPlace): number => (axis === 0 ? top : left);

/** Moves pixels by half of what the sizes of input and output differ by; the odd pixel, by one at most. */
function movedByHalf(place: ReachPlace): PixelReach | undefined {
  const cut = place.fixed(({ inputs: [size = 0], output }) => size - output);
  if (cut === undefined) return undefined;
  return movedPixels(place, Math.floor(cut / 2), Math.ceil(cut / 2));
}

export const cropTo: OperationRules<CropToOp> = {
  ...edging,
  range: keptRange,
  reads: (_op, place) => movedByHalf(place),
  axis: ({ rounding }) => ({
    kind: 'follow',
    relation: rounding === 'exact' ? 'shrink_evenly' : 'shrink',
  }),
};

export const padTo: OperationRules<PadToOp> = {
  ...edging,
  range: rangeWithZero,
  reads: (_op, place) => movedByHalf(place),
  axis: () => ({ kind: 'follow', relation: 'grow' }),
};

export const crop: OperationRules<CropOp> = {
  ...edging,
  range: keptRange,
  reads: ({ edges }, place) => movedPixels(place, firstEdge(edges, place)),
  axis: ({ edges }, axis) => {
    const cut = edgeSum(edges, axis);
    return step({ after: -cut, minimum: cut + 1 });
  },
};

export const pad: OperationRules<PadOp> = {
  ...edging,
  range: (op, inputs) => (op.mode === 'zero' ? rangeWithZero : keptRange)(op, inputs),
  reads: ({ edges, mode }, place) =>
    mode === 'circular' ? undefined : movedPixels(place, -firstEdge(edges, place)),
  axis: ({ edges, mode }, axis) => {
    const { top, bottom, left, right } = edges;
    const most = axis === 0 ? Math.max(top, bottom) : Math.max(left, right);
    // A reflection repeats no edge pixel, so it needs one more than it adds.
    const minimum = { zero: 1, reflect: most + 1, replicate: 1, circular: Math.max(1, most) };
    return step({ after: edgeSum(edges, axis), minimum: minimum[mode] });
  },
};
