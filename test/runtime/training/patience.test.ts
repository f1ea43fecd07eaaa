import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { isOutOfPatience } from '../../../src/runtime/training/patience.js';
import { renderLines } from '../../../src/runtime/training/progress.js';
import { callCli } from '../../cli/run-cli.js';
import {
  compiled,
  filesOf,
  logOf,
  openWorkshop,
  stopAfter,
  trained,
  type Workshop,
} from './support.js';

/** Steps so small that no weight moves: the first epoch stays the best. */
const text = `
model Still {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: a -> conv(1, 1)
}
train Still(wait: int = 2) {
  optimizer: sgd(lr: 1e-30)
  schedule: plateau(1, 0.5)
  epochs: 9
  patience: wait
  sizes: crop(16)
}
`;

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
});
afterAll(() => shop.remove());

test('patience counts the epochs since the best one', () => {
  const patient = (epoch: number, best: number | undefined, patience?: number): boolean =>
    isOutOfPatience({ patience }, epoch, best === undefined ? undefined : { epoch: best });
  expect([3, 4, 5, 6].map((epoch) => patient(epoch, 3, 2))).toEqual([false, false, true, true]);
  expect(patient(100, 1)).toBe(false);
  expect(patient(100, undefined, 2)).toBe(false);
});

describe('a run that loses patience', () => {
  const run = compiled(text);

  test('ends early, which is told and logged', async () => {
    const { value, events } = await trained({ data: shop.data, out: at('whole'), run });
    expect(value).toMatchObject({ kind: 'finished', best: { epoch: 1 } });
    expect(logOf(at('whole')).at(-1)).toEqual({ kind: 'ended', epoch: 3, step: 6, best: 1 });
    const { value: last } = await readCheckpoint(at('whole'), 'last');
    expect(last?.progress.plateau).toEqual({ factor: 0.25, waited: 0, resting: 0 });
    const rates = logOf(at('whole')).flatMap((entry) => Object(entry).learningRate ?? []);
    expect(rates.map((rate: number) => rate / 1e-30)).toEqual(
      [1, 1, 1, 1, 0.5, 0.5].map((factor) => expect.closeTo(factor, 9)),
    );
    const told = events.flatMap(renderLines);
    expect(told.at(-1)).toBe('ended after epoch 3 of 9: none was better than epoch 1 for 2 epochs');
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'epoch')).toHaveLength(3);
  });

  test.each([1, 3, 5])(
    'and that was stopped after step %i ends at the same bits',
    async (steps) => {
      const out = at(`stopped-${steps}`);
      await stopAfter(steps, { data: shop.data, out, run });
      const { value: resume } = await readCheckpoint(out, 'last');
      const { value } = await trained({ data: shop.data, out, run, resume });
      expect(value?.kind).toBe('finished');
      expect(filesOf(join(out, 'last'))).toEqual(filesOf(at('whole/last')));
      expect(logOf(out)).toEqual(logOf(at('whole')));
    },
  );

  test('has nothing left to do, whatever number of epochs is asked for', async () => {
    writeFileSync(at('still.unet'), text);
    const words = ['still.unet', '--data', shop.data, '--out', 'whole', '--resume'];
    const before = filesOf(at('whole/last'));
    const { code, stderr } = await callCli(['train', ...words, '--epochs', '20'], {
      folder: shop.folder,
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining('warning UNET6146')]);
    expect(filesOf(at('whole/last'))).toEqual(before);
  });

  test('makes all epochs where these are over first', async () => {
    const wishes = { epochs: 3 };
    await trained({ data: shop.data, out: at('short'), run: compiled(text, wishes) });
    expect(logOf(at('short')).at(-1)).toMatchObject({ kind: 'epoch', epoch: 3 });
  });

  test('takes it from the call', async () => {
    const patient = compiled(text, { set: { wait: '4' } });
    await trained({ data: shop.data, out: at('patient'), run: patient });
    expect(logOf(at('patient')).at(-1)).toMatchObject({ kind: 'ended', epoch: 5 });
  });
});
