import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nowhere } from '../../src/diagnostics/source.js';
import { readPixels } from '../../src/runtime/data/input-images.js';
import { ensembleOf } from '../../src/runtime/prediction/ensemble.js';
import { openRun, type TrainedRun } from '../../src/runtime/prediction/open-run.js';
import type { Prediction } from '../../src/runtime/prediction/predictor.js';
import type {
  PredictionWishes,
  TrainedNetwork,
} from '../../src/runtime/prediction/trained-network.js';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli, type CliResult } from './run-cli.js';

/** Several runs that predict together. */

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const call = (...words: readonly string[]): Promise<CliResult> =>
  callCli([...words], { folder: shop.folder });
const quick = ['--engine', 'wasm'] as const;

async function train(out: string, text: string, ...words: readonly string[]): Promise<void> {
  writeFileSync(at(`${out}.unet`), text);
  const data = words.includes('--data') ? [] : ['--data', 'data'];
  const { code, stderr } = await call(
    ...['train', `${out}.unet`, '--out', out, '--epochs', '1', ...quick, ...data, ...words],
  );
  expect([code, stderr]).toEqual([0, expect.any(String)]);
}

const opened = async (name: string): Promise<TrainedRun> => (await openRun(at(name))).value!;

/** What is predicted of an image. */
async function predictionOf(
  network: TrainedNetwork,
  wishes: PredictionWishes = {},
): Promise<Prediction> {
  const { value: image } = await readPixels(at('data/val/images/cells-001.png'), 1, undefined);
  const predictor = await network.createPredictor(wishes);
  try {
    return (await predictor.predict(image!, nowhere)).value!;
  } finally {
    predictor.dispose();
  }
}

const predicted = async (
  network: TrainedNetwork,
  wishes: PredictionWishes = {},
): Promise<Float32Array> => (await predictionOf(network, wishes)).probabilities.data;

/** What another head of a network says. */
const beside = async (network: TrainedNetwork, head: string): Promise<Float32Array> =>
  (await predictionOf(network)).others.get(head)!.data;

async function inTurn<T, R>(
  items: readonly T[],
  act: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

beforeAll(async () => {
  shop = await openWorkshop(5, 2);
  await train('a', smallSpec);
  await train('b', smallSpec, '--seed', '2', '--set', 'base=6');
  // One level more, another name of the head, padding in place of crops.
  await train(
    'deep',
    smallSpec
      .replace('[1, 2]', '[1, 2, 3]')
      .replace('head mask', 'head cells')
      .replace('crop(24)', 'pad'),
  );
});
afterAll(() => shop.remove());

describe('the mean of several runs', () => {
  test.each<[string, readonly string[], PredictionWishes]>([
    ['other widths', ['a', 'b'], {}],
    ['other depths and names', ['a', 'b', 'deep'], {}],
    ['mirror images', ['a', 'b'], { tta: 'flips' }],
    ['tiles', ['a', 'deep'], { tiles: { height: 24, width: 24, overlap: 8 } }],
  ])('is that of their probabilities: %s', async (_, names, wishes) => {
    const runs = await Promise.all(names.map(opened));
    const { value: ensemble, diagnostics } = await ensembleOf(runs);
    expect(diagnostics).toEqual([]);
    const all: Float32Array[] = [];
    for (const run of runs) all.push(await predicted(run, wishes));
    const mean = await predicted(ensemble!, wishes);
    const expected = all[0]!.map(
      (__, k) => all.reduce((sum, each) => sum + each[k]!, 0) / all.length,
    );
    expect(Math.max(...mean.map((value, k) => Math.abs(value - expected[k]!)))).toBeLessThan(1e-6);
    expect(Math.max(...all[0]!.map((value, k) => Math.abs(value - all[1]![k]!)))).toBeGreaterThan(
      1e-3,
    );
  });

  test('is that of heads with targets of their own, too', async () => {
    const text = smallSpec
      .replace('-> sigmoid', '-> sigmoid\n  head far: d1 -> conv(1, 1) -> sigmoid')
      .replace(
        'loss: bce + dice',
        'target far: distance\n  loss mask: bce + dice\n  loss far: mse',
      );
    await train('far-a', text);
    await train(
      'far-b',
      text.replaceAll('mask:', 'cells:').replace('loss mask', 'loss cells'),
      '--seed',
      '3',
    );
    const runs = [await opened('far-a'), await opened('far-b')];
    const { value: ensemble } = await ensembleOf(runs);
    const [one, other, mean] = await inTurn([...runs, ensemble!], (network) =>
      beside(network, 'far'),
    );
    const expected = one!.map((value, k) => (value + other![k]!) / 2);
    expect(Math.max(...mean!.map((value, k) => Math.abs(value - expected[k]!)))).toBeLessThan(1e-6);
    const painted = await call('predict', 'far-a', 'far-b', 'data/val', '--out', 'far', ...quick);
    expect([painted.code, painted.stderr]).toEqual([0, expect.stringContaining('2 runs')]);
    const measured = await call('eval', 'far-a', 'far-b', '--data', 'data', ...quick);
    expect(measured.code).toBe(0);
    const plain = await call('predict', 'far-a', 'a', 'data/val', '--out', 'far', ...quick);
    expect([plain.code, plain.stderr]).toEqual([
      1,
      expect.stringContaining('targets of heads differ'),
    ]);
  });

  test('paints pictures, and how far the runs disagree', async () => {
    const painted = await call(
      ...['predict', 'a', 'b', 'data/val', '--out', 'painted', '--uncertainty', '--json', ...quick],
    );
    expect([painted.code, painted.stderr]).toEqual([0, 'the mean of 2 runs\n']);
    expect(readdirSync(at('painted')).sort()).toEqual(
      ['cells-001', 'cells-002'].flatMap((name) =>
        ['mask', 'overlay', 'probability', 'uncertainty'].map((kind) => `${name}.${kind}.png`),
      ),
    );
    const alone = await call(
      'predict',
      'a',
      'data/val',
      '--out',
      'alone',
      '--uncertainty',
      ...quick,
    );
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('UNET7022')]);
  });

  test('is measured', async () => {
    const { code, stdout } = await call('eval', 'a', 'b', '--data', 'data', '--json', ...quick);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [{ run: at('a'), checkpoint: 'best' }, { run: at('b') }],
      metrics: { dice: { mean: expect.any(Number) } },
      images: [{ name: 'cells-001' }, { name: 'cells-002' }],
    });
  });
});

