import { noEdges } from './basics.js';
import { anyChannels, firstChannels, joinFormulas } from './channel-rule.js';
import { resampledPixels, slidingWindow } from './pixel-reach.js';
import { onePixel, step, weightless, type OperationRules } from './rules.js';
import { mixedRange } from './value-range.js';

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

/** Moves space into channels: undoes a pixel shuffle of the same factor and order. */
export interface SpaceToDepthOp {
  readonly kind: 'space_to_depth';
  readonly factor: number;
  readonly order: PixelShuffleOp['order'];
}

export const spaceToDepth: OperationRules<SpaceToDepthOp> = {
  ...weightless,
  reach: ({ factor }) => factor,
  reads: ({ factor }, place) => slidingWindow(place, factor, factor, noEdges),
  resamples: true,
  values: 'kept',
  range: mixedRange,
  channels: {
    problem: anyChannels,
    formula: ({ inputs, own }) => {
      const parts = joinFormulas('*', own('factor'), own('factor'));
      return joinFormulas('*', firstChannels({ inputs }), parts);
    },
  },
  axis: ({ factor }) => step({ divide: factor, minimum: factor, isExact: true }),
};

export const pixelShuffle: OperationRules<PixelShuffleOp> = {
  ...weightless,
  reach: onePixel,
  reads: ({ factor }, place) =>
    resampledPixels(place, 1 / factor, { method: 'nearest', coordinates: 'asymmetric' }),
  resamples: true,
  values: 'kept',
  range: mixedRange,
  channels: {
    problem: ({ factor }, [first = 0]) => {
      const parts = factor * factor;
      return first % parts === 0 ? undefined : { kind: 'uneven', channels: first, parts };
    },
    formula: ({ inputs, own }) => {
      const parts = joinFormulas('*', own('factor'), own('factor'));
      return joinFormulas('/', firstChannels({ inputs }), parts);
    },
  },
  axis: ({ factor }) => step({ multiply: factor }),
};
