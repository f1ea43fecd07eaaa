import type * as tf from '../../tensorflow.js';
import { allocate, flatGroups, flatMain, run, type Program } from './program.js';
import { webgpuKernel, type WebgpuKernel } from './kernel.js';

const toFloat: Program<'size'> = {
  name: 'cast',
  inputs: { x: 'i32' },
  outputs: ['y'],
  uniforms: { size: 'u32' },
  code: `${flatMain}
    y[at] = f32(x[at]);
  }`,
};

/**
 * Whole numbers and truth values as float32. The backend's own kernel says that they are
 * float32 and leaves them as they are, so that each kernel that moves values without computing
 * with them, such as a transposition, fails to compile. Other casts stay the backend's.
 *
 * @param others the backend's own kernel.
 */
export const cast = (others: tf.KernelFunc): WebgpuKernel =>
  webgpuKernel<'x', { readonly dtype: tf.DataType }>('Cast', ({ inputs, backend, attributes }) => {
    const { x } = inputs;
    const isWhole = x.dtype === 'int32' || x.dtype === 'bool';
    if (!isWhole || attributes.dtype !== 'float32') {
      return others({ inputs: { x }, backend, attrs: { ...attributes } });
    }
    const size = x.shape.reduce((product, length) => product * length, 1);
    if (size === 0) return backend.makeTensorInfo(x.shape, 'float32', new Float32Array());
    const y = allocate(backend, x.shape);
    const groups = flatGroups(backend, size);
    run(backend, toFloat, { inputs: [x], outputs: [y], uniforms: { size }, groups });
    return y;
  });
