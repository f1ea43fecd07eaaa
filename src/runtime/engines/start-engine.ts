import * as tf from '../tensorflow.js';
import { counted } from '../../diagnostics/counted.js';
import { registerKernelGradients } from '../kernels/gradients.js';
import type { Engine, EngineName, EngineOptions } from './engine.js';
import { EngineError, engineNames } from './engine.js';
import type { NativeEngine } from './native-package.js';
import { startNative } from './native.js';
import { failureOfEngine, guardEngine } from './guard.js';
import { hearPrintedErrors } from './printed-errors.js';
import { silenceTensorFlow } from './quiet.js';
import { startWebgpu } from './webgpu/start-webgpu.js';

/**
 * Starts an engine (`wasm` if none is named) and makes it the one that all
 * tensors use. Starting the engine in use again does nothing; the threads of
 * the wasm engine are fixed by its first start in a process. Throws
 * `EngineError` where the engine is unknown, not installed, or does not start.
 * An engine that fails later throws `EngineFailure` from every operation; it is
 * replaced by a fresh one here, without the tensors of the old one.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { startEngine } from 'unetc/runtime';
 *
 * const { description } = await startEngine('wasm');
 * console.log(description, tf.getBackend());
 * ```
 *
 * ```text
 * WebAssembly, 1 thread wasm
 * ```
 */
export async function startEngine(
  name: EngineName = 'wasm',
  options: EngineOptions = {},
): Promise<Engine> {
  silenceTensorFlow();
  registerKernelGradients();
  const engine = await startBackend(name, options);
  guardEngine();
  return engine;
}

async function startBackend(name: EngineName, options: EngineOptions): Promise<Engine> {
  switch (name) {
    case 'wasm':
      return startWasm(options.threads ?? 1);
    case 'cpu':
      await tf.setBackend('cpu');
      return { name, backend: 'cpu', threads: 1, description: 'plain JavaScript, one thread' };
    case 'webgpu': {
      const { findGpu } = await import('./webgpu/find-gpu.js');
      return startWebgpu(findGpu);
    }
    case 'tfjs-node':
    case 'tfjs-node-gpu':
      return startTensorFlow(name, options.threads ?? 1);
    default:
      throw new EngineError(
        `There is no engine '${String(name)}'; choose one of ${engineNames.join(', ')}.`,
      );
  }
}

/** Threads of the running WebAssembly backend; it cannot change them later. */
let wasmThreads: number | undefined;
/** Ends the threads of our own kernels, where there are some. */
let endCrew: (() => void) | undefined;

async function startTensorFlow(name: NativeEngine, threads: number): Promise<Engine> {
  checkThreads(threads);
  await startNative(name, threads);
  const { binding } = tf.backend() as unknown as { binding?: { readonly TF_Version: string } };
  const where = name === 'tfjs-node' ? `the CPU, ${counted(threads, 'thread')}` : 'the GPU';
  const description = `TensorFlow ${binding?.TF_Version ?? ''} on ${where}`;
  return { name, backend: 'tensorflow', threads, description };
}

function checkThreads(threads: number): void {
  if (Number.isInteger(threads) && threads >= 1) return;
  throw new EngineError(`The number of threads must be a whole number from 1 up, not ${threads}.`);
}

async function startWasm(threads: number): Promise<Engine> {
  checkThreads(threads);
  if (wasmThreads !== undefined && wasmThreads !== threads) {
    throw new EngineError(
      `The wasm engine already runs with ${wasmThreads} thread(s) in this process.`,
    );
  }
  await import('@tensorflow/tfjs-backend-wasm');
  removeFailedBackend();
  const { registerWasmKernels } = await import('../kernels/wasm/register.js');
  let started: boolean;
  if (threads > 1 && wasmThreads === undefined) {
    const { startThreadedWasm } = await import('./wasm-threads.js');
    started = await hearPrintedErrors(startThreadedWasm);
  } else {
    started = await hearPrintedErrors(async () => {
      const isSet = await tf.setBackend('wasm');
      await tf.ready();
      return isSet;
    });
  }
  if (!started) {
    throw new EngineError("The wasm engine does not start; try the engine 'cpu'.");
  }
  const hasSimd = await registerWasmKernels();
  wasmThreads = threads;
  if (threads > 1 && hasSimd && endCrew === undefined) {
    const { startWasmCrew } = await import('./wasm-crew.js');
    endCrew = await startWasmCrew(threads);
  }
  // Without SIMD the backend has no build for threads either.
  const actual = hasSimd ? threads : 1;
  return {
    name: 'wasm',
    backend: 'wasm',
    threads: actual,
    description: `WebAssembly, ${counted(actual, 'thread')}`,
  };
}

/** Takes a backend that failed out of TensorFlow.js and forgets its threads, so that the next start makes another. */
function removeFailedBackend(): void {
  if (tf.getBackend() !== 'wasm' || failureOfEngine() === undefined) return;
  const factory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory, 2);
  wasmThreads = undefined;
  endCrew?.();
  endCrew = undefined;
}
