import * as tf from '../../tensorflow.js';
import type { ConvolutionFilterGradientAttributes } from '../wasm/convolution-filter-gradient.js';
import { addressOf, allocate, imageShape, input, wasmKernel } from '../wasm/heap.js';
import { withScratch } from './scratch.js';
import { simdOf } from './simd-module.js';
import { bandOf, windowsBytes, windowsOf, writeWindows } from './windows.js';

/** Bytes of the padded images that are kept beside each other: they stay in the first cache of a core. */
const bandBudget = 32 * 1024;

/**
 * Gradient of a 2-D convolution with respect to its filter: x [n, h, w, in] and dy
 * [n, oh, ow, out] give [kh, kw, in, out]. The sums are `wasm/filter-gradient.ts`.
 */
export const simdFilterGradient = wasmKernel<ConvolutionFilterGradientAttributes>(
  'Conv2DBackpropFilter',
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const dy = input(call, 'dy');
    const { strides, pad, dimRoundingMode, filterShape } = attributes;
    const [kernelHeight, kernelWidth, channels, outputs] = filterShape;
    const info = tf.backend_util.computeConv2DInfo(
      imageShape(x),
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const windows = windowsOf(info);
    const band = bandOf(windows, bandBudget);
    const panels = Math.ceil(outputs / 8);
    const tiles = Math.ceil((kernelWidth * channels) / 4);
    const result = allocate(backend, filterShape);
    const sizes = [
      windowsBytes,
      band.rows * 4,
      band.bytes + 16,
      band.rows * windows.columns * 32,
      panels * kernelHeight * tiles * 128,
    ];
    withScratch(backend, sizes, ({ heap, addresses }) => {
      const [at, starts, padded, gradients, sums] = addresses as [
        number,
        number,
        number,
        number,
        number,
      ];
      const image = addressOf(backend, x);
      writeWindows(heap, at, { ...windows, image, bandRows: band.rows });
      const from = addressOf(backend, dy);
      const to = addressOf(backend, result);
      simdOf(backend).filterGradient(
        at,
        from,
        outputs,
        to,
        starts,
        padded,
        gradients,
        sums,
        0,
        panels,
      );
    });
    return result;
  },
);
