import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli, type CliResult } from './run-cli.js';

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const train = (out: string, ...words: readonly string[]): Promise<CliResult> =>
  callCli(
    [
      ...['train', 'small.unet', '--data', 'data', '--out', out, '--engine', 'wasm'],
      ...['--epochs', '1', ...words],
    ],
    { folder: shop.folder },
  );
const batchOf = (run: string): number =>
  (JSON.parse(readFileSync(at(`${run}/run.json`), 'utf8')) as { settings: { batch: number } })
    .settings.batch;

beforeAll(async () => {
  shop = await openWorkshop(12, 2);
  writeFileSync(at('small.unet'), smallSpec);
});
afterAll(() => shop.remove());

test('is that of all images, where they fit', async () => {
  const { code, stderr } = await train('all', '--batch', 'largest');
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(
      /^batch 12: a step at 24 x 24 takes about \d+ MiB, and there are no more/m,
    ),
  ]);
  expect(batchOf('all')).toBe(12);
});

test('fits a memory that is given, one image more does not, and a run keeps it', async () => {
  const { code, stderr } = await train('some', '--batch', 'largest', '--memory', '6.5MiB');
  expect([code, stderr]).toEqual([0, expect.stringContaining('of the 7 MiB of "--memory"')]);
  const batch = batchOf('some');
  expect(batch).toBeGreaterThan(1);
  expect(batch).toBeLessThan(12);
  expect(stderr).toContain(`${batch + 1} images would take`);
  expect(stderr).not.toContain('UNET6114');
  const more = await train('more', '--batch', 'largest', '--memory', '6.8MB');
  expect([more.code, batchOf('more')]).toEqual([0, batch]);
  // The same call with "--resume" goes on with the batch of the run, whatever the memory is now.
  const resumed = await train(
    ...(['some', '--batch', 'largest', '--memory', '5MiB', '--resume', '--epochs', '2'] as const),
  );
  expect([resumed.code, resumed.stderr.includes('\nbatch ')]).toEqual([0, false]);
  expect(batchOf('some')).toBe(batch);
});

describe('what a call cannot mean', () => {
  test.each<[string, readonly string[], number, string]>([
    ['too little memory for one image', ['--batch', 'largest', '--memory', '1MB'], 1, 'UNET6123'],
    ['PyTorch', ['--batch', 'largest', '--engine', 'pytorch'], 1, 'UNET7355'],
    [
      'a graphics card of unknown memory',
      ['--batch', 'largest', '--engine', 'webgpu'],
      1,
      'UNET7355',
    ],
    ['a memory in vain', ['--memory', '4GB'], 2, 'UNET7022'],
    ['a memory that is none', ['--batch', 'largest', '--memory', '4 apples'], 2, 'UNET7013'],
    ['a batch that is none', ['--batch', 'large'], 2, 'or "largest"'],
    ['no data', ['--batch', 'largest', '--data', 'dat'], 1, 'UNET6001'],
  ])('%s', async (_, words, code, message) => {
    const result = await train('none', ...words);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(existsSync(at('none'))).toBe(false);
  });
});
