import * as tf from '../../src/runtime/tensorflow.js';
import { nearestBy, plain } from './graph-builder.js';
import { transposedPadding } from '../../src/frontend/elaborate/padding.js';
import { noEdges as none, type Coordinates, type Pair } from '../../src/ir/operations/ops.js';
import { prelu, softmax } from '../../src/runtime/primitives/activations.js';
import * as convolution from '../../src/runtime/primitives/convolution.js';
import { pad } from '../../src/runtime/primitives/edges.js';
import { groupNorm } from '../../src/runtime/primitives/group-normalization.js';
import { avgPool, maxPool } from '../../src/runtime/primitives/pooling.js';
import { resize } from '../../src/runtime/primitives/resize.js';
import { shufflePixels } from '../../src/runtime/values/shuffle-pixels.js';
import type { Image } from './reference-operations.js';
import * as reference from './reference-operations.js';

type T4 = tf.Tensor4D;
type Shape = readonly [number, number, number];

/** An operation that some engine has wrong, as we do it and as it is defined. */
export interface Trap {
  readonly title: string;
  readonly shape: Shape;
  /** Shape of a second argument, the kernel. */
  readonly kernel?: readonly number[];
  readonly ours: (x: T4, kernel: T4) => tf.Tensor4D;
  readonly defined: (image: Image, kernel: ArrayLike<number>) => Image;
}

const square = (size: number): Pair => [size, size];
const places: readonly Coordinates[] = ['half_pixel', 'align_corners', 'asymmetric'];

const resizing = places.flatMap((coordinates) =>
  (
    [
      [8, 6],
      [7, 9],
      [5, 2],
    ] as const
  ).map((size): Trap => ({
    title: `bilinear gradients by ${coordinates}, 4 x 3 to ${size.join(' x ')}`,
    shape: [4, 3, 2],
    ours: (x) => resize(x, size, { method: 'bilinear', coordinates }),
    defined: (image) => reference.resizeLinearly(image, size, coordinates),
  })),
);

