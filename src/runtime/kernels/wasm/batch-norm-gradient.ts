import { kernelNames } from '../names.js';
import type { BatchNormAttributes } from '../layer-attributes.js';
import { allocate, floats, input, wasmKernel } from './heap.js';

/** Values of one call; `dx` holds the gradient behind the ReLU when the sums are taken. */
interface Operands {
  readonly x: Float32Array;
  readonly gamma: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly dx: Float32Array;
  readonly dGamma: Float32Array;
  readonly dBeta: Float32Array;
  readonly channels: number;
  readonly epsilon: number;
}

/**
 * Gradient of `batchNormTraining` through the batch's statistics: dy and the
 * forward pass' x, y, gamma, mean, variance give dx like x, dGamma [c], dBeta [c].
 *
 * With r = 1 / sqrt(variance + epsilon) and g = dy behind the ReLU:
 * dBeta = sum g, dGamma = r sum g (x - mean),
 * dx = gamma r (g - dBeta / n - (x - mean) r dGamma / n)  (Ioffe and Szegedy 2015).
 */
export const batchNormTrainingGradient = wasmKernel<BatchNormAttributes>(
  kernelNames.batchNormTrainingGradient,
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const channels = x.shape[x.shape.length - 1]!;
    const dx = allocate(backend, x.shape);
    const dGamma = allocate(backend, [channels]);
    const dBeta = allocate(backend, [channels]);
    const operands: Operands = {
      x: floats(backend, x),
      gamma: floats(backend, input(call, 'gamma')),
      mean: floats(backend, input(call, 'mean')),
      variance: floats(backend, input(call, 'variance')),
      dx: floats(backend, dx),
      dGamma: floats(backend, dGamma),
      dBeta: floats(backend, dBeta),
      channels,
      epsilon: attributes.epsilon,
    };
    const dy = floats(backend, input(call, 'dy'));
    if (attributes.relu) maskBelowZero(dy, floats(backend, input(call, 'y')), operands.dx);
    else operands.dx.set(dy);
    let channel = 0;
    for (; channel + 4 <= channels; channel += 4) differentiateFourChannels(operands, channel);
    for (; channel < channels; channel++) differentiateChannel(operands, channel);
    return [dx, dGamma, dBeta];
  },
);

/**
 * dx = dy where y > 0, else 0. y comes out of a ReLU, so its bits read as an
 * integer are 0 or positive: -bits >> 31 is a mask of all zeros or all ones,
 * several times faster than a branch on random signs.
 */
function maskBelowZero(dy: Float32Array, y: Float32Array, dx: Float32Array): void {
  const from = new Int32Array(dy.buffer, dy.byteOffset, dy.length);
  const sign = new Int32Array(y.buffer, y.byteOffset, y.length);
  const to = new Int32Array(dx.buffer, dx.byteOffset, dx.length);
  for (let at = 0; at < to.length; at++) to[at] = from[at]! & (-sign[at]! >> 31);
}

/** Stores the parameter gradients of one channel and gives dx = a g + b x + c. */
function plane(
  operands: Operands,
  channel: number,
  sum: number,
  moment: number,
): { a: number; b: number; c: number } {
  const count = operands.x.length / operands.channels;
  const inverse = 1 / Math.sqrt(operands.variance[channel]! + operands.epsilon);
  operands.dBeta[channel] = sum;
  operands.dGamma[channel] = moment * inverse;
  const a = operands.gamma[channel]! * inverse;
  const b = (-a * inverse * inverse * moment) / count;
  return { a, b, c: (-a * sum) / count - b * operands.mean[channel]! };
}

function differentiateFourChannels(operands: Operands, channel: number): void {
  const { x, dx, mean, channels } = operands;
  const length = x.length;
  const mean0 = mean[channel]!;
  const mean1 = mean[channel + 1]!;
  const mean2 = mean[channel + 2]!;
  const mean3 = mean[channel + 3]!;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let moment0 = 0;
  let moment1 = 0;
  let moment2 = 0;
  let moment3 = 0;
  for (let at = channel; at < length; at += channels) {
    const g0 = dx[at]!;
    const g1 = dx[at + 1]!;
    const g2 = dx[at + 2]!;
    const g3 = dx[at + 3]!;
    sum0 += g0;
    moment0 += g0 * (x[at]! - mean0);
    sum1 += g1;
    moment1 += g1 * (x[at + 1]! - mean1);
    sum2 += g2;
    moment2 += g2 * (x[at + 2]! - mean2);
    sum3 += g3;
    moment3 += g3 * (x[at + 3]! - mean3);
  }
  const { a: a0, b: b0, c: c0 } = plane(operands, channel, sum0, moment0);
  const { a: a1, b: b1, c: c1 } = plane(operands, channel + 1, sum1, moment1);
  const { a: a2, b: b2, c: c2 } = plane(operands, channel + 2, sum2, moment2);
  const { a: a3, b: b3, c: c3 } = plane(operands, channel + 3, sum3, moment3);
  for (let at = channel; at < length; at += channels) {
    dx[at] = a0 * dx[at]! + b0 * x[at]! + c0;
    dx[at + 1] = a1 * dx[at + 1]! + b1 * x[at + 1]! + c1;
    dx[at + 2] = a2 * dx[at + 2]! + b2 * x[at + 2]! + c2;
    dx[at + 3] = a3 * dx[at + 3]! + b3 * x[at + 3]! + c3;
  }
}

function differentiateChannel(operands: Operands, channel: number): void {
  const { x, dx, mean, channels } = operands;
  let sum = 0;
  let moment = 0;
  for (let at = channel; at < x.length; at += channels) {
    sum += dx[at]!;
    moment += dx[at]! * (x[at]! - mean[channel]!);
  }
  const { a, b, c } = plane(operands, channel, sum, moment);
  for (let at = channel; at < x.length; at += channels) dx[at] = a * dx[at]! + b * x[at]! + c;
}
