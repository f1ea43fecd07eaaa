/** What this engine uses of WebGPU: browsers have more of it, and so has Dawn under Node. */

/** Limits that a device is asked for: all that its adapter has, where a network gains by it. */
export const requestedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
] as const;

export type RequestedLimits = Record<(typeof requestedLimits)[number], number>;

/** The entry point: `navigator.gpu` of a page. */
export interface Gpu {
  requestAdapter(options: {
    readonly powerPreference: 'high-performance';
  }): Promise<GpuAdapter | null>;
}

/** What an adapter says of itself; browsers leave texts empty to tell pages little. */
export interface GpuAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Set where the processor computes in place of a graphics card. */
  readonly isFallbackAdapter?: boolean;
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly limits: Readonly<RequestedLimits>;
  requestDevice(options: { readonly requiredLimits: RequestedLimits }): Promise<GpuDevice>;
}

export interface GpuDevice {
  readonly limits: Readonly<RequestedLimits>;
  /** Settles when the device is gone, by a fault or because it was destroyed. */
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: {
      readonly error: { readonly message: string };
      preventDefault(): void;
    }) => void,
  ): void;
  destroy(): void;
}

/** The module of `@tensorflow/tfjs-backend-webgpu`. */
export interface WebgpuBackendModule {
  /** Takes a device and what its adapter says of itself, as WebGPU's own types have them. */
  readonly WebGPUBackend: new (device: never, info: never) => object;
}

/** A backend of TensorFlow.js over a device. */
export interface WebgpuBackend {
  readonly device: GpuDevice;
}
