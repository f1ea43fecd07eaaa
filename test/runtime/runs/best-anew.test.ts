import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { FileError, replaceFile } from '../../../src/files/index.js';
import type { Checkpoint, CheckpointName } from '../../../src/runtime/runs/checkpoint.js';
import { fingerprintOf, readListing } from '../../../src/runtime/runs/data-listing.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { sealJson } from '../../../src/runtime/runs/sealed-json.js';
import type { TrainOptions } from '../../../src/runtime/training/train-options.js';
import { callCli } from '../../cli/run-cli.js';
import {
  compiled,
  filesOf,
  logOf,
  openWorkshop,
  smallSpec,
  stopAfter,
  trained,
  type Workshop,
} from '../training/support.js';

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const spec = smallSpec.replace('cosine(warmup: 1)', 'constant');
const run = compiled(spec, { epochs: 3 });
const checkpoint = async (name: CheckpointName): Promise<Checkpoint> =>
  (await readCheckpoint(at('run'), name)).value!;
const resume = async (options: Partial<TrainOptions> = {}): ReturnType<typeof trained> =>
  trained({
    ...{ data: at('now'), out: at('run'), run, allowChanges: true },
    resume: await checkpoint('last'),
    ...options,
  });
/** What the best checkpoint is worth on the validation images of now. */
async function worthOfBest(data = 'now'): Promise<number> {
  const { stdout, code } = await callCli(['eval', 'run', '--data', data, '--json'], {
    folder: shop.folder,
  });
  expect(code).toBe(0);
  const { metrics } = JSON.parse(stdout) as { metrics: { dice: { mean: number } } };
  return metrics.dice.mean;
}
/** Gives both validation images the mask of the other. */
function swapMasks(): void {
  const [first, second] = ['1', '2'].map((name) => at(`now/val/masks/cells-00${name}.png`));
  renameSync(first!, at('aside.png'));
  renameSync(second!, first!);
  renameSync(at('aside.png'), second!);
}

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop(5, 2);
  writeFileSync(at('small.unet'), spec);
  // Behind the second epoch, in the third.
  await stopAfter(8, { data: shop.data, out: at('stopped'), run });
});
beforeEach(() => {
  for (const name of ['run', 'now']) rmSync(at(name), { recursive: true, force: true });
  cpSync(at('stopped'), at('run'), { recursive: true });
  cpSync(shop.data, at('now'), { recursive: true });
});
afterAll(() => shop.remove());

test('under other validation images the best epoch is measured anew, told, logged and written', async () => {
  const before = (await checkpoint('last')).best!;
  swapMasks();
  const { value, events } = await resume();
  expect(value?.kind).toBe('finished');
  const measured = events.find(({ kind }) => kind === 'measured');
  expect(measured).toMatchObject({ best: before.epoch, metric: 'dice', before: before.value });
  const [best, last] = [await checkpoint('best'), await checkpoint('last')];
  expect(last.best).toEqual(best.best);
  expect(best.conditions).toEqual(last.conditions);
  expect(best.best!.value).toBeCloseTo(await worthOfBest(), 6);
  expect(fingerprintOf((await readListing(at('run')))!)).toBe(last.conditions.data);
  // The masks of other images fit badly: what was measured before would have stayed the best.
  expect(best.best!.value).toBeLessThan(before.value!);
  const logged = logOf(at('run')) as {
    kind: string;
    isBest?: boolean;
    best?: number;
    validation?: { metrics: { dice: { mean: number } } };
  }[];
  const [first, ...after] = logged.slice(logged.findIndex(({ kind }) => kind === 'measured'));
  expect(first).toMatchObject({ best: before.epoch, validation: { metrics: {} } });
  const values = [first!, ...after.filter(({ kind }) => kind === 'epoch')].map(
    ({ validation }) => validation!.metrics.dice.mean,
  );
  expect(best.best!.value).toBe(Math.max(...values));
});

test('the command line tells both numbers', async () => {
  swapMasks();
  const { stderr, code } = await callCli(
    [
      ...['train', 'small.unet', '--data', 'now', '--out', 'run', '--epochs', '3'],
      ...['--resume', '--allow-changes'],
    ],
    { folder: shop.folder },
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /epoch \d, the best so far, measured anew: dice 0\.\d{4} in place of 0\.\d{4}\n/,
  );
});

test('where nothing changed it is not', async () => {
  const { events } = await resume();
  expect(events.filter(({ kind }) => kind === 'measured')).toEqual([]);
});

describe('ended while it is measured', () => {
  test('by Ctrl-C: the run is as it was', async () => {
    swapMasks();
    const files = (): unknown => [
      ...['best', 'last'].map((name) => filesOf(at(`run/${name}`))),
      ...['data.json', 'run.json', 'spec.unet'].map((name) => readFileSync(at(`run/${name}`))),
    ];
    const before = files();
    const controller = new AbortController();
    const { value } = await resume({
      signal: controller.signal,
      onEvent: ({ kind }) => {
        if (kind === 'validation') controller.abort();
      },
    });
    expect(value?.kind).toBe('not-begun');
    expect(files()).toEqual(before);
    // What changed can still be told.
    const again = await resume({ allowChanges: false });
    expect(again.diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('val: 2 masks changed'),
    ]);
  });

  test.each([
    ['with the same images, measured already', 'now', true],
    ['with those of before, measured anew', 'data', false],
  ])('behind the first checkpoint: it goes on %s', async (_title, data, allowChanges) => {
    swapMasks();
    const failed = await resume({
      write: (path, bytes) => {
        if (path.includes('last/')) throw new FileError(path, 'system', 'no', 'ENOSPC');
        return replaceFile(path, bytes);
      },
    });
    expect(failed.value?.kind).toBe('failed');
    const [best, last] = [await checkpoint('best'), await checkpoint('last')];
    expect(best.best!.epoch).toBe(last.best!.epoch);
    expect(best.best!.value).not.toBe(last.best!.value);
    const again = await resume({ data: at(data), allowChanges });
    expect(again.diagnostics.map(({ code }) => code)).toEqual(allowChanges ? ['UNET6138'] : []);
    expect(again.events.filter(({ kind }) => kind === 'measured')).toHaveLength(
      allowChanges ? 0 : 1,
    );
    expect((await checkpoint('best')).best!.value).toBeCloseTo(await worthOfBest(data), 6);
  });
});

test('a best whose values are of other images than "last" is measured anew without a change', async () => {
  swapMasks();
  await stopAfter(1, { data: at('now'), out: at('probe'), run });
  const { value: probe } = await readCheckpoint(at('probe'), 'last');
  const file = at('run/last/model.json');
  const { sha256: _, ...model } = JSON.parse(readFileSync(file, 'utf8')) as {
    sha256?: string;
    userDefinedMetadata: { unetc: { conditions: { data: string } } };
  };
  model.userDefinedMetadata.unetc.conditions.data = probe!.conditions.data;
  writeFileSync(file, sealJson(model));
  const { diagnostics, events } = await resume({ allowChanges: false });
  expect(diagnostics).toEqual([]);
  expect(events.filter(({ kind }) => kind === 'measured')).toHaveLength(1);
  expect((await checkpoint('best')).best!.value).toBeCloseTo(await worthOfBest(), 6);
});
