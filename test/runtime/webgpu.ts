import { describe } from '@jest/globals';
import { EngineError } from '../../src/runtime/engines/engine.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';

/** Why the WebGPU engine does not start here; undefined where it does. */
async function missing(): Promise<string | undefined> {
  try {
    await startEngine('webgpu');
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

const reason = await missing();

/** Tests that need WebGPU, on whatever adapter is found; skipped elsewhere, with the reason. */
export const describeOnWebgpu = (title: string, tests: () => void): void =>
  reason === undefined ? describe(title, tests) : describe.skip(`${title} (${reason})`, tests);

/** The engines among these that start here. */
export const startable = <Name extends string>(names: readonly Name[]): readonly Name[] =>
  names.filter((name) => name !== 'webgpu' || reason === undefined);
