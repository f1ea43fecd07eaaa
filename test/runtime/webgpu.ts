import { afterAll, describe } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { EngineError } from '../../src/runtime/engines/engine.js';
import { listEngines, type EngineListing } from '../../src/runtime/engines/list-engines.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';

/** Why the WebGPU engine does not start here; undefined where it does. */
async function missing(): Promise<string | undefined> {
  try {
    await startEngine('webgpu');
    // Small tensors are computed on the processor otherwise, and nothing would be tested.
    tf.env().set('WEBGPU_CPU_FORWARD', false);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

const reason = await missing();

// A device that computes no more lets the process of the tests end at once.
afterAll(() => {
  const backend = tf.findBackend('webgpu') as unknown as { device: { destroy(): void } } | null;
  backend?.device.destroy();
});

/** Tests that need WebGPU, on whatever adapter is found; skipped elsewhere, with the reason. */
export const describeOnWebgpu = (title: string, tests: () => void): void =>
  reason === undefined ? describe(title, tests) : describe.skip(`${title} (${reason})`, tests);

/** Why native TensorFlow does not start here; undefined where it does. */
async function missingNative(): Promise<string | undefined> {
  const [{ isComplete }] = (await listEngines(['tfjs-node'])) as [EngineListing];
  if (!isComplete) return 'tfjs-node is not installed';
  await startEngine('tfjs-node');
  return undefined;
}

const nativeReason = await missingNative();

/** TensorFlow.js' names of the backends that tests may run on. */
export type TestedBackend = 'cpu' | 'wasm' | 'webgpu' | 'tensorflow';

/** The same tests on each of some backends: all that there are, or skipped with the reason. */
export function describeOn<Name extends TestedBackend>(
  backends: readonly Name[],
  title: string,
  tests: (backend: Name) => void,
): void {
  for (const backend of backends) {
    const lacks = backend === 'tensorflow' ? nativeReason : undefined;
    const run = backend === 'webgpu' ? describeOnWebgpu : lacks ? describe.skip : describe;
    run(`${title} (on ${backend}${lacks ? `: ${lacks}` : ''})`, () => tests(backend));
  }
}
