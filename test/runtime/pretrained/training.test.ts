import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { Optimizer } from '../../../src/runtime/network/optimizers/optimizer.js';
import { sgd } from '../../../src/runtime/network/optimizers/sgd.js';
import { trainingStep } from '../../../src/runtime/network/training-step.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { compiled, openWorkshop, trained, type Workshop } from '../training/support.js';
import {
  encoderWeights,
  graphOf,
  namedSpec,
  sourceOf,
  torchTensors,
  writeSafetensors,
} from './support.js';

let shop: Workshop;
let file: string;

/** Values of the size that trained weights have. */
const small = Object.fromEntries(
  Object.entries(torchTensors).map(([name, { shape, values }]) => [
    name,
    {
      shape,
      values: Array.from(values, (_, at) => ((at * 37) % 19) / 40 + (name.endsWith('var') ? 1 : 0)),
    },
  ]),
);

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop(4, 2, 32);
  file = join(shop.folder, 'tiny.safetensors');
  writeFileSync(file, writeSafetensors(small));
});
afterAll(() => shop.remove());

describe('a run from a file of weights', () => {
  const run = (fields: string) => compiled(namedSpec(fields, 1), {});
  const fields = 'adapt_input: sum, freeze: true';

  test('starts at them, tells of it, and keeps a frozen encoder to the bit', async () => {
    const out = join(shop.folder, 'frozen');
    const { value, diagnostics, events } = await trained({
      run: run(fields),
      data: shop.data,
      out,
      weights: sourceOf(file),
    });
    expect(diagnostics).toEqual([]);
    expect(value?.kind).toBe('finished');
    expect(events.find(({ kind }) => kind === 'weights')).toMatchObject({
      kind: 'weights',
      summary: { taken: 15, names: "torch's names", adapted: 'sum of 3 channels for 1' },
    });
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({
      weights: { taken: 15, format: 'safetensors' },
    });
    const { weights } = (await readCheckpoint(out, 'last')).value!;
    const stored = (name: string): readonly number[] =>
      Array.from(small[name]!.values, Math.fround);
    expect([...weights.get('tiny/x_1/h/moving_mean')!]).toEqual(stored('blocks.0.bn.running_mean'));
    expect([...weights.get('tiny/x_2/h/gamma')!]).toEqual(stored('blocks.1.bn.weight'));
    expect([...weights.get('s2/alpha')!]).toEqual(stored('act.weight'));
    expect([...weights.get('mask/bias')!]).not.toEqual([0]);
  });

  test('needs the file no more when it goes on', async () => {
    const out = join(shop.folder, 'resumed');
    const spec = run(`${fields}, weights: "gone.safetensors"`);
    const options = { data: shop.data, out };
    await trained({ ...options, run: spec, weights: sourceOf(file) });
    const resume = (await readCheckpoint(out, 'last')).value!;
    const longer = compiled(namedSpec(`${fields}, weights: "gone.safetensors"`, 1), { epochs: 2 });
    const missing = sourceOf(join(shop.folder, 'gone.safetensors'));
    const { value, diagnostics } = await trained({
      ...options,
      run: longer,
      resume,
      weights: missing,
    });
    expect(diagnostics).toEqual([]);
    expect(value?.kind).toBe('finished');
  });

  test('warns of what is frozen at random numbers, and not of a run that goes on', async () => {
    const out = join(shop.folder, 'random');
    const options = { data: shop.data, out };
    const codes = (given: { readonly diagnostics: readonly Diagnostic[] }): readonly string[] =>
      given.diagnostics.map(({ code }) => code);
    const alone = await trained({ ...options, run: run(fields) });
    expect(codes(alone)).toEqual(['UNET6045']);
    expect(alone.diagnostics[0]!.message).toContain(
      '15 of the 15 weights of the frozen encoder come from no file',
    );
    const { file: path, start, end } = alone.diagnostics[0]!.span;
    expect([path, namedSpec(fields, 1).slice(start, end)]).toEqual(['small.unet', 'encoder']);

    const resume = (await readCheckpoint(out, 'last')).value!;
    const longer = compiled(namedSpec(fields, 1), { epochs: 2 });
    expect(codes(await trained({ ...options, run: longer, resume }))).toEqual([]);

    const { 'act.weight': _dropped, ...others } = small;
    const partial = join(shop.folder, 'partial.safetensors');
    writeFileSync(partial, writeSafetensors(others));
    const weights = { ...sourceOf(partial), isPartial: true };
    const some = await trained({ data: shop.data, out: `${out}-2`, run: run(fields), weights });
    expect(codes(some)).toContain('UNET6045');
    expect(some.diagnostics.map(({ message }) => message).join()).toContain('1 of the 15 weights');
    expect(codes(await trained({ data: shop.data, out: `${out}-3`, run: run('') }))).toEqual([]);
  });

  test('is not begun when the file does not fit: nothing is written', async () => {
    const out = join(shop.folder, 'never');
    const { value, diagnostics } = await trained({
      run: run(''),
      data: shop.data,
      out,
      weights: sourceOf(file),
    });
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6203']);
    expect(() => readFileSync(join(out, 'run.json'))).toThrow();
    rmSync(out, { recursive: true, force: true });
  });
});

describe('a step of training', () => {
  /** Which weights one step moves. */
  function movedBy(fields: string): ReadonlySet<string> {
    const graph = graphOf(namedSpec(fields));
    const network = buildFunctionalNetwork(graph);
    const weights = initialiseWeights(graph, new Random(1));
    const before = new Map(weights.specs.map(({ name }) => [name, weights.get(name).dataSync()]));
    const image = tf.randomUniform<tf.Rank.R4>([2, 16, 16, 3], 0, 1, 'float32', 7);
    const optimizer = new Optimizer(sgd());
    trainingStep(
      {
        network,
        weights,
        optimizer,
        loss: (outputs) => tf.mean(tf.square(outputs.get('mask')!)) as tf.Scalar,
      },
      { image, learningRate: 0.1, random: new Random(2) },
    ).dispose();
    const moved = weights.specs.filter(({ name }) => {
      const after = weights.get(name).dataSync();
      return before.get(name)!.some((value, at) => value !== after[at]);
    });
    const names = new Set(moved.map(({ name }) => name));
    weights.dispose();
    optimizer.dispose();
    image.dispose();
    return names;
  }
  const inside = encoderWeights(graphOf(namedSpec())).map(({ name }) => name);

  test('moves the whole encoder unless it is frozen', () => {
    const moved = movedBy('');
    const still = inside.filter((name) => !moved.has(name));
    // A bias before a normalisation would not move; there is none here.
    expect(still).toEqual([]);
  });

  test('moves nothing of a frozen encoder, running statistics included, and all of the rest', () => {
    const moved = movedBy('freeze: true');
    expect(inside.filter((name) => moved.has(name))).toEqual([]);
    expect([...moved].filter((name) => name.startsWith('d1') || name.startsWith('mask'))).toEqual([
      'd1/conv1/kernel',
      'd1/batch_norm1/gamma',
      'd1/batch_norm1/beta',
      'd1/batch_norm1/moving_mean',
      'd1/batch_norm1/moving_variance',
      'mask/kernel',
      'mask/bias',
    ]);
  });
});
