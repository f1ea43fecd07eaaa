import type * as tf from '../../tensorflow.js';

/** A buffer of the graphics card. */
export type GpuBuffer = object;
/** A compiled program. */
export interface GpuPipeline {
  getBindGroupLayout(group: number): object;
}

interface GpuComputePass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y: number, z: number): void;
}

/** What our kernels use of the device. */
export interface GpuDevice {
  readonly limits: { readonly maxComputeWorkgroupsPerDimension: number };
  createShaderModule(options: { readonly code: string; readonly label: string }): object;
  createComputePipeline(options: {
    readonly layout: 'auto';
    readonly label: string;
    readonly compute: { readonly module: object; readonly entryPoint: string };
  }): GpuPipeline;
  createBindGroup(options: {
    readonly layout: object;
    readonly entries: readonly { readonly binding: number; readonly resource: object }[];
  }): object;
}

/**
 * What our kernels use of TensorFlow.js' WebGPU backend, release 4.22. It records programs into
 * a pass, submits some of them together, and keeps what they read until then.
 */
export interface WebgpuBackend {
  readonly device: GpuDevice;
  readonly tensorMap: {
    get(dataId: object): { readonly resource: GpuBuffer | null; readonly dtype: tf.DataType };
  };
  /** Tensors that recorded programs use, which are not reused before those are submitted. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly commandEncoder: { beginComputePass(options: object): GpuComputePass };
  computePassEncoder: GpuComputePass | null;
  dispatchCountInPass: number;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  /** A new tensor; without values, of arbitrary ones. */
  makeTensorInfo(
    shape: number[],
    dtype: tf.DataType,
    values?: tf.backend_util.TypedArray,
  ): tf.TensorInfo;
  /** Gives a tensor its buffer, with its values where it has any. */
  uploadToGPU(dataId: object): void;
  /** A buffer of numbers that a program reads, released when it was submitted. */
  makeUniforms(
    values: readonly { readonly type: 'uint32' | 'float32'; readonly data: readonly number[] }[],
  ): object;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}