/** What TensorFlow.js computes wrongly, ignores or refuses on some engine. */
export const traps: readonly Trap[] = [
  ...resizing,
  ...places.map((coordinates): Trap => ({
    title: `nearest resizing by a fraction, by ${coordinates}`,
    shape: [4, 4, 2],
    ours: (x) => resize(x, [6, 7], nearestBy(coordinates)),
    defined: (image) => reference.resizeNearest(image, [6, 7], coordinates),
  })),
  {
    title: 'mirrored edges',
    shape: [5, 4, 2],
    ours: (x) => pad(x, { top: 3, bottom: 4, left: 0, right: 2 }, 'reflect'),
    defined: (image) =>
      reference.extend(image, { top: 3, bottom: 4, left: 0, right: 2 }, 'reflect'),
  },
  ...(['mean', 'max'] as const).map((kind): Trap => ({
    title: `${kind} over windows that stick out of an odd image`,
    shape: [5, 7, 2],
    ours: (x) => {
      const options = {
        size: square(2),
        stride: square(2),
        rounding: 'ceil',
        padding: none,
      } as const;
      return kind === 'max' ? maxPool(x, options) : avgPool(x, options);
    },
    defined: (image) => {
      const edges = { ...none, bottom: 1, right: 1 };
      return reference.pool(image, kind, { size: square(2), stride: square(2), edges });
    },
  })),
  ...(['mean', 'max'] as const).map((kind): Trap => ({
    title: `${kind} over padded windows, the edges not counted`,
    shape: [5, 6, 2],
    ours: (x) => {
      const padding = { top: 1, bottom: 1, left: 2, right: 0 };
      const options = { size: square(3), stride: square(2), rounding: 'floor', padding } as const;
      return kind === 'max' ? maxPool(x, options) : avgPool(x, options);
    },
    defined: (image) => {
      const edges = { top: 1, bottom: 1, left: 2, right: 0 };
      return reference.pool(image, kind, { size: square(3), stride: square(2), edges });
    },
  })),
  ...(['mean', 'max'] as const).map((kind): Trap => ({
    title: `${kind} over windows of 'same' padding in an odd image`,
    shape: [5, 8, 2],
    ours: (x) => {
      const options = { size: square(3), stride: square(2), rounding: 'floor' } as const;
      const padded = { ...options, padding: 'same' } as const;
      return kind === 'max' ? maxPool(x, padded) : avgPool(x, padded);
    },
    // (3 - 1) 2 + 3 = 7 rows, one more on each side; 4 windows need 9 columns, the odd one right.
    defined: (image) => {
      const edges = { top: 1, bottom: 1, left: 0, right: 1 };
      return reference.pool(image, kind, { size: square(3), stride: square(2), edges });
    },
  })),
  {
    title: "'same' where a stride exceeds its kernel",
    shape: [8, 7, 3],
    kernel: [2, 2, 3, 4],
    // ceil(8 / 3) = 3 windows need 8 rows; ceil(7 / 3) = 3 need 8 columns, the odd one right.
    ours: (x, kernel) =>
      convolution.conv2d(x, kernel, { stride: square(3), padding: 'same', ...plain }),
    defined: (image, kernel) =>
      reference.convolve(image, kernel, 4, 1, {
        ...{ size: square(2), stride: square(3), edges: { ...none, right: 1 } },
      }),
  },
  {
    title: 'padding stated in numbers',
    shape: [5, 6, 2],
    kernel: [3, 3, 2, 3],
    ours: (x, kernel) =>
      convolution.conv2d(x, kernel, {
        stride: square(2),
        padding: { top: 2, bottom: 0, left: 1, right: 3 },
        ...plain,
      }),
    defined: (image, kernel) =>
      reference.convolve(image, kernel, 3, 1, {
        ...{ size: square(3), stride: square(2) },
        edges: { top: 2, bottom: 0, left: 1, right: 3 },
      }),
  },
  {
    title: 'groups of a convolution',
    shape: [5, 4, 6],
    kernel: [3, 3, 2, 9],
    ours: (x, kernel) =>
      convolution.conv2d(x, kernel, { stride: square(1), padding: none, ...plain, groups: 3 }),
    defined: (image, kernel) =>
      reference.convolve(image, kernel, 9, 3, {
        ...{ size: square(3), stride: square(1), edges: none },
      }),
  },
  ...(
    [
      [1, 1],
      [2, 1],
    ] as const
  ).map((stride): Trap => ({
    title: `gradients of a dilated convolution, stride ${stride.join(' x ')}`,
    shape: [7, 8, 3],
    kernel: [3, 2, 3, 4],
    ours: (x, kernel) =>
      convolution.conv2d(x, kernel, { stride, padding: none, ...plain, dilation: [2, 3] }),
    defined: (image, kernel) =>
      reference.convolve(image, kernel, 4, 1, {
        ...{ size: [3, 2], stride, dilation: [2, 3], edges: none },
      }),
  })),
  ...([1, 2] as const).map((multiplier): Trap => ({
    title: `gradients of a dilated depthwise convolution, ${multiplier} a channel`,
    shape: [6, 7, 3],
    kernel: [3, 3, 3, multiplier],
    ours: (x, kernel) =>
      convolution.depthwiseConv2d(x, kernel, {
        ...{ stride: square(1), padding: none, dilation: square(2) },
      }),
    defined: (image, kernel) =>
      reference.convolve(image, kernel, 3 * multiplier, 3, {
        ...{ size: square(3), stride: square(1), dilation: square(2), edges: none },
      }),
  })),
  {
    title: 'gradients of a depthwise convolution',
    shape: [6, 5, 4],
    kernel: [3, 3, 4, 1],
    ours: (x, kernel) =>
      convolution.depthwiseConv2d(x, kernel, { stride: square(2), padding: none, ...plain }),
    defined: (image, kernel) =>
      reference.convolve(image, kernel, 4, 4, {
        ...{ size: square(3), stride: square(2), edges: none },
      }),
  },
  {
    title: 'a transposed convolution with output padding',
    shape: [3, 4, 2],
    kernel: [3, 3, 3, 2],
    // PyTorch's padding 1 with output_padding 1.
    ours: (x, kernel) =>
      convolution.convTranspose2d(x, kernel, {
        stride: square(2),
        edges: { top: 1, bottom: 0, left: 1, right: 0 },
        outputPadding: [0, 0],
      }),
    defined: (image, kernel) =>
      reference.convolveTransposed(image, kernel, 3, {
        ...{ size: square(3), stride: square(2) },
        edges: { top: 1, bottom: 0, left: 1, right: 0 },
      }),
  },
  {
    title: "a transposed convolution 'same' of size 3",
    shape: [3, 4, 2],
    kernel: [3, 3, 3, 2],
    ours: (x, kernel) =>
      convolution.convTranspose2d(x, kernel, {
        stride: square(2),
        ...transposedPadding('same', square(3), square(2)),
      }),
    // Keras takes the odd pixel off below and right.
    defined: (image, kernel) =>
      reference.convolveTransposed(image, kernel, 3, {
        ...{ size: square(3), stride: square(2), edges: { ...none, bottom: 1, right: 1 } },
      }),
  },
  ...(
    [
      [4, false],
      [2, false],
      [1, false],
      [1, true],
    ] as const
  ).map(([groups, perPixel]): Trap => ({
    title: `norms of ${groups} groups in each ${perPixel ? 'pixel' : 'image'}`,
    shape: [3, 4, 4],
    ours: (x) => groupNorm(x, undefined, { groups, perPixel, epsilon: 1e-3 }),
    defined: (image) => reference.normalise(image, { groups, perPixel, epsilon: 1e-3 }),
  })),
  ...[true, false].map((channelsFirst): Trap => ({
    title: `gradients of a pixel shuffle, ${channelsFirst ? 'PyTorch' : 'TensorFlow'}'s order`,
    shape: [2, 3, 8],
    ours: (x) => shufflePixels(x, 2, channelsFirst ? 'channelsFirst' : 'channelsLast'),
    defined: (image) => reference.shuffle(image, 2, channelsFirst),
  })),
  {
    title: 'softmax over channels',
    shape: [2, 3, 4],
    ours: (x) => softmax(x),
    defined: (image) => {
      const [, width, channels] = image.shape;
      return reference.makeImage(image.shape, (y, x, c) => {
        const from = (y * width + x) * channels;
        const all = image.values.slice(from, from + channels).map(Math.exp);
        return all[c]! / all.reduce((sum, value) => sum + value, 0);
      });
    },
  },
  {
    title: 'a slope for each channel',
    shape: [3, 2, 3],
    kernel: [1, 1, 1, 3],
    ours: (x, slopes) => prelu(x, tf.reshape(slopes, [3])),
    defined: (image, slopes) =>
      reference.makeImage(image.shape, (y, x, c) => {
        const value = image.values[(y * image.shape[1] + x) * 3 + c]!;
        return value > 0 ? value : value * slopes[c]!;
      }),
  },
];
