import { afterAll, describe } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { EngineError } from '../../src/runtime/engines/engine.js';
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

/** The same tests on each of some engines. */
export function describeOn<Name extends string>(
  engines: readonly Name[],
  title: string,
  tests: (engine: Name) => void,
): void {
  for (const engine of engines) {
    const run = engine === 'webgpu' ? describeOnWebgpu : describe;
    run(`${title} (on ${engine})`, () => tests(engine));
  }
}
