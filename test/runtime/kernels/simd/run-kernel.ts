import * as tf from '../../../../src/runtime/tensorflow.js';
import type { WasmKernel } from '../../../../src/runtime/kernels/wasm/heap.js';
import type { Argument } from '../../numeric.js';

/** Runs a kernel of the wasm engine by itself, whether or not it is registered; gives its values. */
export function runKernel(
  kernel: WasmKernel,
  inputs: Readonly<Record<string, Argument>>,
  attributes: object,
): Float32Array {
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { values, shape }]) => [
        name,
        tf.tensor(values, [...shape]),
      ]),
    );
    const { backend } = tf.engine();
    const attrs = { ...attributes } as tf.NamedAttrMap;
    const made = kernel.run({ inputs: tensors, backend, attrs }) as tf.TensorInfo;
    const values = Float32Array.from(backend.readSync(made.dataId) as Float32Array);
    backend.disposeData(made.dataId);
    return values;
  });
}
