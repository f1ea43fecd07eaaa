import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { describeOnWebgpu } from '../webgpu.js';
import { filesOf, logOf, openWorkshop, stopAfter, trained, type Workshop } from './support.js';

/** Milliseconds for a test: adapters in software are slow. */
const patience = 300_000;

describeOnWebgpu('a run on webgpu', () => {
  let shop: Workshop;
  beforeAll(async () => {
    await startEngine('webgpu');
    shop = await openWorkshop(4, 1);
  });
  afterAll(() => shop.remove());
  const engine = { name: 'webgpu', description: 'test' } as const;
  const at = (name: string): string => join(shop.folder, name);

  test(
    'stopped within an epoch and resumed gives the same bits, and the losses of wasm',
    async () => {
      await startEngine('webgpu');
      const whole = await trained({ data: shop.data, out: at('whole'), engine });
      expect(whole.value?.kind).toBe('finished');
      const first = await stopAfter(3, { data: shop.data, out: at('stopped'), engine });
      expect(first.value?.kind).toBe('stopped');
      const { value: resume } = await readCheckpoint(at('stopped'), 'last');
      expect(resume?.progress.step).toBe(3);
      await trained({ data: shop.data, out: at('stopped'), engine, resume });
      expect(filesOf(at('stopped/last'))).toEqual(filesOf(at('whole/last')));
      expect(filesOf(at('stopped/best'))).toEqual(filesOf(at('whole/best')));

      await startEngine('wasm');
      await trained({ data: shop.data, out: at('wasm') });
      const lossesOf = (name: string): readonly number[] =>
        (logOf(at(name)) as readonly { kind: string; loss?: number }[])
          .filter(({ kind }) => kind === 'step')
          .map(({ loss }) => loss!);
      lossesOf('wasm').forEach((loss, step) => {
        expect(lossesOf('whole')[step]).toBeCloseTo(loss, 3);
      });
    },
    patience,
  );
});
