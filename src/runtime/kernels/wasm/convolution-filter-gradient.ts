import { convolutionInfo, type FilterGradientAttributes } from '../convolution-attributes.js';
import { imageShape, input, release, runNested, wasmKernel } from './heap.js';

/**
 * Gradient of a 2-D convolution with respect to its filter, which the backend
 * lacks. x [n, h, w, in] and dy [n, oh, ow, out] give [kh, kw, in, out].
 *
 * dFilter[i, j, c, o] = sum over n, y, x of x[n, y s + i, x s + j, c] dy[n, y, x, o]
 * is itself a convolution: channels of x are its batch, the batch its channels,
 * dy its filter, and the stride of the forward pass its dilation. XNNPACK runs
 * that at full speed because the filter is as large as dy.
 */
export const convolutionFilterGradient = wasmKernel<FilterGradientAttributes>(
  'Conv2DBackpropFilter',
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const dy = input(call, 'dy');
    const { filterShape } = attributes;
    const [kernelHeight, kernelWidth, channelsIn, filters] = filterShape;
    const forward = convolutionInfo(imageShape(x), filterShape, attributes);
    const { top, bottom, left, right } = forward.padInfo;

    const images = runNested(backend, 'Transpose', { x }, { perm: [3, 1, 2, 0] });
    const gradients = runNested(backend, 'Transpose', { x: dy }, { perm: [1, 2, 0, 3] });
    const correlated = runNested(
      backend,
      'Conv2D',
      { x: images, filter: gradients },
      {
        strides: [1, 1],
        pad: [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ],
        dataFormat: 'NHWC',
        dilations: [forward.strideHeight, forward.strideWidth],
      },
    );
    release(backend, images);
    release(backend, gradients);

    // Rows that no window of a strided forward pass reached are cut off.
    const [, height, width] = imageShape(correlated);
    let taps = correlated;
    if (height !== kernelHeight || width !== kernelWidth) {
      const size = [channelsIn, kernelHeight, kernelWidth, filters];
      taps = runNested(backend, 'Slice', { x: correlated }, { begin: [0, 0, 0, 0], size });
      release(backend, correlated);
    }
    const result = runNested(backend, 'Transpose', { x: taps }, { perm: [1, 2, 0, 3] });
    release(backend, taps);
    return result;
  },
);
