import { createRequire } from 'node:module';
import type * as Os from 'node:os';
import path from 'node:path';
import type * as WorkerThreads from 'node:worker_threads';
import * as tf from '../tensorflow.js';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';

/**
 * Starts the backend's multithreaded build, whose memory our own threads can share. It refuses to
 * use it under Node: it would start browser workers. While it starts, the pieces of Node that it
 * touches are replaced by ones that give it worker threads; all are restored before this returns.
 *
 * The backend's own kernels stay on one thread: those that are left to it are short, and its
 * threads would go on looking for work on cores where ours have some. Resolves to false where the
 * backend does not start.
 */
export async function startThreadedWasm(): Promise<boolean> {
  const require = createRequire(import.meta.url);
  const packageMain = require.resolve('@tensorflow/tfjs-backend-wasm');
  const folder = path.resolve(path.dirname(packageMain), '../wasm-out');
  const { wasmWorkerContents } = require(
    path.join(folder, 'tfjs-backend-wasm-threaded-simd.worker.js'),
  ) as { readonly wasmWorkerContents: string };
  // CommonJS objects: their members can be replaced, those of a module namespace cannot.
  const workerThreads = require('node:worker_threads') as typeof WorkerThreads;
  const os = require('node:os') as typeof Os;
  const original = {
    Worker: workerThreads.Worker,
    cpus: os.cpus,
    createObjectURL: URL.createObjectURL,
  };

  const workers: WorkerThreads.Worker[] = [];
  class BackendWorker extends original.Worker {
    constructor() {
      super(wasmWorkerContents.replace(/\n/g, '\\n'), { eval: true });
      workers.push(this);
    }

    override postMessage(
      message: unknown,
      transferList?: Parameters<InstanceType<typeof original.Worker>['postMessage']>[1],
    ): void {
      super.postMessage(withScriptPath(message, folder), transferList);
    }
  }

  workerThreads.Worker = BackendWorker as unknown as typeof workerThreads.Worker;
  URL.createObjectURL = () => 'unused';
  // The backend uses half of the logical cores it sees.
  os.cpus = () => {
    const cores = original.cpus();
    return cores.length >= 2 ? cores : Array(2).fill(cores[0]);
  };
  if (!('navigator' in globalThis)) {
    Object.defineProperty(globalThis, 'navigator', {
      value: { hardwareConcurrency: 2 },
      configurable: true,
      writable: true,
    });
  }
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  setThreadsCount(1);
  try {
    const started = await tf.setBackend('wasm');
    await tf.ready();
    return started;
  } finally {
    workerThreads.Worker = original.Worker;
    os.cpus = original.cpus;
    URL.createObjectURL = original.createObjectURL;
    // Waiting threads must not keep the process alive.
    for (const worker of workers) worker.unref();
  }
}

/** The worker is told to load a browser's blob; it gets the path of the same script instead. */
function withScriptPath(message: unknown, folder: string): unknown {
  if (typeof message !== 'object' || message === null) return message;
  if (!('cmd' in message) || message.cmd !== 'load' || !('urlOrBlob' in message)) return message;
  return { ...message, urlOrBlob: path.join(folder, 'tfjs-backend-wasm-threaded-simd.js') };
}
