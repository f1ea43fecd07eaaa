import { expect, test } from '@jest/globals';
import type { DataSplit } from '../../../src/runtime/data/dataset.js';
import { checkTrainingMemory } from '../../../src/runtime/training/check-memory.js';
import { describeNetwork } from '../../../src/runtime/training/network-interface.js';
import { compiled, smallSpec } from './support.js';

const pair = { name: 'a', imagePath: 'a.png', maskPath: 'm.png', width: 400, height: 300 };
const training = {
  name: 'train',
  pairs: Array.from({ length: 64 }, () => pair),
  load: () => Promise.reject(new Error('nothing is read')),
} as unknown as DataSplit;

test('a batch that does not fit is refused with the largest one that does', () => {
  const check = (batch: number, most: number): ReturnType<typeof checkTrainingMemory> => {
    const run = compiled(smallSpec, { batch });
    return checkTrainingMemory(run, describeNetwork(run), training, { most, comfortable: most });
  };
  expect(check(32, 2 ** 40)).toEqual([]);
  const limit = 8 * 2 ** 20;
  const [found] = check(32, limit);
  expect(found?.code).toBe('UNET6123');
  const largest = Number(/"--batch (\d+)"/.exec(found!.help.join())![1]);
  expect(check(largest, limit)).toEqual([]);
  expect(check(largest + 1, limit)).toHaveLength(1);
  expect(check(32, 1000)[0]?.help.join()).not.toContain('--batch');
});
