import type * as tf from '../../tensorflow.js';
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
