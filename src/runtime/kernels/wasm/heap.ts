import * as tf from '../../tensorflow.js';
import type { WasmMemory } from '../simd/web-assembly.js';

/** What our kernels use of the WebAssembly backend. */
export interface WasmBackend {
  /** A new tensor on the heap with arbitrary contents; allocation may move the heap. */
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** A view of a tensor's values; valid until the next allocation. */
  typedArrayFromHeap(info: tf.TensorInfo): tf.backend_util.TypedArray;
  /** Where the values of a tensor begin, in bytes of the memory. */
  getMemoryOffset(dataId: object): number;
  incRef(dataId: object): void;
  /** Gives back one handle on values, or all of them; whether the values are gone. */
  disposeData(dataId: object, force?: boolean): boolean;
  /** How many handles there are on values; 0 where they are gone. */
  refCount(dataId: object): number;
  /** The backend's module: the build for threads has its memory here, the other among its exports. */
  readonly wasm: {
    readonly wasmMemory?: WasmMemory;
    readonly asm?: { readonly memory?: WasmMemory };
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
}

/** The arguments of one kernel call, with attributes of a known type. */
export interface KernelCall<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly backend: WasmBackend;
  readonly attributes: Attributes;
}

/** A kernel under the name that TensorFlow.js' registry uses. */
export interface WasmKernel {
  readonly name: string;
  readonly run: tf.KernelFunc;
}

/**
 * Declares a kernel. `run` gets the inputs by name; allocate every output first
 * and take views only then, because growth of the heap detaches older views.
 */
export function wasmKernel<Attributes>(
  name: string,
  run: (call: KernelCall<Attributes>) => tf.TensorInfo | tf.TensorInfo[],
): WasmKernel {
  return {
    name,
    run: ({ inputs, backend, attrs }) =>
      run({
        inputs: inputs as Record<string, tf.TensorInfo>,
        backend: backend as WasmBackend,
        attributes: attrs as unknown as Attributes,
      }),
  };
}

/** A new float32 tensor with arbitrary contents. */
export function allocate(backend: WasmBackend, shape: readonly number[]): tf.TensorInfo {
  return backend.makeOutput([...shape], 'float32');
}

/** The values of a float32 tensor; see `WasmBackend.typedArrayFromHeap`. */
export function floats(backend: WasmBackend, info: tf.TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(info) as Float32Array;
}

/** Where a tensor's values begin, in bytes of the backend's memory; valid after a growth of it too. */
export function addressOf(backend: WasmBackend, info: tf.TensorInfo): number {
  return backend.getMemoryOffset(info.dataId);
}

/** The input of that name. */
export function input<Attributes>(call: KernelCall<Attributes>, name: string): tf.TensorInfo {
  const info = call.inputs[name];
  if (info === undefined) throw new Error(`kernel input '${name}' is missing`);
  return info;
}

/** Runs another kernel of the backend on heap tensors, outside any tape; the caller releases the result. */
export function runNested(
  backend: WasmBackend,
  name: string,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attributes: Readonly<Record<string, unknown>>,
): tf.TensorInfo {
  const kernel = tf.getKernel(name, 'wasm');
  if (!kernel) throw new Error(`the wasm backend has no kernel '${name}'`);
  const result = kernel.kernelFunc({
    inputs: { ...inputs },
    backend,
    attrs: attributes as unknown as tf.NamedAttrMap,
  });
  return Array.isArray(result) ? result[0]! : result;
}

/** Gives back the memory of a tensor that no one else will see. */
export function release(backend: WasmBackend, info: tf.TensorInfo): void {
  backend.disposeData(info.dataId);
}

/** Height, width and channels-last sizes of a rank-4 tensor. */
export function imageShape(info: tf.TensorInfo): [number, number, number, number] {
  return info.shape as [number, number, number, number];
}
