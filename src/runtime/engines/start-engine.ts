import * as tf from '@tensorflow/tfjs';
import { registerKernelGradients } from '../kernels/gradients.js';
import type { Engine, EngineName, EngineOptions } from './engine.js';
import { EngineError, engineNames } from './engine.js';
import { startNative } from './native.js';
import { silenceTensorFlow } from './quiet.js';

/**
 * Starts an engine (`wasm` if none is named) and makes it the one that all
 * tensors use. Starting the engine in use again does nothing; the threads of
 * the wasm engine are fixed by its first start in a process. Throws
 * `EngineError` where the engine is unknown, not installed, or does not start.
 */
export async function startEngine(
  name: EngineName = 'wasm',
  options: EngineOptions = {},
): Promise<Engine> {
  silenceTensorFlow();
  registerKernelGradients();
  switch (name) {
    case 'wasm':
      return startWasm(options.threads ?? 1);
    case 'cpu':
      await tf.setBackend('cpu');
      return { name, backend: 'cpu', threads: 1, description: 'plain JavaScript, one thread' };
    case 'tfjs-node':
    case 'tfjs-node-gpu':
      await startNative(name);
      return {
        name,
        backend: 'tensorflow',
        threads: undefined,
        description: name === 'tfjs-node' ? 'native TensorFlow (CPU)' : 'native TensorFlow (GPU)',
      };
    default:
      throw new EngineError(
        `There is no engine '${String(name)}'; choose one of ${engineNames.join(', ')}.`,
      );
  }
}

/** Threads of the running WebAssembly backend; it cannot change them later. */
let wasmThreads: number | undefined;

async function startWasm(threads: number): Promise<Engine> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new EngineError(
      `The number of threads must be a whole number from 1 up, not ${threads}.`,
    );
  }
  if (wasmThreads !== undefined && wasmThreads !== threads) {
    throw new EngineError(
      `The wasm engine already runs with ${wasmThreads} thread(s) in this process.`,
    );
  }
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const { registerWasmKernels } = await import('../kernels/wasm/register.js');
  let started: boolean;
  if (threads > 1 && wasmThreads === undefined) {
    const { startThreadedWasm } = await import('./wasm-threads.js');
    started = await startThreadedWasm(threads);
  } else {
    started = await tf.setBackend('wasm');
    await tf.ready();
  }
  if (!started) {
    throw new EngineError("The wasm engine does not start; try the engine 'cpu'.");
  }
  registerWasmKernels();
  wasmThreads = threads;
  const actual = threads > 1 ? getThreadsCount() : 1;
  return {
    name: 'wasm',
    backend: 'wasm',
    threads: actual,
    description: `WebAssembly, ${actual} thread${actual === 1 ? '' : 's'}`,
  };
}
