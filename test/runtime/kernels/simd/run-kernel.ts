import * as tf from '../../../../src/runtime/tensorflow.js';
import type { WasmKernel } from '../../../../src/runtime/kernels/wasm/heap.js';
import type { Argument } from '../../numeric.js';

/** Runs a kernel of the wasm engine by itself, whether or not it is registered; gives the values of its outputs. */
export function runKernels(
  kernel: WasmKernel,
  inputs: Readonly<Record<string, Argument>>,
  attributes: object,
): readonly Float32Array[] {
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { values, shape }]) => [
        name,
        tf.tensor(values, [...shape]),
      ]),
    );
    const { backend } = tf.engine();
    const attrs = { ...attributes } as tf.NamedAttrMap;
    const made = kernel.run({ inputs: tensors, backend, attrs });
    return (Array.isArray(made) ? made : [made]).map(({ dataId }) => {
      const values = Float32Array.from(backend.readSync(dataId) as Float32Array);
      backend.disposeData(dataId);
      return values;
    });
  });
}

/** The same of a kernel with one output. */
export function runKernel(
  kernel: WasmKernel,
  inputs: Readonly<Record<string, Argument>>,
  attributes: object,
): Float32Array {
  return runKernels(kernel, inputs, attributes)[0]!;
}
