import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '../tensorflow.js';
import { registerWasmKernels } from '../kernels/wasm/register.js';
import { EngineError, type Engine } from './engine.js';
import { guardEngine } from './guard.js';
import { hearPrintedErrors } from './printed-errors.js';
import { silenceTensorFlow } from './quiet.js';

/** The files that it loads, of the package `@tensorflow/tfjs-backend-wasm`: with SIMD and without. */
export const wasmFiles = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'] as const;

/**
 * Starts the WASM engine with our kernels in a page or a worker, on one thread, for prediction;
 * in Node `startEngine('wasm')` does. Imports nothing of Node. Throws `EngineError` where it does not start.
 *
 * @param folder the address of the folder with `wasmFiles`, with a slash at its end.
 */
export async function startWasmInPage(folder: string): Promise<Engine> {
  silenceTensorFlow();
  // Threads need another file, and pages that are isolated by what their server says.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(folder);
  const isStarted = await hearPrintedErrors(async () => {
    const isSet = await tf.setBackend('wasm');
    await tf.ready();
    return isSet;
  });
  if (!isStarted) throw new EngineError('This browser does not start WebAssembly.');
  const hasSimd = await registerWasmKernels();
  guardEngine();
  const description = `WebAssembly${hasSimd ? ' with SIMD' : ''}, one thread`;
  return { name: 'wasm', backend: 'wasm', threads: 1, description };
}
