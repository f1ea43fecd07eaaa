import * as tf from '../../tensorflow.js';
import type { WebgpuBackend } from './backend.js';

/** The arguments of one kernel call, with attributes of a known type. */
export interface KernelCall<Input extends string, Attributes> {
  readonly inputs: Readonly<Record<Input, tf.TensorInfo>>;
  readonly backend: WebgpuBackend;
  readonly attributes: Attributes;
}

/** A kernel under the name that TensorFlow.js' registry uses. */
export interface WebgpuKernel {
  readonly name: string;
  readonly run: tf.KernelFunc;
}

/** Declares a kernel that gets these inputs by name. */
export function webgpuKernel<Input extends string, Attributes>(
  name: string,
  run: (call: KernelCall<Input, Attributes>) => tf.TensorInfo | tf.TensorInfo[],
): WebgpuKernel {
  return {
    name,
    run: ({ inputs, backend, attrs }) =>
      run({
        inputs: inputs as Record<Input, tf.TensorInfo>,
        backend: backend as WebgpuBackend,
        attributes: attrs as unknown as Attributes,
      }),
  };
}

/** Runs another kernel of the backend, outside any tape; the caller releases the result. */
export function runNested(
  backend: WebgpuBackend,
  name: string,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
): tf.TensorInfo {
  const kernel: tf.KernelConfig | undefined = tf.getKernel(name, 'webgpu');
  if (kernel === undefined) throw new Error(`the webgpu backend has no kernel '${name}'`);
  const result = kernel.kernelFunc({
    inputs: { ...inputs },
    backend,
    attrs: attributes as unknown as tf.NamedAttrMap,
  });
  return Array.isArray(result) ? result[0]! : result;
}
