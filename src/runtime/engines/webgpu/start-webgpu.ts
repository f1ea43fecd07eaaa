import * as tf from '../../tensorflow.js';
import { registerKernelGradients } from '../../kernels/gradients.js';
import { registerWebgpuKernels } from '../../kernels/webgpu/register.js';
import { EngineError, type Engine } from '../engine.js';
import { failEngine, failureOfEngine, guardEngine } from '../guard.js';
import { silenceTensorFlow } from '../quiet.js';
import type { Gpu, GpuDevice, WebgpuBackend, WebgpuBackendModule } from './api.js';
import { openDevice } from './open-device.js';

/** What the engine is made of; a page has WebGPU itself and imports the backend. */
export interface WebgpuParts {
  /** WebGPU's entry point: `navigator.gpu` of a page. */
  readonly gpu: Gpu;
  /** The module `@tensorflow/tfjs-backend-webgpu`. */
  readonly backend: WebgpuBackendModule;
}

/** The device in use; a process has one. Dawn answers only while its entry point is referenced. */
let running: { readonly gpu: Gpu; readonly device: GpuDevice; readonly engine: Engine } | undefined;

/**
 * Starts TensorFlow.js' WebGPU backend on a device of our own, with our kernels, and makes it
 * the one that all tensors use. Imports nothing of Node. A device that is lost, and every error
 * that it reports, ends the engine with an `EngineFailure`; starting it again opens another
 * device. Throws `EngineError` where no adapter is found or the backend does not start.
 *
 * @param findParts called where a device must be opened.
 */
export async function startWebgpu(findParts: () => Promise<WebgpuParts>): Promise<Engine> {
  silenceTensorFlow();
  registerKernelGradients();
  checkGradients();
  if (running !== undefined && (await isSet()) && failureOfEngine() === undefined) {
    return running.engine;
  }
  const { gpu, backend: module } = await findParts();
  const { device, info, description } = await openDevice(gpu);
  const Backend = module.WebGPUBackend as new (...given: unknown[]) => WebgpuBackend;
  const backend = withNavigator(gpu, () => new Backend(device, info));
  replaceBackend(backend);
  if (!(await isSet()))
    throw new EngineError('The WebGPU backend of TensorFlow.js does not start.');
  running?.device.destroy();
  const engine: Engine = { name: 'webgpu', backend: 'webgpu', threads: undefined, description };
  running = { gpu, device, engine };
  registerWebgpuKernels();
  guardEngine();
  watch(device, backend);
  return engine;
}

/** Bundlers take TensorFlow.js' modules for browsers, of which gradients are one of its own. */
function checkGradients(): void {
  // The declared type forgets that an unknown gradient gives undefined.
  const gradient: object | undefined = tf.getGradient('Mean');
  if (gradient !== undefined) return;
  throw new EngineError(
    "TensorFlow.js has no gradients here; import '@tensorflow/tfjs-core/dist/register_all_gradients.js' before.",
  );
}

async function isSet(): Promise<boolean> {
  if (tf.findBackendFactory('webgpu') === null) return false;
  const isStarted = await tf.setBackend('webgpu');
  await tf.ready();
  return isStarted;
}

/** Puts a backend in place of the one of that name: an earlier one, or one that the package registered. */
function replaceBackend(backend: WebgpuBackend): void {
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend as unknown as tf.KernelBackend, 3);
}

/** Ends the engine when the device is lost or reports what nobody asked it to. */
function watch(device: GpuDevice, backend: WebgpuBackend): void {
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    const [line = ''] = event.error.message.split('\n');
    failEngine(backend, 'webgpu', line);
  });
  void device.lost.then(({ message, reason }) => {
    const why = message === '' ? reason : message;
    failEngine(backend, 'webgpu', `the device was lost: ${why}`);
  });
}

/** The backend's constructor looks for WebGPU in `navigator`; under Node nothing of it stays there. */
function withNavigator<T>(gpu: Gpu, make: () => T): T {
  const given = (globalThis as { navigator?: object }).navigator;
  if (given !== undefined && 'gpu' in given) return make();
  const holder = given ?? globalThis;
  const name = given === undefined ? 'navigator' : 'gpu';
  const value = given === undefined ? { gpu } : gpu;
  Object.defineProperty(holder, name, { value, configurable: true });
  try {
    return make();
  } finally {
    // Dawn would keep the process alive for as long as the global object knows it.
    Reflect.deleteProperty(holder, name);
  }
}
