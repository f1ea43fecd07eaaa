import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { replaceFile } from '../../../src/files/index.js';
import { loadLayersModel } from '../../../src/runtime/network/model-files.js';
import { openRun } from '../../../src/runtime/prediction/open-run.js';
import { sealJson } from '../../../src/runtime/runs/sealed-json.js';
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

let shop: Workshop;
beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
});
afterAll(() => shop.remove());
const at = (name: string): string => join(shop.folder, name);
const codes = (result: { readonly diagnostics: readonly { readonly code: string }[] }): string[] =>
  result.diagnostics.map(({ code }) => code);

describe('a run', () => {
  test('leaves its spec, description, log and checkpoints', async () => {
    const result = await trained({ data: shop.data, out: at('run') });
    expect(result.value?.kind).toBe('finished');
    expect(result.diagnostics).toEqual([]);
    expect(readdirSync(at('run')).sort()).toEqual([
      'best',
      'data.json',
      'last',
      'log.jsonl',
      'run.json',
      'spec.unet',
    ]);
    expect(readFileSync(at('run/spec.unet'), 'utf8')).toBe(smallSpec);
    expect([...filesOf(at('run/last')).keys()]).toEqual([
      'model.json',
      'network.js',
      'optimizer-000006.bin',
      'weights-000006.bin',
    ]);
    const log = logOf(at('run')) as readonly { kind: string; epoch: number; step: number }[];
    expect(log.map(({ kind }) => kind)).toEqual([
      ...['step', 'step', 'step', 'epoch'],
      ...['step', 'step', 'step', 'epoch'],
    ]);
    expect(log[7]).toMatchObject({
      epoch: 2,
      step: 6,
      validation: { metrics: { dice: { mean: expect.any(Number) } } },
    });
    expect(result.events[0]).toMatchObject({ kind: 'data', summaries: [{ pairs: 5 }, {}] });
    expect(result.events[1]).toMatchObject({ kind: 'start', trainingImages: 5, batches: 3 });
  });

  test('twice gives the same bits, and another seed others', async () => {
    await trained({ data: shop.data, out: at('again') });
    expect(filesOf(at('again/last'))).toEqual(filesOf(at('run/last')));
    expect(filesOf(at('again/best'))).toEqual(filesOf(at('run/best')));
    expect(logOf(at('again'))).toEqual(logOf(at('run')));
    await trained({ data: shop.data, out: at('other'), run: compiled(smallSpec, { seed: 1 }) });
    expect(filesOf(at('other/last')).get('weights-000006.bin')).not.toEqual(
      filesOf(at('run/last')).get('weights-000006.bin'),
    );
  });

  test.each([1, 2, 4, 5])(
    'stopped after step %i and resumed gives the same bits',
    async (steps) => {
      const out = at(`stopped-${steps}`);
      const controller = new AbortController();
      let seen = 0;
      const first = await trained({
        data: shop.data,
        out,
        signal: controller.signal,
        onEvent: ({ kind }) => {
          if (kind === 'step' && ++seen === steps) controller.abort();
        },
      });
      expect(first.value?.kind).toBe('stopped');
      const { value: resume } = await readCheckpoint(out, 'last');
      expect(resume?.progress.step).toBe(steps);
      const second = await trained({ data: shop.data, out, resume });
      expect(second.value?.kind).toBe('finished');
      expect(filesOf(join(out, 'last'))).toEqual(filesOf(at('run/last')));
      expect(filesOf(join(out, 'best'))).toEqual(filesOf(at('run/best')));
      expect(logOf(out)).toEqual(logOf(at('run')));
    },
  );

  test('stopped while validating, it validates again', async () => {
    const controller = new AbortController();
    const out = at('validating');
    const first = await trained({
      data: shop.data,
      out,
      signal: controller.signal,
      onEvent: ({ kind }) => {
        if (kind === 'validation') controller.abort();
      },
    });
    expect(first.value?.kind).toBe('stopped');
    const { value: resume } = await readCheckpoint(out, 'last');
    expect(resume?.progress).toMatchObject({ epoch: 0, batch: 3 });
    await trained({ data: shop.data, out, resume });
    expect(filesOf(join(out, 'last'))).toEqual(filesOf(at('run/last')));
  });

  test('holds as many tensors after each step', async () => {
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    await trained({
      data: shop.data,
      out: at('counted'),
      run: compiled(smallSpec, { epochs: 4 }),
      onEvent: ({ kind }) => {
        if (kind === 'step' || kind === 'epoch') counts.push(tf.memory().numTensors);
      },
    });
    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a checkpoint', () => {
  test('is a layers model that predicts what the run predicts', async () => {
    const model = await loadLayersModel(at('run/best'));
    const { value: run } = await openRun(at('run'), 'best');
    const predictor = await run!.createPredictor();
    const data = Float32Array.from({ length: 32 * 24 }, (_, i) => ((i * 7919) % 101) / 100);
    const image = { height: 32, width: 24, channels: 1, data };
    const { value } = await predictor.predict(image, { file: '', start: 0, end: 0 });
    const expected = tf.tidy(() =>
      (model.predict(tf.tensor4d(data, [1, 32, 24, 1])) as tf.Tensor).dataSync(),
    );
    value!.probabilities.data.forEach((p, i) => expect(p).toBeCloseTo(expected[i]!, 5));
    predictor.dispose();
    model.dispose();
  });

  test.each([
    ['weights', 'UNET6103'],
    ['optimizer', 'UNET6103'],
    ['model', 'UNET6103'],
  ])('whose %s file is cut short is refused', async (part, code) => {
    const out = at(`cut-${part}`);
    mkdirSync(join(out, 'last'), { recursive: true });
    for (const [name, bytes] of filesOf(at('run/last'))) {
      const kept = name.startsWith(part) ? bytes.subarray(0, bytes.length >> 1) : bytes;
      writeFileSync(join(out, 'last', name), kept);
    }
    const result = await readCheckpoint(out, 'last');
    expect(result.value).toBeUndefined();
    expect(codes(result)).toEqual(part === 'model' ? ['UNET6103'] : [code]);
  });

  test('with a changed byte, of another format, missing: each has its message', async () => {
    const out = at('spoilt');
    mkdirSync(join(out, 'last'), { recursive: true });
    const files = filesOf(at('run/last'));
    for (const [name, bytes] of files) writeFileSync(join(out, 'last', name), bytes);
    const weights = Buffer.from(files.get('weights-000006.bin')!);
    weights[5]! ^= 1;
    writeFileSync(join(out, 'last/weights-000006.bin'), weights);
    expect(codes(await readCheckpoint(out, 'last'))).toEqual(['UNET6103']);
    const json = files.get('model.json')!.toString().replace('"format":2', '"format":99');
    const { sha256: _seal, ...fields } = JSON.parse(json) as Record<string, unknown>;
    writeFileSync(join(out, 'last/model.json'), sealJson(fields));
    expect(codes(await readCheckpoint(out, 'last'))).toEqual(['UNET6104']);
    expect(codes(await readCheckpoint(out, 'best'))).toEqual(['UNET6102']);
    expect(codes(await readCheckpoint(at('data'), 'best'))).toEqual(['UNET6101']);
    expect(codes(await readCheckpoint(at('nowhere'), 'best'))).toEqual(['UNET6101']);
  });
});

describe('what goes wrong', () => {
  test('a full disk while a checkpoint is written: a message, and the old one whole', async () => {
    const out = at('full');
    let isFull = false;
    const result = await trained({
      data: shop.data,
      out,
      write: (path, bytes) => {
        // The disk is full from the first file on that the checkpoint of step 6 writes.
        isFull ||= path.endsWith('-000006.bin');
        if (!isFull) return replaceFile(path, bytes);
        const error: NodeJS.ErrnoException = new Error('ENOSPC: no space left on device, write');
        error.code = 'ENOSPC';
        return Promise.reject(error);
      },
    });
    expect(result.value?.kind).toBe('failed');
    expect(codes(result)[0]).toBe('UNET6106');
    expect(result.diagnostics[0]!.message).toContain('the disk is full');
    const { value: last } = await readCheckpoint(out, 'last');
    expect(last?.progress).toMatchObject({ epoch: 1, step: 3 });
    await trained({ data: shop.data, out, resume: last });
    expect(filesOf(join(out, 'last'))).toEqual(filesOf(at('run/last')));
  });

  test('a loss that is no number ends the run and spoils no checkpoint', async () => {
    // The engine's own ReLU makes 0 of what is no number.
    const text = smallSpec
      .replace('adam(lr: 0.01)', 'sgd(lr: 1e30)')
      .replace('stage: conv(width, 3) -> relu', 'stage: conv(width, 3)');
    const run = compiled(text, { epochs: 9 });
    const result = await trained({ data: shop.data, out: at('nan'), run });
    expect(result.value?.kind).toBe('failed');
    expect(codes(result)).toEqual(['UNET6112']);
  });

  test('a run folder with content is left alone', async () => {
    const result = await trained({ data: shop.data, out: at('run') });
    expect(codes(result)).toEqual(['UNET6100']);
  });

  test('faults of the data are found before anything is written', async () => {
    const result = await trained({ data: at('nowhere'), out: at('never') });
    expect(codes(result)).toEqual(['UNET6001']);
    expect(existsSync(at('never'))).toBe(false);
  });

  test('a crop of no legal size', async () => {
    const run = compiled(smallSpec.replace('crop(24)', 'crop(25)'));
    const result = await trained({ data: shop.data, out: at('never'), run });
    expect(new Set(codes(result))).toEqual(new Set(['UNET6040']));
    expect(existsSync(at('never'))).toBe(false);
  });

  test('fewer images than a batch: a warning, and training goes on', async () => {
    const one = await openWorkshop(1, 1);
    try {
      const out = join(one.folder, 'run');
      const result = await trained({
        data: one.data,
        out,
        run: compiled(smallSpec, { epochs: 1 }),
      });
      expect(result.value?.kind).toBe('finished');
      expect(codes(result)).toEqual(['UNET6114']);
    } finally {
      one.remove();
    }
  });
});

test("the paper's recipe trains: weight maps, unpadded convolutions, momentum", async () => {
  const text = `
model Paper(classes: int = 2) {
  input image: [H, W, 1]
  encoder plain {
    widths: [4, 8]
    stage: conv(width, 3, padding: valid) -> relu
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat, align: crop }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: conv(width, 3, padding: valid) -> relu
  }
  head mask: conv(classes, 1) -> softmax
}
train Paper {
  loss: cross_entropy * borders(w0: 10, sigma: 5)
  optimizer: sgd(lr: 0.02, momentum: 0.9)
  augment: [elastic(sigma: 2), flip, rotate(90)]
  epochs: 4
  batch: 1
}
`;
  const result = await trained({ data: shop.data, out: at('paper'), run: compiled(text) });
  expect(codes(result)).toEqual([]);
  const epochs = result.events.filter((event) => event.kind === 'epoch');
  expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
});
