import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isFile } from '../../files/index.js';
import { EngineError } from '../engines/engine.js';

/** The optional package that runs ONNX models natively. */
export const onnxPackage = 'onnxruntime-node';

/** ONNX Runtime's JavaScript interface, as much of it as predicting needs (https://onnxruntime.ai/docs/api/js). */
export interface OnnxLibrary {
  readonly env: { logLevel?: string };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => OnnxValue;
  readonly InferenceSession: {
    create(model: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession>;
  };
}

/** The library, and what it can compute on; names are those of its execution providers. */
export interface OnnxRuntime extends OnnxLibrary {
  readonly processor: string;
  readonly accelerators: readonly string[];
}

export interface OnnxSessionOptions {
  /** What computes; the processor where they lack an operator. */
  readonly executionProviders?: readonly string[];
  readonly intraOpNumThreads?: number;
  /** 4: nothing but what ends the process. */
  readonly logSeverityLevel?: 4;
  /** Settings by the keys of `onnxruntime_session_options_config_keys.h`, cut at their dots. */
  readonly extra?: object;
  /** Files of weights that the model names. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** A model that is loaded. */
export interface OnnxSession {
  run(feeds: Readonly<Record<string, OnnxValue>>): Promise<Readonly<Record<string, OnnxValue>>>;
  release(): Promise<void>;
}

export interface OnnxValue {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The package for Node.js lists what it was built with. */
interface NodeLibrary extends OnnxLibrary {
  listSupportedBackends(): readonly { readonly name: string; readonly bundled: boolean }[];
}

/** Loads the package. Throws `EngineError` where it is missing or does not load. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  let library: NodeLibrary;
  try {
    const name: string = onnxPackage;
    // A bundle turns the import into a call of require, which gives no default.
    const loaded = (await import(name)) as NodeLibrary & { readonly default?: NodeLibrary };
    library = loaded.default ?? loaded;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const [reason = ''] = message.split('\n');
    throw new EngineError(
      isMissing && message.includes(onnxPackage)
        ? `The engine 'onnx' needs the package ${onnxPackage}; install it with: unetc engines install onnx`
        : `The package ${onnxPackage} does not load: ${reason}`,
      { cause: error },
    );
  }
  // What fails is thrown; the library would print it too.
  library.env.logLevel = 'fatal';
  // CUDA would round factors to 10 bits otherwise.
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  const { env, Tensor, InferenceSession } = library;
  const accelerators = library
    .listSupportedBackends()
    .filter(({ name, bundled }) => bundled || hasLibrary(name))
    .map(({ name }) => name);
  return { env, Tensor, InferenceSession, processor: 'cpu', accelerators };
}

/** Whether the package is there; nothing is loaded. */
export function isOnnxInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(onnxPackage);
    return true;
  } catch {
    return false;
  }
}

/** Whether the library of a provider that comes separately lies beside the package's own. */
function hasLibrary(provider: string): boolean {
  const { platform, arch } = process;
  const main = createRequire(import.meta.url).resolve(onnxPackage);
  const folder = join(dirname(main), '../bin/napi-v6', platform, arch);
  const file = `onnxruntime_providers_${provider}`;
  return isFile(join(folder, platform === 'win32' ? `${file}.dll` : `lib${file}.so`));
}
