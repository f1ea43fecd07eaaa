import {
  depthwiseInfo,
  type DepthwiseFilterGradientAttributes,
} from '../convolution-attributes.js';
import { allocate, floats, imageShape, input, wasmKernel } from './heap.js';

/** A run of pixels of one row of x and dy that meet at one tap of the filter. */
interface Run {
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly sums: Float64Array;
  readonly count: number;
  /** Where the run starts and how far its next pixel is, in values. */
  readonly xStart: number;
  readonly xStep: number;
  readonly dyStart: number;
  readonly dyStep: number;
  /** The tap's first sum. */
  readonly tap: number;
}

/**
 * Gradient of a depthwise convolution with respect to its filter, which the
 * backend lacks: x [n, h, w, in] and dy [n, oh, ow, in * m] give
 * [kh, kw, in, m]. Sums are kept in float64, four channels at a time in locals.
 */
export const depthwiseFilterGradient = wasmKernel<DepthwiseFilterGradientAttributes>(
  'DepthwiseConv2dNativeBackpropFilter',
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const info = depthwiseInfo(imageShape(x), attributes.filterShape, attributes);
    const [kernelHeight, kernelWidth, channels, multiplier] = attributes.filterShape;
    const { inHeight, inWidth, outHeight, outWidth, strideWidth, dilationWidth, padInfo } = info;
    const outputs = channels * multiplier;
    const result = allocate(backend, attributes.filterShape);
    const sums = new Float64Array(kernelHeight * kernelWidth * outputs);
    const images = floats(backend, x);
    const gradients = floats(backend, input(call, 'dy'));
    for (let n = 0; n < info.batchSize; n++) {
      for (let oy = 0; oy < outHeight; oy++) {
        for (let i = 0; i < kernelHeight; i++) {
          const y = oy * info.strideHeight - padInfo.top + i * info.dilationHeight;
          if (y < 0 || y >= inHeight) continue;
          for (let j = 0; j < kernelWidth; j++) {
            const shift = j * dilationWidth - padInfo.left;
            const first = Math.max(0, Math.ceil(-shift / strideWidth));
            const end = Math.min(outWidth, Math.floor((inWidth - 1 - shift) / strideWidth) + 1);
            if (first >= end) continue;
            const run: Run = {
              x: images,
              dy: gradients,
              sums,
              count: end - first,
              xStart: ((n * inHeight + y) * inWidth + first * strideWidth + shift) * channels,
              xStep: strideWidth * channels,
              dyStart: ((n * outHeight + oy) * outWidth + first) * outputs,
              dyStep: outputs,
              tap: (i * kernelWidth + j) * outputs,
            };
            let output = 0;
            if (multiplier === 1) {
              for (; output + 4 <= outputs; output += 4) addFourChannels(run, output);
            }
            for (; output < outputs; output++) addOutput(run, output, (output / multiplier) | 0);
          }
        }
      }
    }
    floats(backend, result).set(sums);
    return result;
  },
);

function addFourChannels(run: Run, channel: number): void {
  const { x, dy, sums, count, xStep, dyStep } = run;
  let from = run.xStart + channel;
  let at = run.dyStart + channel;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let k = 0; k < count; k++, from += xStep, at += dyStep) {
    sum0 += x[from]! * dy[at]!;
    sum1 += x[from + 1]! * dy[at + 1]!;
    sum2 += x[from + 2]! * dy[at + 2]!;
    sum3 += x[from + 3]! * dy[at + 3]!;
  }
  const to = run.tap + channel;
  sums[to]! += sum0;
  sums[to + 1]! += sum1;
  sums[to + 2]! += sum2;
  sums[to + 3]! += sum3;
}

function addOutput(run: Run, output: number, channel: number): void {
  const { x, dy, sums, count, xStep, dyStep } = run;
  let from = run.xStart + channel;
  let at = run.dyStart + output;
  let sum = 0;
  for (let k = 0; k < count; k++, from += xStep, at += dyStep) sum += x[from]! * dy[at]!;
  sums[run.tap + output]! += sum;
}