test('a threshold that was found is the mean', async () => {
  const [a, b] = [await opened('a'), await opened('b')];
  const having = (run: TrainedRun, threshold: number | undefined): TrainedRun => ({
    ...run,
    found: { ...run.found, threshold },
  });
  const both = await ensembleOf([having(a, 0.3), having(b, 0.5)]);
  expect(both.value!.found.threshold).toBeCloseTo(0.4, 12);
  const one = await ensembleOf([having(a, 0.3), having(b, undefined)]);
  expect(one.value!.found.threshold).toBeUndefined();
});

describe('a sweep', () => {
  beforeAll(async () => {
    for (const kind of ['images', 'masks']) {
      mkdirSync(at(`flat/${kind}`), { recursive: true });
      cpSync(at(`data/train/${kind}`), at(`flat/${kind}`), { recursive: true });
    }
    writeFileSync(at('folds.unet'), smallSpec.replace('loss:', 'split: folds(2)\n  loss:'));
    const { code } = await call(
      ...['sweep', 'folds.unet', '--folds', '--data', 'flat', '--out', 'folds', '--epochs', '1'],
      ...quick,
    );
    expect(code).toBe(0);
  });

  test('stands for its complete members', async () => {
    const all = await call('predict', 'folds', 'data/val', '--out', 'p', ...quick);
    expect([all.code, all.stderr]).toEqual([0, expect.stringContaining('the mean of 2 runs')]);
    const file = at('folds/sweep.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"complete"', '"unfinished"'));
    const one = await call('predict', 'folds', 'data/val', '--out', 'p', ...quick);
    expect([one.code, one.stderr]).toEqual([0, expect.stringContaining('1 of 2 members')]);
    writeFileSync(file, text.replaceAll('"complete"', '"waiting"'));
    const none = await call('predict', 'folds', 'data/val', '--out', 'p', ...quick);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('UNET7342')]);
    writeFileSync(file, text);
  });

  test('is told where it is measured on images that a member has seen', async () => {
    const seen = await call('eval', 'folds', '--data', 'flat', ...quick);
    expect([seen.code, seen.stderr]).toEqual([
      0,
      expect.stringMatching(/UNET7343: (\d) of \1 images/),
    ]);
    const fresh = await call('eval', 'folds', '--data', 'data/val', '--split', 'all', ...quick);
    expect([fresh.code, fresh.stderr.includes('UNET7343')]).toEqual([0, false]);
  });
});

describe('runs that do not belong together', () => {
  test.each<[string, (text: string) => string, string]>([
    [
      'classes',
      (text) =>
        text
          .replace('conv(1, 1) -> sigmoid', 'conv(2, 1) -> softmax')
          .replace('bce + dice', 'cross_entropy'),
      'classes',
    ],
    [
      'scalings',
      (text) => text.replace('loss:', 'scaling: symmetric\n  loss:'),
      'scalings of images',
    ],
    [
      'masks',
      (text) => text.replace('loss:', 'post: [remove_small(4)]\n  loss:'),
      'steps of post-processing',
    ],
    [
      'sizes',
      (text) => text.replace('[H, W, 1]', '[24, 24, 1]').replace('crop(24)', 'resize(24)'),
      'ways to bring images to their size',
    ],
  ])('have other %s', async (name, change, what) => {
    await train(`other-${name}`, change(smallSpec));
    const { code, stderr } = await call(
      ...['predict', 'a', `other-${name}`, 'data/val', '--out', 'x', ...quick],
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('UNET7340')]);
    expect(stderr).toContain(`their ${what} differ`);
  });

  test.each<[string, readonly string[], number, string]>([
    ['weights of a file', ['predict', 'a', 'b', 'data/val', '--weights', 'x.h5'], 2, 'UNET7341'],
    ['no image', ['predict', 'a', 'b'], 2, 'UNET7015'],
    ['a run that is none', ['predict', 'a', 'data', 'b'], 1, 'UNET60'],
  ])('nor does %s', async (_, words, code, message) => {
    const result = await call(...words, '--out', 'x', ...quick);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  test('nor a folder that is no run among those that are measured', async () => {
    const { code, stderr } = await call('eval', 'a', 'data', '--data', 'data', ...quick);
    expect([code, stderr]).toEqual([1, expect.stringContaining('UNET6101')]);
  });
});
