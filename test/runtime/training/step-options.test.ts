import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { callCli } from '../../cli/run-cli.js';
import * as tf from '../../../src/runtime/tensorflow.js';
import {
  compiled,
  filesOf,
  logOf,
  openWorkshop,
  smallSpec,
  stopAfter,
  trained,
  type Workshop,
} from './support.js';

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
});
afterAll(() => shop.remove());

/** The small network with further fields in its recipe, without what is in `without`. */
const specOf = (fields: string, ...without: string[]): string =>
  without
    .reduce((text, each) => text.replaceAll(each, ''), smallSpec)
    .replace('  epochs: 2\n  batch: 2\n', `  ${fields}\n`);

/** Neither norms nor dropout: images do not know of each other. */
const plain = ['-> batch_norm ', ' -> dropout(0.1)'];

const weightsOf = async (run: string, name: 'last' | 'best' = 'last') =>
  (await readCheckpoint(at(run), name)).value!;

function furthest(
  one: ReadonlyMap<string, Float32Array>,
  other: ReadonlyMap<string, Float32Array>,
): number {
  expect([...one.keys()]).toEqual([...other.keys()]);
  return Math.max(
    ...[...one].flatMap(([name, values]) =>
      [...values].map((value, index) => Math.abs(value - other.get(name)![index]!)),
    ),
  );
}

describe('a batch in parts', () => {
  const recipe = (parts: number): string =>
    specOf(
      `loss: bce, epochs: 2, batch: 5, accumulate: ${parts}`,
      ...plain,
      '  loss: bce + dice\n',
    );

  test('makes the steps of the whole where images do not know of each other', async () => {
    for (const parts of [1, 3, 9]) {
      const run = compiled(recipe(parts));
      await trained({ data: shop.data, out: at(`parts-${parts}`), run });
    }
    const whole = await weightsOf('parts-1');
    for (const parts of [3, 9]) {
      const found = await weightsOf(`parts-${parts}`);
      // Adam divides by roots of squares, which makes much of the last bits of small gradients.
      expect(furthest(found.weights, whole.weights)).toBeLessThan(1e-3);
      const losses = (run: string): number[] =>
        logOf(at(run)).flatMap((entry) => (entry as { loss: number }).loss);
      const [own, all] = [losses(`parts-${parts}`), losses('parts-1')];
      expect(own).toEqual(all.map((each) => expect.closeTo(each, 4)));
    }
  });

  test('shows batch norms a part at a time', async () => {
    const run = (parts: number) => compiled(specOf(`epochs: 1, batch: 5, accumulate: ${parts}`));
    await trained({ data: shop.data, out: at('norms-1'), run: run(1) });
    await trained({ data: shop.data, out: at('norms-5'), run: run(5) });
    const [one, five] = [await weightsOf('norms-1'), await weightsOf('norms-5')];
    expect(furthest(one.weights, five.weights)).toBeGreaterThan(1e-2);
  });
});

describe('clipped gradients', () => {
  test.each(['norm', 'value'])('by the %s keep steps small', async (how) => {
    // Steps of plain gradient descent of rate 1: the weights move by the gradients.
    const recipe = (clip: string): string =>
      specOf(`epochs: 1, batch: 5, ${clip}`)
        .replace('adam(lr: 0.01)', 'sgd(lr: 1)')
        .replace('(warmup: 1)', '');
    const start = compiled(recipe('seed: 3'), { seed: 3 });
    await stopAfter(1, { data: shop.data, out: at(`free-${how}`), run: start });
    const run = compiled(recipe(`clip: ${how}(1e-3)`), { seed: 3 });
    await trained({ data: shop.data, out: at(`clipped-${how}`), run });
    const still = compiled(recipe('clip: norm(1e-30)'), { seed: 3 });
    await trained({ data: shop.data, out: at(`still-${how}`), run: still });
    const [free, clipped, begun] = await Promise.all(
      ['free', 'clipped', 'still'].map((name) => weightsOf(`${name}-${how}`)),
    );
    const trainable = (weights: ReadonlyMap<string, Float32Array>) =>
      new Map([...weights].filter(([name]) => !name.includes('moving')));
    const [a, b, c] = [free, clipped, begun].map((each) => trainable(each!.weights));
    expect(furthest(a!, c!)).toBeGreaterThan(0.01);
    const moved = [...b!].flatMap(([name, values]) =>
      [...values].map((value, index) => value - c!.get(name)![index]!),
    );
    const norm = Math.sqrt(moved.reduce((sum, each) => sum + each * each, 0));
    if (how === 'norm') expect(norm).toBeCloseTo(1e-3, 5);
    else expect(Math.max(...moved.map(Math.abs))).toBeCloseTo(1e-3, 6);
  });
});

