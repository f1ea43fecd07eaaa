import { describe, expect, jest, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { EngineError, engineNames } from '../../../src/runtime/engines/engine.js';
import type { EngineName } from '../../../src/runtime/engines/engine.js';
import { listEngines } from '../../../src/runtime/engines/list-engines.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { runAlone } from './run-alone.js';

describe('engines', () => {
  test('starts wasm unless another is named, without a word on the console', async () => {
    const spies = (['log', 'warn', 'info', 'error'] as const).map((method) =>
      jest.spyOn(console, method).mockImplementation(() => undefined),
    );
    const engine = await startEngine();
    expect(engine).toEqual({
      name: 'wasm',
      backend: 'wasm',
      threads: 1,
      description: 'WebAssembly, 1 thread',
    });
    expect(tf.getBackend()).toBe('wasm');
    await startEngine('cpu');
    tf.square(tf.ones([2])).dispose();
    expect(tf.getBackend()).toBe('cpu');
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  test('says of each what is there, what is missing and how to get it', async () => {
    const engines = await listEngines();
    expect(engines.map(({ name }) => name)).toEqual([...engineNames, 'onnx', 'pytorch']);
    for (const { isComplete, parts, install } of engines) {
      const missing = parts.filter(({ found, isOptional }) => found === undefined && !isOptional);
      expect(isComplete).toBe(missing.length === 0);
      if (!isComplete) expect(install).toMatch(/^unetc engines install|pip install /);
    }
    expect(engines[0]).toMatchObject({ isComplete: true, parts: [{ found: '4.22.0' }] });
  });

  test('explains what is missing', async () => {
    for (const { name, isComplete } of await listEngines(['tfjs-node', 'tfjs-node-gpu'])) {
      if (isComplete) continue;
      const start = startEngine(name as EngineName);
      await expect(start).rejects.toBeInstanceOf(EngineError);
      await expect(start).rejects.toThrow(`unetc engines install ${name}`);
    }
  });

  test('refuses unknown names and impossible threads', async () => {
    await expect(startEngine('gpu' as EngineName)).rejects.toThrow("There is no engine 'gpu'");
    await expect(startEngine('wasm', { threads: 0 })).rejects.toThrow('number of threads');
    await startEngine('wasm');
    await expect(startEngine('wasm', { threads: 2 })).rejects.toThrow('already runs with 1');
  });
});

test('threads start under Node, end with the process, and compute the same bits', async () => {
  const counts = [1, 2, 3];
  const words = counts.map((count) => [String(count)]);
  const found = (await runAlone('two-threads', words)).map(
    (text) => JSON.parse(text) as { threads: number; losses: number[]; bits: number[] },
  );
  expect(found.map(({ threads }) => threads)).toEqual(counts);
  for (const { losses, bits } of found) {
    expect(losses).toEqual(found[0]!.losses);
    expect(bits).toEqual(found[0]!.bits);
  }
});

test('a host without WebAssembly SIMD has one thread', async () => {
  const [printed] = await runAlone('two-threads', [['2', 'no-simd']]);
  expect((JSON.parse(printed!) as { threads: number }).threads).toBe(1);
});

test('a host without WebAssembly SIMD computes the same with kernels that need none', async () => {
  const [without, withSimd] = (await runAlone('two-threads', [['1', 'no-simd'], ['1']])).map(
    (text) => (JSON.parse(text) as { losses: number[] }).losses,
  );
  // Other bits: it was not the same kernels.
  expect(without).not.toEqual(withSimd);
  without!.forEach((loss, at) => expect(Math.abs(loss / withSimd![at]! - 1)).toBeLessThan(1e-4));
});

test('two threads: a kernel that lacks memory gives no result and prints nothing', async () => {
  const [printed] = await runAlone('threads-failure', [['2']]);
  expect(printed).toMatch(/^out-of-memory: DepthwiseConv2dNative says "XNN status for [^\n]*\n$/);
});
