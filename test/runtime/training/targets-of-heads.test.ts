import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { imageToPixels } from '../../../src/runtime/data/channels.js';
import { classesOfProbabilities } from '../../../src/runtime/data/overlay.js';
import { paintImage } from '../../../src/runtime/prediction/paint.js';
import { evaluateRun } from '../../../src/runtime/report/measure/evaluate-run.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { readImage, readMaskFile, readValueFile } from '../../../src/runtime/data/image-files.js';
import { evaluateSplit } from '../../../src/runtime/prediction/evaluate-split.js';
import { openRun } from '../../../src/runtime/prediction/open-run.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import {
  compiled,
  filesOf,
  logOf,
  openWorkshop,
  stopAfter,
  trained,
  type Workshop,
} from './support.js';
import {
  everyTarget as all,
  npyOf,
  severalHeads as spec,
  writeTargets,
} from './several-targets.js';

let shop: Workshop;

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
  await writeTargets(shop.data);
});
afterAll(() => shop.remove());

describe('a network whose heads learn targets of their own', () => {
  const out = (name: string): string => join(shop.folder, name);

  test('trains, and validates every head by its metrics', async () => {
    const { value, diagnostics } = await trained({
      ...{ data: shop.data, out: out('whole') },
      run: compiled(all, { epochs: 12 }),
    });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(value?.kind).toBe('finished');
    const epochs = logOf(out('whole')).flatMap((entry) => {
      const each = entry as {
        kind: string;
        losses: Record<string, number>;
        validation: { metrics: object; targets: Record<string, Record<string, { mean: number }>> };
      };
      return each.kind === 'epoch' ? [each] : [];
    });
    const [first, last] = [epochs[0]!, epochs.at(-1)!];
    expect(Object.keys(last.losses)).toEqual(['mask', 'distance', 'height', 'parts', 'third']);
    expect(Object.keys(last.validation.metrics)).toEqual(['dice']);
    const { targets } = last.validation;
    expect(
      Object.fromEntries(Object.entries(targets).map(([head, own]) => [head, Object.keys(own)])),
    ).toEqual({
      distance: ['mae', 'rmse'],
      height: ['mae', 'rmse'],
      parts: ['dice'],
      third: ['dice'],
    });
    // Every head learns.
    for (const head of Object.keys(last.losses)) {
      expect([head, last.losses[head]! < first.losses[head]!]).toEqual([head, true]);
    }
    // The mean of heights is near 1, that of logits near 0.
    expect(targets['height']!['mae']!.mean).toBeLessThan(0.3);
  }, 120_000);

  test('evaluates them as the training did', async () => {
    const { value: run } = await openRun(out('whole'), 'last');
    const { value } = await evaluateSplit(run!, shop.data, 'val');
    const logged = logOf(out('whole')).findLast(
      (entry) => (entry as { kind: string }).kind === 'epoch',
    ) as {
      validation: { targets: Record<string, Record<string, { mean: number }>> };
    };
    for (const [head, values] of value!.targets) {
      for (const [name, { mean }] of values) {
        expect(mean).toBeCloseTo(logged.validation.targets[head]![name]!.mean, 5);
      }
    }
    // Objects grow over what the head of distances predicts.
    expect(value!.objects!.true).toBeGreaterThan(0);
    expect(value!.targets.get('parts')!.get('dice')!.classes).toHaveLength(2);
  });

  test('gives the same weights where it was stopped in between', async () => {
    const run = compiled(all);
    await trained({ data: shop.data, out: out('unbroken'), run });
    await stopAfter(2, { data: shop.data, out: out('broken'), run });
    const { value: last } = await openRun(out('broken'), 'last');
    expect(last).toBeDefined();
    const stored = await readCheckpoint(out('broken'), 'last');
    await trained({ data: shop.data, out: out('broken'), run, resume: stored.value! });
    const weights = (name: string): Buffer =>
      [...filesOf(join(out(name), 'last'))].find(([file]) => file.startsWith('weights'))![1];
    expect(weights('broken').equals(weights('unbroken'))).toBe(true);
  }, 120_000);
});

