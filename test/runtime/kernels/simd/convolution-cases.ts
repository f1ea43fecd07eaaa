import * as tf from '../../../../src/runtime/tensorflow.js';

type Shape = [number, number, number, number];

/** A convolution of the grid that kernels are held to. */
export interface ConvolutionCase {
  readonly title: string;
  readonly image: Shape;
  readonly filter: Shape;
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | tf.backend_util.ExplicitPadding;
}

const edges = (
  top: number,
  bottom: number,
  left: number,
  right: number,
): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

/** Sizes of images and kernels, strides and padding. */
const placements: readonly (readonly [
  [number, number],
  [number, number],
  [number, number],
  ConvolutionCase['pad'],
])[] = [
  [[8, 8], [3, 3], [1, 1], 'same'],
  [[7, 5], [3, 3], [1, 1], 'same'],
  [[7, 5], [3, 3], [1, 1], 'valid'],
  [[9, 6], [3, 3], [2, 2], 'same'],
  [[8, 9], [3, 3], [2, 1], 'valid'],
  [[8, 6], [2, 2], [2, 2], 'valid'],
  [[6, 7], [1, 1], [1, 1], 'same'],
  [[6, 7], [1, 1], [2, 2], 'valid'],
  [[6, 7], [5, 3], [1, 1], 'same'],
  [[9, 8], [4, 4], [2, 2], 'same'],
  [[1, 1], [3, 3], [1, 1], 'same'],
  [[2, 2], [3, 3], [1, 1], 'same'],
  [[5, 6], [2, 3], [2, 1], edges(3, 2, 0, 4)],
  [[8, 8], [3, 3], [3, 3], 'valid'],
];

const channels = [
  [1, 1],
  [3, 8],
  [2, 5],
  [4, 16],
  [5, 9],
  [8, 3],
  [16, 8],
  [8, 13],
] as const;

/** Every placement with every pair of channels, and an image that takes several bands. */
export const convolutionCases: readonly ConvolutionCase[] = [
  ...placements.flatMap(([size, kernel, strides, pad]) =>
    channels.map(([read, made]) =>
      describe([2, ...size, read], [...kernel, read, made], strides, pad),
    ),
  ),
  describe([3, 40, 33, 6], [3, 3, 6, 12], [1, 1], 'same'),
  describe([2, 40, 33, 8], [3, 3, 8, 12], [1, 1], 'same'),
  describe([9, 5, 4, 32], [3, 3, 32, 8], [1, 1], 'same'),
];

function describe(
  image: Shape,
  filter: Shape,
  strides: [number, number],
  pad: ConvolutionCase['pad'],
): ConvolutionCase {
  const padding = typeof pad === 'string' ? pad : pad.slice(1, 3).join(' ');
  const title = `${image.join(' x ')} by ${filter.join(' x ')}, stride ${strides.join(' x ')}, ${padding}`;
  return { title, image, filter, strides, pad };
}

/** Sizes and padding as TensorFlow.js computes them. */
export function infoOf({
  image,
  filter,
  strides,
  pad,
}: ConvolutionCase): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(image, filter, strides, 1, pad);
}
