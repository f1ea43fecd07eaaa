import type * as tf from '../../tensorflow.js';
import { convolutionInfo, type InputGradientAttributes } from '../convolution-attributes.js';
import { kernelNames } from '../names.js';
import {
  addressOf,
  allocate,
  imageShape,
  input,
  wasmKernel,
  type KernelCall,
} from '../wasm/heap.js';
import { convolve } from './convolve.js';
import { phasesOf } from './phases.js';
import { runTask } from './simd-module.js';

/**
 * Gradient of a 2-D convolution with respect to its input, and the forward pass of a transposed
 * convolution: dy [n, oh, ow, out] and filter [kh, kw, in, out] give [n, h, w, in].
 *
 * The pixels of one phase, y = p + stride m, meet the same taps of the filter: those i with
 * (p + top - i) mod stride = 0. Their gradient is a convolution of dy by these taps, turned,
 * at every pixel of dy: no zeros are put between pixels, and none are multiplied.
 */
export const simdInputGradient = wasmKernel<InputGradientAttributes>(
  'Conv2DBackpropInput',
  (call) => convolveBack(call),
);

/** The same with a bias for each channel of what it gives: a transposed convolution. */
export const simdTransposedConvolution = wasmKernel<InputGradientAttributes>(
  kernelNames.transposedConvolution,
  (call) => convolveBack(call, input(call, 'bias')),
);

function convolveBack(
  call: KernelCall<InputGradientAttributes>,
  bias?: tf.TensorInfo,
): tf.TensorInfo {
  const { backend, attributes } = call;
  const dy = input(call, 'dy');
  const filter = input(call, 'filter');
  const info = convolutionInfo(attributes.inputShape, imageShape(filter), attributes);
  const { batchSize, inHeight, inWidth, inChannels, outChannels, filterWidth } = info;
  const { strideHeight, strideWidth, padInfo } = info;
  const result = allocate(backend, info.inShape);
  const pixel = inChannels * 4;
  const row = inWidth * pixel;
  const rowPhases = phasesOf(inHeight, info.filterHeight, strideHeight, padInfo.top);
  const columnPhases = phasesOf(inWidth, filterWidth, strideWidth, padInfo.left);
  for (const down of rowPhases) {
    for (const across of columnPhases) {
      const { pixels: rows } = down;
      const { pixels: columns } = across;
      const start = addressOf(backend, result) + down.phase * row + across.phase * pixel;
      const rowTaps = [down.first, strideHeight, down.taps] as const;
      const columnTaps = [across.first, strideWidth, across.taps] as const;
      convolve(backend, {
        windows: {
          ...{ height: info.outHeight, width: info.outWidth, channels: outChannels },
          ...{ rows, columns, allRows: batchSize * rows },
          ...{ kernelHeight: down.taps, kernelWidth: across.taps },
          ...{ strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1 },
          ...{ top: down.before, left: across.before },
        },
        image: addressOf(backend, dy),
        target: {
          ...{ address: start, channels: inChannels },
          ...{ imageStep: inHeight * row, rowStep: strideHeight * row },
          columnStep: strideWidth * pixel,
        },
        bias: bias && addressOf(backend, bias),
        filter: {
          tensor: filter,
          reading: ['turned', filterWidth, ...rowTaps, ...columnTaps].join(' '),
          pack: (target, panels) => {
            const from = [addressOf(backend, filter), filterWidth] as const;
            const sizes = [inChannels, outChannels, ...rowTaps, ...columnTaps] as const;
            runTask(backend, 'packTurnedFilter', panels, [...from, ...sizes, target]);
          },
        },
      });
    }
  }
  return result;
}
