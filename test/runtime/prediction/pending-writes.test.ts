import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { PendingWrites } from '../../../src/runtime/prediction/pending-writes.js';

test('writes of one file are in order, those of others do not wait for it', async () => {
  const writes = new PendingWrites();
  const done: string[] = [];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  await writes.add('a', 10, async () => {
    await gate;
    done.push('a1');
  });
  await writes.add('a', 10, () => Promise.resolve(void done.push('a2')));
  await writes.add('b', 10, () => Promise.resolve(void done.push('b1')));
  await setImmediate();
  expect(done).toEqual(['b1']);
  release();
  await writes.settle();
  expect(done).toEqual(['b1', 'a1', 'a2']);
});

test('adding waits while more than the bound is not written', async () => {
  const writes = new PendingWrites();
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  await writes.add('a', 2 ** 24, () => gate);
  let isAdded = false;
  const adding = writes.add('b', 2 ** 25, () => Promise.resolve()).then(() => (isAdded = true));
  await setImmediate();
  expect(isAdded).toBe(false);
  release();
  await adding;
  await writes.add('b', 2 ** 25, () => Promise.resolve());
});

test('a write that fails is told by the next call, and nothing is written after it', async () => {
  const writes = new PendingWrites();
  const done: string[] = [];
  await writes.add('a', 1, () => Promise.reject(new Error('disk full')));
  await setImmediate();
  const next = writes.add('a', 1, () => Promise.resolve(void done.push('a2')));
  await expect(next).rejects.toThrow('disk full');
  await expect(writes.settle()).rejects.toThrow('disk full');
  expect(done).toEqual([]);
});