describe('an average of the weights', () => {
  const text = specOf(
    'epochs: 3, batch: 2, ema: 0.9, accumulate: 2, clip: norm(0.5), schedule: plateau(1)',
    '  schedule: cosine(warmup: 1)\n',
  );
  const run = compiled(text);

  test('follows them by its formula, and is what is validated and kept', async () => {
    const before = tf.memory().numTensors;
    await trained({ data: shop.data, out: at('average'), run });
    expect(tf.memory().numTensors).toBe(before);
    const steps: ReadonlyMap<string, Float32Array>[] = [];
    for (const step of [1, 2, 3]) {
      const out = at(`average-${step}`);
      await stopAfter(step, { data: shop.data, out, run });
      steps.push((await weightsOf(`average-${step}`)).weights);
    }
    // The average at the start is that of the weights at the start.
    const frozen = compiled(text.replace('adam(lr: 0.01)', 'sgd(lr: 1e-30)'));
    await stopAfter(1, { data: shop.data, out: at('start'), run: frozen });
    const start = (await weightsOf('start')).weights;
    const last = await weightsOf('average-3');
    for (const [name, values] of last.weights) {
      if (name.includes('moving')) continue;
      const expected = [...values].map((_, index) => {
        let average = start.get(name)![index]!;
        for (const [step, weights] of steps.entries()) {
          average +=
            (1 - Math.min(0.9, (1 + step) / (10 + step))) * (weights.get(name)![index]! - average);
        }
        return average;
      });
      const found = last.optimizer!.slots.get(`${name}/average`)!;
      expect([...found]).toEqual(expected.map((each) => expect.closeTo(each, 5)));
    }
    const best = await weightsOf('average', 'best');
    const end = await weightsOf('average');
    if (best.progress.epoch === end.progress.epoch) {
      for (const [name, values] of best.weights) {
        expect(values).toEqual(end.optimizer!.slots.get(`${name}/average`));
      }
    }
    expect(furthest(best.weights, end.weights)).toBeGreaterThan(0);
  });

  test('validates what "eval" measures of the best checkpoint', async () => {
    const words = ['eval', at('average'), '--data', shop.data, '--json'];
    const { stdout, code } = await callCli(words, { folder: shop.folder });
    expect(code).toBe(0);
    const { best } = await weightsOf('average', 'best');
    const { metrics } = JSON.parse(stdout) as { metrics: Record<string, { mean: number }> };
    expect(metrics['dice']!.mean).toBeCloseTo(best!.value!, 6);
  });

  test.each([1, 4, 7])('stopped after step %i goes on to the same bits', async (steps) => {
    const out = at(`broken-${steps}`);
    await stopAfter(steps, { data: shop.data, out, run });
    const { value: resume } = await readCheckpoint(out, 'last');
    const { value } = await trained({ data: shop.data, out, run, resume });
    expect(value?.kind).toBe('finished');
    for (const name of ['last', 'best']) {
      expect(filesOf(join(out, name))).toEqual(filesOf(at(`average/${name}`)));
    }
    expect(logOf(out)).toEqual(logOf(at('average')));
  });
});
