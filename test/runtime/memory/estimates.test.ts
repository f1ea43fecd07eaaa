import { afterAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { compileRun } from '../../../src/runtime/training/run-spec.js';
import { fits, predicting, training } from './real-heap.js';

afterAll(() => startEngine('wasm'));

/** Less than this part of the estimate must not suffice: else images are cut, and batches refused, for nothing. */
const least = 0.4;

describe('what is estimated suffices on a real heap, and is not far more than it takes', () => {
  test.each<[string, number | undefined]>([
    ['nuclei', undefined],
    ['residual-unet-torch', 4],
    ['unet-3-plus', 2],
    ['mobilenet-v2-unet', undefined],
  ])('%s', async (name, base) => {
    const path = `specs/${name}.unet`;
    const set: Record<string, string> = base === undefined ? {} : { base: String(base) };
    const { run } = compileRun(path, readFileSync(path, 'utf8'), { set });
    const works = [predicting(run!, 96)];
    // One with many weights takes long to train.
    if (name !== 'mobilenet-v2-unet') works.push(training(run!, 48, 2));
    for (const work of works) {
      expect(await fits(work, work.estimate)).toBe(true);
      expect(await fits(work, least * work.estimate)).toBe(false);
    }
  });
});
