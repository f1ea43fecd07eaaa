import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import type { EngineName } from './engine.js';
import { EngineError } from './engine.js';

/** The optional package behind each engine that has one. */
export const nativePackages: Readonly<Partial<Record<EngineName, string>>> = {
  'tfjs-node': '@tensorflow/tfjs-node',
  'tfjs-node-gpu': '@tensorflow/tfjs-node-gpu',
};

/** Loads an optional native package and makes its backend the current one. Throws `EngineError`. */
export async function startNative(name: 'tfjs-node' | 'tfjs-node-gpu'): Promise<void> {
  const packageName = nativePackages[name]!;
  restoreRemovedUtilities();
  try {
    await import(packageName);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
      throw new EngineError(
        `The engine '${name}' needs the package ${packageName}; install it with: npm install ${packageName}`,
        { cause: error },
      );
    }
    throw new EngineError(`The package ${packageName} does not load: ${message}`, { cause: error });
  }
  if (!(await tf.setBackend('tensorflow'))) {
    throw new EngineError(`The package ${packageName} loads, but its backend does not start.`);
  }
  await tf.ready();
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
