import { createRequire } from 'node:module';
import * as tf from '../tensorflow.js';
import { isFile, withErrorsHushed } from '../../files/index.js';
import { registerNativeKernels } from '../kernels/native/register.js';
import { EngineError } from './engine.js';
import { findNativePackage, packageOf, type NativeEngine } from './native-package.js';

/**
 * Loads an optional native package and makes its backend the current one; TensorFlow takes the
 * number of threads when it is loaded, so the first start in a process decides. Throws `EngineError`.
 */
export async function startNative(name: NativeEngine, threads: number): Promise<void> {
  const packageName = packageOf(name);
  const found = findNativePackage(name);
  const help = `install it with: unetc engines install ${name}`;
  if (found === undefined) {
    throw new EngineError(`The engine '${name}' needs the package ${packageName}; ${help}`);
  }
  if (!isFile(found.binding)) {
    throw new EngineError(
      `The package ${packageName} is there, but not its native part ${found.binding}; ${help}`,
    );
  }
  restoreRemovedUtilities();
  prepareEnvironment(threads);
  try {
    await withErrorsHushed(() => import(packageName));
  } catch (error) {
    const { message } = error as Error;
    throw new EngineError(`The package ${packageName} does not load: ${message}`, { cause: error });
  }
  if (!(await tf.setBackend('tensorflow'))) {
    throw new EngineError(`The package ${packageName} loads, but its backend does not start.`);
  }
  await tf.ready();
  registerNativeKernels();
}

/** What TensorFlow reads when it is loaded. The threads decide bits, so that no other number counts. */
function prepareEnvironment(threads: number): void {
  // Remarks on the processor and the like; errors come as exceptions.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] = '1';
  // On a GPU it takes all memory at the start otherwise (https://www.tensorflow.org/guide/gpu).
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
}

/**
 * tfjs-node 4.22 calls functions of `node:util` that Node 23 removed; they are
 * put back before the package loads.
 */
function restoreRemovedUtilities(): void {
  const utilities = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  utilities['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  utilities['isArray'] ??= Array.isArray;
}
