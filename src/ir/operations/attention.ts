import type { Pair } from './basics.js';
import { sameChannels } from './channel-rule.js';
import { wholeImage } from './pixel-reach.js';
import { onePixel, pointwise, weightless, type OperationRules } from './rules.js';
import { mixedRange, unknownRange } from './value-range.js';

/**
 * Multi-head attention (Vaswani et al. 2017) of pixels. Inputs: queries, keys and values; the
 * channels of each are cut into `heads` equal parts of d channels, and of each part a pixel of
 * the queries takes the mean of the values, weighted by the softmax over the pixels of
 * q . k / sqrt(d), or of q . k unless `scaled`. Projections are convolutions of 1 x 1 before it.
 */
export interface AttentionOp {
  readonly kind: 'attention';
  readonly heads: number;
  readonly scaled: boolean;
  /** Windows in which pixels look at each other; without, each looks at all. */
  readonly windows?: AttentionWindows;
  /**
   * `relative` adds to the product of two pixels of a window a weight of each head for the
   * difference of their places: row (i1 - i2 + w - 1) (2 w - 1) + j1 - j2 + w - 1 of a table.
   */
  readonly position: 'none' | 'relative';
}

/**
 * Windows of size x size pixels (Liu et al. 2021, Swin). Their grid lies `shift` pixels below
 * and right of the image's corner on every axis that is longer than a window; what lies before
 * the first is one window with what lies behind the last, in which pixels look at their own
 * side alone.
 */
export interface AttentionWindows {
  readonly size: number;
  readonly shift: number;
}

/** Adds a trained table of height x width x channels, which images must have (Dosovitskiy et al. 2021). */
export interface PositionsOp {
  readonly kind: 'positions';
  readonly size: Pair;
}

export const attention: OperationRules<AttentionOp> = {
  ...weightless,
  resamples: false,
  values: 'new',
  range: (op, [, , values]) => mixedRange(op, values === undefined ? [] : [values]),
  channels: {
    problem: ({ heads, windows, position }, [queries = 0, keys = 0, values = 0]) => {
      if (queries !== keys) return { kind: 'differ', found: `${queries} and ${keys}` };
      const uneven = [queries, values].find((count) => count % heads !== 0);
      if (uneven !== undefined) return { kind: 'uneven', channels: uneven, parts: heads };
      if (windows === undefined && position === 'relative') return { kind: 'no-window' };
      if (windows === undefined || windows.shift < windows.size) return undefined;
      return { kind: 'wide-shift', shift: windows.shift, window: windows.size };
    },
    formula: ({ inputs }) => inputs[2]!.formula,
  },
  axis: ({ windows }) => ({ kind: 'attend', window: windows?.size }),
  reach: ({ windows }) => (windows === undefined ? Infinity : 2 * windows.size - 1),
  // Windows lie on a grid of the whole image.
  reads: wholeImage,
  weights: ({ heads, windows, position }) =>
    position === 'none'
      ? []
      : [
          {
            role: 'table',
            axes: { offset: (2 * windows!.size - 1) ** 2, head: heads },
            trainable: true,
            start: 'zeros',
          },
        ],
  multiplyAdds: ({ windows }, { channelsIn, channelsOut, pixelsIn, pixelsRead }) =>
    pixelsIn *
    (windows === undefined ? pixelsRead : windows.size ** 2) *
    (channelsIn + channelsOut),
};

export const positions: OperationRules<PositionsOp> = {
  ...pointwise,
  values: 'new',
  range: unknownRange,
  channels: sameChannels,
  reach: onePixel,
  axis: ({ size }, axis) => ({ kind: 'only', size: size[axis] }),
  reads: wholeImage,
  weights: ({ size: [height, width] }, channels) => [
    { role: 'table', axes: { height, width, channels }, trainable: true, start: 'zeros' },
  ],
};
