import { expect, test } from '@jest/globals';
import { memoryLimits } from '../../../src/runtime/memory/limits.js';

test('what the engine holds already is not to be had again', () => {
  const most = (held: number): number => memoryLimits('wasm', held).most;
  expect(most(0)).toBeGreaterThan(0);
  expect(most(3.75 * 2 ** 30)).toBeLessThanOrEqual(0.05 * 2 ** 30);
  expect(most(2 ** 33)).toBe(0);
  expect(memoryLimits('wasm', 2 ** 33).comfortable).toBe(0);
});
