import * as tf from '../../tensorflow.js';

/** TensorFlow.js' name of the backend of tfjs-node. */
const nativeBackend = 'tensorflow';

const filterGradient = 'Conv2DBackpropFilter';

/** Kernels that stand here already. */
const ours = new WeakSet<tf.KernelFunc>();

/**
 * Puts our kernels in place of those of tfjs-node that are wrong. Call it with the
 * package loaded. Idempotent.
 *
 * oneDNN, as TensorFlow 2.21 has it, writes past the end of a buffer when it computes the filter
 * gradient of a convolution of one tap with a stride above 1 and few channels (1 x 1, stride 2,
 * 8 to 16 channels): the heap is in pieces, and most often the process is aborted. Such a
 * convolution reads the pixels at its strides alone, so the gradient is that of a convolution
 * without stride on those pixels.
 */
export function registerNativeKernels(): void {
  const stock = tf.getKernel(filterGradient, nativeBackend);
  if (stock === undefined || ours.has(stock.kernelFunc)) return;
  const kernelFunc: tf.KernelFunc = (call) => {
    const { strides, filterShape } = call.attrs as unknown as FilterGradient;
    const [down, right] = typeof strides === 'number' ? [strides, strides] : strides;
    const isStrided = down > 1 || right > 1;
    if (filterShape[0] !== 1 || filterShape[1] !== 1 || !isStrided) return stock.kernelFunc(call);
    const { x, dy } = call.inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const [, height, width] = dy.shape;
    const ends = [x.shape[0], (height - 1) * down + 1, (width - 1) * right + 1, x.shape[3]];
    const read = tf.stridedSlice(x, [0, 0, 0, 0], ends, [1, down, right, 1]);
    const attrs = { ...call.attrs, strides: [1, 1], pad: 'valid' };
    const gradient = stock.kernelFunc({ ...call, inputs: { x: read, dy }, attrs });
    read.dispose();
    return gradient;
  };
  ours.add(kernelFunc);
  tf.unregisterKernel(filterGradient, nativeBackend);
  tf.registerKernel({ ...stock, kernelFunc });
}

interface FilterGradient {
  readonly strides: number | readonly [number, number];
  readonly filterShape: readonly number[];
}
