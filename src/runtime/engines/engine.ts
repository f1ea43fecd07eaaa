/** Every engine, the one that is always there first: backends of TensorFlow.js with what we add to them. */
export const engineNames = ['wasm', 'cpu', 'webgpu', 'tfjs-node', 'tfjs-node-gpu'] as const;

/** The engines that can run a network in this process. */
export type EngineName = (typeof engineNames)[number];

/** How an engine is started. */
export interface EngineOptions {
  /** Threads of the engine, 1 by default; the engine `cpu` has one. */
  readonly threads?: number;
}

/** A started engine. All tensors made from now on live on it. */
export interface Engine {
  readonly name: EngineName;
  /** TensorFlow.js' name of the backend. */
  readonly backend: string;
  /** Threads in use, where that is known. */
  readonly threads: number | undefined;
  /** One line for people: what runs and how. */
  readonly description: string;
}

/** An engine that cannot be started, in words for the person who asked for it. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** Why an engine gave up in the middle of its work. */
export type EngineFailureKind = 'out-of-memory' | 'broken';

/**
 * A started engine that failed: its memory is full, a kernel reported an error
 * or crashed. Nothing that it computed in that call may be used. The engine
 * refuses all further work, and the tensors on it are lost; `startEngine` starts
 * a fresh one.
 */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';

  constructor(
    /** TensorFlow.js' name of the backend. */
    readonly backend: string,
    readonly kind: EngineFailureKind,
    /** What was seen, in words, without a final period. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    const what = kind === 'out-of-memory' ? 'ran out of memory' : 'failed';
    super(`The engine "${backend}" ${what}: ${reason}.`, options);
  }
}
