import { EngineError } from '../engine.js';
import type { Gpu, WebgpuBackendModule } from './api.js';

/** The optional packages of this engine: TensorFlow.js' backend, and WebGPU for Node. */
export const webgpuPackages = ['@tensorflow/tfjs-backend-webgpu', 'webgpu'] as const;

/** The module `webgpu`: Dawn, Chromium's WebGPU, as an addon of Node. */
interface DawnModule {
  create(options: readonly string[]): Gpu;
  /** The classes and constants that a page finds in its global object. */
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Loads what this engine needs under Node and puts WebGPU's classes and constants into the
 * global object, where the backend looks for them. Throws `EngineError`.
 */
export async function findGpu(): Promise<{
  readonly gpu: Gpu;
  readonly backend: WebgpuBackendModule;
}> {
  // Before WebGPU is there: the backend would register itself with settings of its own.
  const backend = (await load(webgpuPackages[0])) as WebgpuBackendModule;
  const { create, globals } = (await load(webgpuPackages[1])) as DawnModule;
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }
  return { gpu: create([]), backend };
}

async function load(packageName: string): Promise<unknown> {
  try {
    return await import(packageName);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
      throw new EngineError(
        `The engine 'webgpu' needs the package ${packageName}; install it with: unetc engines install webgpu`,
        { cause: error },
      );
    }
    throw new EngineError(`The package ${packageName} does not load: ${message}`, { cause: error });
  }
}