test('predicts values as arrays, and other masks as masks', async () => {
  const { value: run } = await openRun(join(shop.folder, 'whole'), 'last');
  const predictor = await run!.createPredictor();
  const stem = readdirSync(join(shop.data, 'val', 'images'))[0]!.slice(0, -'.png'.length);
  const path = join(shop.data, 'val', 'images', `${stem}.png`);
  const out = join(shop.folder, 'painted');
  const { value, diagnostics } = await paintImage(run!, predictor, { name: 'a', path }, out);
  expect(diagnostics).toEqual([]);
  expect(existsSync(value!.objects!.instances)).toBe(true);
  const names = value!.targets!.map(({ head, file }) => [head, basename(file)]);
  expect(names).toEqual([
    ['distance', 'a.distance.npy'],
    ['height', 'a.height.npy'],
    ['parts', 'a.parts.npy'],
    ['third', 'a.third.mask.png'],
  ]);
  const { value: image } = await readImage(path);
  const pixels = imageToPixels(image!, 1);
  const { value: found } = await predictor.predict(pixels, { file: '', start: 0, end: 0 });
  predictor.dispose();
  for (const [head, file] of [
    ['distance', 0],
    ['height', 1],
    ['parts', 2],
  ] as const) {
    const { value: array } = await readValueFile(value!.targets![file]!.file);
    const own = found!.others.get(head)!;
    expect([array!.height, array!.width, array!.channels]).toEqual([
      own.height,
      own.width,
      own.channels,
    ]);
    expect([...array!.data]).toEqual([...own.data]);
  }
  const { value: third } = await readMaskFile(value!.targets![3]!.file);
  const likeliest = classesOfProbabilities(found!.others.get('third')!, 0.5);
  expect([...third!.image.data]).toEqual([...likeliest.data]);
});

test('shows values as pictures in the report', async () => {
  const { value: run } = await openRun(join(shop.folder, 'whole'), 'best');
  const { value } = await evaluateRun(run!, shop.data);
  expect(Object.keys(value!.targets!)).toEqual(['distance', 'height', 'parts', 'third']);
  const names = value!.samples.map(({ targets }) => targets!.map(({ name }) => name));
  expect(names[0]).toEqual(['distance', 'height', 'parts, channel 0', 'parts, channel 1']);
  const [first] = value!.samples[0]!.targets!;
  expect(first!.low).toBeGreaterThanOrEqual(0);
  expect(first!.high).toBeLessThanOrEqual(1);
  const png = await sharp(Buffer.from(first!.truth, 'base64')).metadata();
  expect([png.width, png.height, png.hasAlpha]).toEqual([32, 32, true]);
});

describe('files of targets that do not fit', () => {
  const run = (): ReturnType<typeof compiled> =>
    compiled(
      spec('target height: values("{part}/other")', 'head height: d1 -> conv(1, 1) -> relu'),
    );
  const first = (): string => readdirSync(join(shop.data, 'train', 'masks'))[0]!.slice(0, -4);

  async function codesOf(
    change: (folder: string, stem: string) => Promise<void> | void,
  ): Promise<readonly string[]> {
    for (const part of ['train', 'val']) {
      const folder = join(shop.data, part, 'other');
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      for (const file of readdirSync(join(shop.data, part, 'heights'))) {
        const bytes = readFileSync(join(shop.data, part, 'heights', file));
        writeFileSync(join(folder, file), bytes);
      }
    }
    await change(join(shop.data, 'train', 'other'), first());
    const out = join(shop.folder, 'unfit');
    rmSync(out, { recursive: true, force: true });
    const { diagnostics } = await trained({ data: shop.data, out, run: run() });
    return diagnostics.map(({ code }) => code);
  }

  const write = (shape: readonly number[], value: number) => (folder: string, stem: string) => {
    const count = shape.reduce((all, each) => all * each, 1);
    writeFileSync(join(folder, `${stem}.npy`), npyOf(shape, new Float32Array(count).fill(value)));
  };

  test.each([
    ['nothing', () => undefined, []],
    [
      'a missing file',
      (folder: string, stem: string) => rmSync(join(folder, `${stem}.npy`)),
      ['UNET6330'],
    ],
    ['another size', write([8, 8], 1), ['UNET6331']],
    ['other channels', write([32, 32, 2], 1), ['UNET6332']],
    ['values that the head cannot give', write([32, 32], -1), ['UNET6333']],
    ['values that are infinite', write([32, 32], Infinity), ['UNET6333']],
  ] as const)('%s', async (_, change, codes) => {
    expect(await codesOf(change)).toEqual(codes);
  });
});
