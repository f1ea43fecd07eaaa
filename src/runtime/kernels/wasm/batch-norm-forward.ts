import type { BatchNormAttributes } from '../layer-attributes.js';
import { kernelNames } from '../names.js';
import { allocate, floats, input, wasmKernel } from './heap.js';

/** Values of one call, as the loops below read and write them. */
interface Operands {
  readonly x: Float32Array;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly y: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly channels: number;
  readonly epsilon: number;
  readonly relu: boolean;
}

/**
 * Batch normalisation with the statistics of the batch, with a ReLU after it if
 * asked: x [..., c], gamma [c], beta [c] give y like x, mean [c] and the biased
 * variance [c].
 *
 * Sums are float64 and shifted by the first pixel, so that one pass is stable.
 * Loops take four channels at a time and have no branches: a branch per value
 * costs more than the arithmetic.
 */
export const batchNormTraining = wasmKernel<BatchNormAttributes>(
  kernelNames.batchNormTraining,
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const channels = x.shape[x.shape.length - 1]!;
    const y = allocate(backend, x.shape);
    const mean = allocate(backend, [channels]);
    const variance = allocate(backend, [channels]);
    const operands: Operands = {
      x: floats(backend, x),
      gamma: floats(backend, input(call, 'gamma')),
      beta: floats(backend, input(call, 'beta')),
      y: floats(backend, y),
      mean: floats(backend, mean),
      variance: floats(backend, variance),
      channels,
      epsilon: attributes.epsilon,
      relu: attributes.relu,
    };
    let channel = 0;
    for (; channel + 4 <= channels; channel += 4) normaliseFourChannels(operands, channel);
    for (; channel < channels; channel++) normaliseChannel(operands, channel);
    return [y, mean, variance];
  },
);

/** Stores the statistics of one channel and gives the line y = scale x + offset. */
function line(
  operands: Operands,
  channel: number,
  sum: number,
  squares: number,
): { scale: number; offset: number } {
  const count = operands.x.length / operands.channels;
  const shifted = sum / count;
  const mean = operands.x[channel]! + shifted;
  const variance = Math.max(0, squares / count - shifted * shifted);
  operands.mean[channel] = mean;
  operands.variance[channel] = variance;
  const scale = operands.gamma[channel]! / Math.sqrt(variance + operands.epsilon);
  return { scale, offset: operands.beta[channel]! - mean * scale };
}

function normaliseFourChannels(operands: Operands, channel: number): void {
  const { x, y, channels } = operands;
  const length = x.length;
  const shift0 = x[channel]!;
  const shift1 = x[channel + 1]!;
  const shift2 = x[channel + 2]!;
  const shift3 = x[channel + 3]!;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let squares0 = 0;
  let squares1 = 0;
  let squares2 = 0;
  let squares3 = 0;
  for (let at = channel; at < length; at += channels) {
    const value0 = x[at]! - shift0;
    const value1 = x[at + 1]! - shift1;
    const value2 = x[at + 2]! - shift2;
    const value3 = x[at + 3]! - shift3;
    sum0 += value0;
    squares0 += value0 * value0;
    sum1 += value1;
    squares1 += value1 * value1;
    sum2 += value2;
    squares2 += value2 * value2;
    sum3 += value3;
    squares3 += value3 * value3;
  }
  const line0 = line(operands, channel, sum0, squares0);
  const line1 = line(operands, channel + 1, sum1, squares1);
  const line2 = line(operands, channel + 2, sum2, squares2);
  const line3 = line(operands, channel + 3, sum3, squares3);
  // t + |t| of half the value is the ReLU of the whole one.
  const half = operands.relu ? 0.5 : 1;
  const scale0 = line0.scale * half;
  const scale1 = line1.scale * half;
  const scale2 = line2.scale * half;
  const scale3 = line3.scale * half;
  const offset0 = line0.offset * half;
  const offset1 = line1.offset * half;
  const offset2 = line2.offset * half;
  const offset3 = line3.offset * half;
  if (operands.relu) {
    for (let at = channel; at < length; at += channels) {
      const value0 = x[at]! * scale0 + offset0;
      const value1 = x[at + 1]! * scale1 + offset1;
      const value2 = x[at + 2]! * scale2 + offset2;
      const value3 = x[at + 3]! * scale3 + offset3;
      y[at] = value0 + Math.abs(value0);
      y[at + 1] = value1 + Math.abs(value1);
      y[at + 2] = value2 + Math.abs(value2);
      y[at + 3] = value3 + Math.abs(value3);
    }
  } else {
    for (let at = channel; at < length; at += channels) {
      y[at] = x[at]! * scale0 + offset0;
      y[at + 1] = x[at + 1]! * scale1 + offset1;
      y[at + 2] = x[at + 2]! * scale2 + offset2;
      y[at + 3] = x[at + 3]! * scale3 + offset3;
    }
  }
}

function normaliseChannel(operands: Operands, channel: number): void {
  const { x, y, channels } = operands;
  const shift = x[channel]!;
  let sum = 0;
  let squares = 0;
  for (let at = channel; at < x.length; at += channels) {
    const value = x[at]! - shift;
    sum += value;
    squares += value * value;
  }
  const { scale, offset } = line(operands, channel, sum, squares);
  for (let at = channel; at < x.length; at += channels) {
    const value = x[at]! * scale + offset;
    y[at] = operands.relu ? (value + Math.abs(value)) * 0.5 : value;
  }
}
