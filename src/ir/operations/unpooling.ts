import { sameChannels } from './channel-rule.js';
import { edgeBefore, type PixelReach, type ReachPlace } from './pixel-reach.js';
import { poolSteps, type PoolWindows } from './pooling.js';
import { weightless, type OperationRules } from './rules.js';
import { mixedRange, rangeWithZero } from './value-range.js';

/**
 * Inputs: x and what a max pooling read. Puts each value of x where the maximum of its window
 * was, the first of equals, and zeros elsewhere (Badrinarayanan et al. 2017, SegNet; PyTorch's
 * MaxUnpool2d with the indices of that pooling). The attributes are those of the pooling,
 * whose windows do not overlap; what comes out is as tall and wide as what it read.
 */
export interface MaxUnpoolOp extends PoolWindows {
  readonly kind: 'max_unpool';
}

/** Whether windows share pixels, so that one pixel may be the maximum of several. */
export const overlaps = ({ size, stride }: PoolWindows): boolean =>
  size[0] > stride[0] || size[1] > stride[1];

export const maxUnpool: OperationRules<MaxUnpoolOp> = {
  ...weightless,
  resamples: true,
  values: 'kept',
  channels: {
    ...sameChannels,
    problem: (_op, [own = 0, pooled = 0]) =>
      own === pooled ? undefined : { kind: 'pooled-differ', own, pooled },
  },
  axis: (op, axis) => ({ kind: 'follow', relation: poolSteps(op, axis) }),
  reach: ({ size }, axis) => size[axis],
  reads: readsWindow,
  range: (op, inputs) => rangeWithZero(op, [mixedRange(op, inputs)]),
};

/** The window that a pixel lies in, and the pixel of x that belongs to it. */
function readsWindow(
  { size, stride, padding }: MaxUnpoolOp,
  { axis, inputs, fixed }: ReachPlace,
): PixelReach | undefined {
  const [x, read] = inputs;
  const [span, every] = [size[axis], stride[axis]];
  const edge = fixed(({ output }) => edgeBefore(padding, axis, output, span, every));
  if (edge === undefined || x === undefined || read === undefined) return undefined;
  const inner = x.step / every;
  if (Math.abs(inner - read.step) > 1e-9) return undefined;
  return {
    step: inner,
    before: Math.max(read.before + (span - 1) * inner, x.before + (every - 1 - edge) * inner),
    after: Math.max(read.after + (span - 1) * inner, x.after + edge * inner),
  };
}
