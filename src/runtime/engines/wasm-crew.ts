import { Worker } from 'node:worker_threads';
import * as tf from '../tensorflow.js';
import { crewProgram, type CrewWorker } from '../kernels/simd/crew.js';
import { startCrew } from '../kernels/simd/simd-module.js';
import type { WasmBackend } from '../kernels/wasm/heap.js';

/**
 * Starts worker threads of Node that share our SIMD kernels with the caller, over the memory of
 * the multithreaded backend in use. The answer ends them; waiting they keep no process alive.
 */
export async function startWasmCrew(threads: number): Promise<() => void> {
  const backend = tf.backend() as unknown as WasmBackend;
  const workers = Array.from({ length: threads - 1 }, nodeWorker);
  return startCrew(backend, workers);
}

/** A worker thread of Node, which starts when it is told to. */
export function nodeWorker(): CrewWorker {
  let worker: Worker | undefined;
  const program = `const { parentPort, workerData } = require('node:worker_threads');
    parentPort.postMessage('ready');
    (${crewProgram})(workerData);`;
  return {
    start: (workerData) =>
      new Promise((resolve, reject) => {
        const started = new Worker(program, { eval: true, workerData });
        worker = started;
        started.once('error', reject);
        started.once('message', () => {
          started.unref();
          resolve();
        });
      }),
    end: () => void worker?.terminate(),
  };
}
