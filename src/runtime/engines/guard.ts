import * as tf from '../tensorflow.js';
import { EngineFailure, type EngineFailureKind } from './engine.js';
import { takePrintedError } from './printed-errors.js';

/** What the guard uses of a backend; the last two are there in WebAssembly alone. */
interface GuardedBackend {
  write(...values: unknown[]): unknown;
  read(...values: unknown[]): Promise<unknown>;
  readSync?(...values: unknown[]): unknown;
  disposeData(...values: unknown[]): boolean;
  dispose(): void;
  wasm?: {
    _malloc(bytes: number): number;
    _free(address: number): void;
    readonly PThread?: { terminateAllThreads(): void };
  };
}

/** The failures of backends that gave up. */
const failures = new WeakMap<object, EngineFailure>();
/** Backends and kernels that have their guard. */
const guarded = new WeakSet<object>();

/** The failure that made the backend in use unusable; undefined while it works. */
export function failureOfEngine(): EngineFailure | undefined {
  return failures.get(tf.backend());
}

/**
 * Puts a guard around every kernel and every transfer of the backend in use.
 * What escapes from a kernel as a crash, what it only prints, and what the heap
 * has no room for becomes an `EngineFailure`; from then on the backend does
 * nothing but throw it, so that no value computed with wrong ones gets out.
 * Disposing stays allowed and does nothing. Idempotent.
 */
export function guardEngine(): void {
  const name = tf.getBackend();
  for (const kernel of tf.getKernelsForBackend(name)) guardKernel(kernel, name);
  const backend = tf.backend() as unknown as GuardedBackend;
  if (guarded.has(backend)) return;
  guarded.add(backend);
  backend.write = guardCall(backend, name, 'write', backend.write);
  backend.read = guardRead(backend, name, backend.read);
  if (backend.readSync !== undefined) {
    backend.readSync = guardCall(backend, name, 'read', backend.readSync);
  }
  const { disposeData } = backend;
  backend.disposeData = (...values) => failures.has(backend) || disposeData.apply(backend, values);
  const { dispose } = backend;
  backend.dispose = () => {
    if (!failures.has(backend)) dispose.call(backend);
    // The heap may be in pieces: all that is safe is to end the threads.
    else backend.wasm?.PThread?.terminateAllThreads();
  };
  if (backend.wasm !== undefined) guardHeap(backend, name, backend.wasm);
}

/**
 * Ends a backend for a reason that came to light outside its calls: every later call throws it.
 * The first reason stays.
 */
export function failEngine(backend: object, backendName: string, reason: string): void {
  if (!failures.has(backend)) fail(backend, backendName, kindOfText(reason), oneLine(reason));
}

/** The heap gives address 0 where it has no room, and the backend would write there. */
function guardHeap(
  backend: GuardedBackend,
  name: string,
  wasm: NonNullable<GuardedBackend['wasm']>,
): void {
  // Its first call puts the function itself in place of one that looks it up.
  wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    // Sizes are unsigned numbers of 32 bits there; a larger one would come out small.
    const address = bytes < 2 ** 32 ? allocate(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw fail(backend, name, 'out-of-memory', `no room for ${describeBytes(bytes)} more`);
  };
}

function guardKernel(config: tf.KernelConfig, backendName: string): void {
  const { kernelName, kernelFunc } = config;
  if (guarded.has(kernelFunc)) return;
  const guardedKernel: tf.KernelFunc = (call) =>
    checked(call.backend as object, backendName, kernelName, () => kernelFunc(call));
  guarded.add(guardedKernel);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...config, kernelFunc: guardedKernel });
}

function guardCall<Values extends unknown[], Value>(
  backend: object,
  backendName: string,
  what: string,
  call: (...values: Values) => Value,
): (...values: Values) => Value {
  return (...values) => checked(backend, backendName, what, () => call.apply(backend, values));
}

/** A reading that takes a while; what came out before the engine failed may be wrong too. */
function guardRead(
  backend: object,
  backendName: string,
  read: (...values: unknown[]) => Promise<unknown>,
): (...values: unknown[]) => Promise<unknown> {
  const work = guardCall(backend, backendName, 'read', read);
  return async (...values) => {
    try {
      const value = await work(...values);
      throwFailure(backend);
      return value;
    } catch (error) {
      // What the device reports of its loss follows the reading that it breaks.
      await Promise.resolve();
      throwFailure(backend);
      throw failureOf(error, backend, backendName, 'read') ?? error;
    }
  };
}

function throwFailure(backend: object): void {
  const failure = failures.get(backend);
  if (failure !== undefined) throw failure;
}

function checked<Value>(
  backend: object,
  backendName: string,
  what: string,
  work: () => Value,
): Value {
  throwFailure(backend);
  let value: Value;
  try {
    value = work();
  } catch (error) {
    throw failureOf(error, backend, backendName, what) ?? error;
  }
  const printed = takePrintedError();
  if (printed === undefined) {
    throwFailure(backend);
    return value;
  }
  throw fail(backend, backendName, kindOfText(printed), `${what} says "${oneLine(printed)}"`);
}

/** The failure that an exception stands for; undefined for wrong arguments and bugs. */
function failureOf(
  error: unknown,
  backend: object,
  backendName: string,
  what: string,
): EngineFailure | undefined {
  if (error instanceof EngineFailure) return error;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  const { name, message } = error as Error;
  const printed = takePrintedError();
  // WebAssembly.RuntimeError: a trap, or an abort of the C++ code.
  // Those of a reading: WebGPU's device is gone, or the buffer never was one.
  const isBroken = name === 'RuntimeError' || name === 'AbortError' || name === 'OperationError';
  const isCrash = isBroken || printed !== undefined;
  const isMemory = outOfMemory.test(message);
  if (!isCrash && !isMemory) return undefined;
  const text = oneLine(printed ?? message);
  const kind = isMemory ? 'out-of-memory' : kindOfText(text);
  return fail(backend, backendName, kind, `${what} says "${text}"`, error);
}

function fail(
  backend: object,
  backendName: string,
  kind: EngineFailureKind,
  reason: string,
  cause?: unknown,
): EngineFailure {
  const failure = new EngineFailure(backendName, kind, reason, { cause });
  failures.set(backend, failure);
  return failure;
}

/** How V8, TensorFlow, C++ and WebGPU say that memory is full, or that one piece of it is not to be had. */
const outOfMemory =
  /allocation failed|invalid (typed )?array (buffer )?length|\boom\b|resource_exhausted|resource exhausted|bad_alloc|out of memory|max(imum)? (storage )?buffer (binding )?size/i;

/** XNNPACK's status 6 is its lack of memory (`xnn_status_out_of_memory`). */
function kindOfText(text: string): EngineFailureKind {
  return /got status 6\b/i.test(text) || outOfMemory.test(text) ? 'out-of-memory' : 'broken';
}

function oneLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.replace(/\.$/, '');
}

function describeBytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
