import {
  depthwiseInfo,
  type DepthwiseFilterGradientAttributes,
  type Shape4D,
} from '../convolution-attributes.js';
import { addPairs, sumPairs } from './channel-sums.js';
import { webgpuKernel } from './kernel.js';
import { release } from './program.js';

/** A row is a pixel of the output, a channel a tap with one of its kernels. */
const addProducts = addPairs({
  name: 'gradient of a depthwise filter',
  inputs: { x: 'f32', dy: 'f32' },
  uniforms: {
    ...({ height: 'u32', width: 'u32', outHeight: 'u32', outWidth: 'u32' } as const),
    ...({
      kernels: 'u32',
      multiplier: 'u32',
      kernelWidth: 'u32',
      top: 'u32',
      left: 'u32',
    } as const),
    ...({ strideY: 'u32', strideX: 'u32', dilationY: 'u32', dilationX: 'u32' } as const),
  },
  pairOf: `
    let one = channel % uniforms.kernels;
    let tap = channel / uniforms.kernels;
    let line = row / uniforms.outWidth;
    let y = line % uniforms.outHeight * uniforms.strideY + tap / uniforms.kernelWidth * uniforms.dilationY - uniforms.top;
    let x0 = row % uniforms.outWidth * uniforms.strideX + tap % uniforms.kernelWidth * uniforms.dilationX - uniforms.left;
    // What lies above or left of the image wraps to large numbers.
    if (y >= uniforms.height || x0 >= uniforms.width) { return vec2f(0.0); }
    let image = line / uniforms.outHeight;
    let pixel = (image * uniforms.height + y) * uniforms.width + x0;
    let read = x[pixel * (uniforms.kernels / uniforms.multiplier) + one / uniforms.multiplier];
    return vec2f(read * dy[row * uniforms.kernels + one], 0.0);`,
});

/**
 * Gradient of a depthwise convolution with respect to its filter: x [n, h, w, in] and
 * dy [n, oh, ow, in * m] give [kh, kw, in, m]. The backend's own kernel has one thread for each
 * value of the filter, which goes through all pixels, and knows no dilation.
 */
export const depthwiseFilterGradient = webgpuKernel<'x' | 'dy', DepthwiseFilterGradientAttributes>(
  'DepthwiseConv2dNativeBackpropFilter',
  ({ backend, inputs: { x, dy }, attributes }) => {
    const { filterShape } = attributes;
    const info = depthwiseInfo(x.shape as Shape4D, filterShape, attributes);
    const [kernelHeight, kernelWidth, channels, multiplier] = filterShape;
    const { batchSize, outHeight, outWidth } = info;
    const kernels = channels * multiplier;
    const virtual = [batchSize * outHeight * outWidth, kernelHeight * kernelWidth * kernels];
    const { first, second, both } = sumPairs(backend, addProducts, [x, dy], virtual, {
      ...{ height: info.inHeight, width: info.inWidth, outHeight, outWidth },
      ...{ kernels, multiplier, kernelWidth, top: info.padInfo.top, left: info.padInfo.left },
      ...{ strideY: info.strideHeight, strideX: info.strideWidth },
      ...{ dilationY: info.dilationHeight, dilationX: info.dilationWidth },
    });
    release(backend, second, both);
    return { ...first, shape: filterShape };
  },
);
