import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { openTensorFile } from '../../../src/runtime/pretrained/open-tensor-file.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import {
  compiled,
  filesOf,
  logOf,
  openWorkshop,
  smallSpec,
  trained,
  type Workshop,
} from './support.js';

/** An engine on a graphics card has no values to give at once: everything must await them. */

let shop: Workshop;
beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
});
afterAll(() => shop.remove());

test.each([
  ['losses of sums', 'bce + dice'],
  ['a loss that looks at whole images', 'bce + 0.5 * ms_ssim(window: 3)'],
])(
  'nothing is read synchronously in training, validation and checkpoints: %s',
  async (title, loss) => {
    const run = compiled(smallSpec.replace('bce + dice', loss));
    const at = (name: string): string => join(shop.folder, `${title} ${name}`);
    await trained({ data: shop.data, out: at('usual'), run });
    const refuse = jest.spyOn(tf.Tensor.prototype, 'dataSync').mockImplementation(() => {
      throw new Error('a tensor was read synchronously');
    });
    try {
      const result = await trained({ data: shop.data, out: at('awaited'), run });
      expect(result.value?.kind).toBe('finished');
      const { value: last } = await readCheckpoint(at('awaited'), 'last');
      expect(last?.progress.epoch).toBe(2);
      (await openTensorFile(join(at('awaited'), 'best'))).close();
    } finally {
      refuse.mockRestore();
    }
    expect(filesOf(join(at('awaited'), 'last'))).toEqual(filesOf(join(at('usual'), 'last')));
    expect(logOf(at('awaited'))).toEqual(logOf(at('usual')));
  },
);
