import * as tf from '../../tensorflow.js';
import {
  addressOf,
  allocate,
  imageShape,
  input,
  wasmKernel,
  type WasmBackend,
  type WasmKernel,
} from '../wasm/heap.js';
import { convolve } from './convolve.js';
import { runTask } from './simd-module.js';
import { limitsOf, targetOf, type Limits } from './target.js';
import { windowsOf } from './windows.js';

interface Attributes {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

interface FusedAttributes extends Attributes {
  readonly activation: string;
}

/** Convolution: x [n, h, w, in] and filter [kh, kw, in, out] give [n, oh, ow, out]. */
export const simdConvolution = wasmKernel<Attributes>('Conv2D', (call) =>
  convolveImages(call.backend, input(call, 'x'), input(call, 'filter'), call.attributes),
);

/**
 * Convolution with a bias [out] and an activation. `stock` is the backend's own kernel: it does
 * activations that are no limits.
 */
export function simdFusedConvolution(stock: tf.KernelFunc): WasmKernel {
  return {
    name: 'FusedConv2D',
    run: (call) => {
      const attributes = call.attrs as unknown as FusedAttributes;
      const range = limitsOf(attributes.activation);
      const { x, filter, bias } = call.inputs as Record<string, tf.TensorInfo>;
      const made = filter!.shape[3];
      const isPlain = bias === undefined || (bias.shape.length === 1 && bias.shape[0] === made);
      if (range === undefined || !isPlain) return stock(call);
      return convolveImages(call.backend as WasmBackend, x!, filter!, attributes, {
        bias,
        ...range,
      });
    },
  };
}

interface Ending extends Limits {
  readonly bias?: tf.TensorInfo;
}

function convolveImages(
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  attributes: Attributes,
  { bias, ...range }: Ending = {},
): tf.TensorInfo {
  const { strides, dilations, pad, dimRoundingMode, dataFormat = 'NHWC' } = attributes;
  if (dataFormat !== 'NHWC') throw new Error(`the wasm engine has no convolution in ${dataFormat}`);
  const info = tf.backend_util.computeConv2DInfo(
    imageShape(x),
    imageShape(filter),
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const result = allocate(backend, info.outShape);
  const values = info.filterHeight * info.filterWidth * info.inChannels;
  convolve(backend, {
    windows: windowsOf(info),
    image: addressOf(backend, x),
    target: targetOf(addressOf(backend, result), info.outShape),
    filter: {
      ...{ tensor: filter, reading: 'as it lies' },
      pack: (target, panels) => {
        const from = addressOf(backend, filter);
        runTask(backend, 'packFilter', panels, [from, values, info.outChannels, target]);
      },
    },
    bias: bias && addressOf(backend, bias),
    ...range,
  });
  return result;
}
