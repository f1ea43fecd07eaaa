import * as tf from '@tensorflow/tfjs';
import type { Coordinates } from '../../ir/operations/ops.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { runOne } from '../kernels/gradients.js';

/**
 * Where each output position along one axis comes from: the source positions
 * `lower` and `upper`, the latter with `upperWeight`, the former with the rest.
 */
export interface AxisSampling {
  readonly inputSize: number;
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly upperWeight: Float32Array;
}

/** Each output position copies one source position. */
export function copyingAxis(inputSize: number, sources: readonly number[]): AxisSampling {
  const lower = Int32Array.from(sources);
  return { inputSize, lower, upper: lower, upperWeight: new Float32Array(lower.length) };
}

/**
 * Nearest resizing: half_pixel floor((i + 1/2) in / out), align_corners the rounded
 * i (in - 1) / (out - 1), asymmetric floor(i in / out); in whole numbers and so without
 * rounding errors.
 */
export function nearestAxis(
  inputSize: number,
  outputSize: number,
  coordinates: Coordinates,
): AxisSampling {
  const sources = Array.from({ length: outputSize }, (_, index) =>
    nearestSource(index, inputSize, outputSize, coordinates),
  );
  return copyingAxis(inputSize, sources);
}

function nearestSource(
  index: number,
  inputSize: number,
  outputSize: number,
  coordinates: Coordinates,
): number {
  const last = outputSize - 1;
  switch (coordinates) {
    case 'half_pixel':
      return Math.floor(((2 * index + 1) * inputSize) / (2 * outputSize));
    case 'align_corners':
      return last === 0 ? 0 : Math.floor((2 * index * (inputSize - 1) + last) / (2 * last));
    case 'asymmetric':
      return Math.floor((index * inputSize) / outputSize);
  }
}

/** Linear resizing; `Coordinates` has the places. */
export function linearAxis(
  inputSize: number,
  outputSize: number,
  coordinates: Coordinates,
): AxisSampling {
  const lower = new Int32Array(outputSize);
  const upper = new Int32Array(outputSize);
  const upperWeight = new Float32Array(outputSize);
  for (let index = 0; index < outputSize; index++) {
    const position = sourcePosition(index, inputSize, outputSize, coordinates);
    const below = Math.min(Math.floor(position), inputSize - 1);
    lower[index] = below;
    upper[index] = Math.min(below + 1, inputSize - 1);
    upperWeight[index] = upper[index] === below ? 0 : position - below;
  }
  return { inputSize, lower, upper, upperWeight };
}

function sourcePosition(
  index: number,
  inputSize: number,
  outputSize: number,
  coordinates: Coordinates,
): number {
  switch (coordinates) {
    case 'half_pixel':
      return Math.max(0, ((index + 0.5) * inputSize) / outputSize - 0.5);
    case 'align_corners':
      return outputSize > 1 ? (index * (inputSize - 1)) / (outputSize - 1) : 0;
    case 'asymmetric':
      return (index * inputSize) / outputSize;
  }
}

/**
 * Samples x [n, h, w, c] along both axes with the value that `forward` makes of
 * it. TensorFlow.js has no right gradient for that (half-pixel grids, reflected
 * edges), so the gradient is ours: a loop on engines with the kernel, elsewhere
 * a product with the two sampling matrices, transposed.
 */
export function sampleImage(
  x: tf.Tensor4D,
  rows: AxisSampling,
  columns: AxisSampling,
  forward: (x: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const differentiable = tf.customGrad((image) => ({
    value: forward(image as tf.Tensor4D),
    gradFunc: (dy: tf.Tensor) => sampleImageGradient(dy as tf.Tensor4D, rows, columns),
  }));
  return differentiable(x) as tf.Tensor4D;
}

/** Copies rows and columns of x by the tables, which must be copying ones. */
export function copyImage(x: tf.Tensor4D, rows: AxisSampling, columns: AxisSampling): tf.Tensor4D {
  return sampleImage(x, rows, columns, (image) => {
    const tall = tf.gather(image, tf.tensor1d(rows.lower, 'int32'), 1);
    return tf.gather(tall, tf.tensor1d(columns.lower, 'int32'), 2);
  });
}

function sampleImageGradient(
  dy: tf.Tensor4D,
  rows: AxisSampling,
  columns: AxisSampling,
): tf.Tensor4D {
  if (hasKernel(kernelNames.interpolationGradient)) {
    return runOne(kernelNames.interpolationGradient, { dy }, { rows, columns }) as tf.Tensor4D;
  }
  const [batch, outHeight, outWidth, channels] = dy.shape;
  const { inputSize: height } = rows;
  const { inputSize: width } = columns;
  const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [
    outHeight,
    batch * outWidth * channels,
  ]);
  const short = tf.matMul(samplingMatrix(rows), byRow, true);
  const byColumn = tf.reshape(
    tf.transpose(tf.reshape(short, [height, batch, outWidth, channels]), [2, 1, 0, 3]),
    [outWidth, batch * height * channels],
  );
  const small = tf.matMul(samplingMatrix(columns), byColumn, true);
  return tf.transpose(tf.reshape(small, [width, batch, height, channels]), [1, 2, 0, 3]);
}

/** The sampling of one axis as a matrix [out, in]. */
function samplingMatrix(sampling: AxisSampling): tf.Tensor2D {
  const { inputSize, lower, upper, upperWeight } = sampling;
  const values = new Float32Array(lower.length * inputSize);
  for (let index = 0; index < lower.length; index++) {
    const weight = upperWeight[index]!;
    values[index * inputSize + lower[index]!]! += 1 - weight;
    values[index * inputSize + upper[index]!]! += weight;
  }
  return tf.tensor2d(values, [lower.length, inputSize]);
}
