import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCheckpoint } from '../../src/runtime/runs/read-checkpoint.js';
import { png, writeFiles } from '../runtime/data/support/folders.js';
import { findTrainingPython } from '../python/find-python.js';
import { preloaded } from '../python/preloaded.js';
import { callCli, type CliResult } from './run-cli.js';

const spec = `model Cells {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4], stage: conv(width, 3) -> batch_norm -> relu, down: max_pool(2) }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: conv_transpose(width, 2, stride: 2), stage: conv(width, 3) -> relu }
  head mask: conv(1, 1)
}

train Cells {
  loss: bce + dice
  metrics: [dice]
  optimizer: adam(lr: 0.01)
  augment: [flip]
  sizes: crop(16)
  epochs: 2
  batch: 2
}
`;

let folder: string;
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
const train = (out: string, ...words: string[]): Promise<CliResult> =>
  call('train', 'cells.unet', '--data', 'cells', '--out', out, ...words);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-torch-'));
  writeFileSync(join(folder, 'cells.unet'), spec);
  for (const [index, name] of ['train/a', 'train/b', 'train/c', 'train/d', 'val/e'].entries()) {
    const [split, stem] = name.split('/');
    const places = Array.from({ length: 400 }, (_, at) => (at * (index + 3)) % 37);
    writeFiles(join(folder, 'cells'), {
      [`${split}/images/${stem}.png`]: await png(
        20,
        20,
        1,
        places.map((place) => place * 6),
      ),
      [`${split}/masks/${stem}.png`]: await png(
        20,
        20,
        1,
        places.map((place) => (place > 20 ? 255 : 0)),
      ),
    });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('options that make no sense together are told', async () => {
  const codes = async (...words: string[]) => {
    const { code, stderr } = await train('none', ...words);
    return [code, ...[...stderr.matchAll(/UNET\d{4}/g)].map(([found]) => found)];
  };
  expect(await codes('--processes', '2')).toEqual([2, 'UNET6307']);
  const torch = ['--engine', 'pytorch'];
  expect(await codes(...torch, '--nodes', '2')).toEqual([2, 'UNET6308']);
  const nodes = ['--nodes', '2', '--rendezvous', 'here:1', '--node-rank', '2'];
  expect(await codes(...torch, ...nodes)).toEqual([2, 'UNET6309']);
  expect(await codes(...torch, '--resume', '--allow-changes')).toEqual([2, 'UNET7017']);
});

test('a Python that is not there, or lacks PyTorch, is told with what helps', async () => {
  const missing = await train('none', '--engine', 'pytorch', '--python', 'no-such-python');
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('UNET6303');
  expect(missing.stderr).toContain('no-such-python -m pip install torch numpy pillow safetensors');
  const fake = join(folder, 'fake-python');
  writeFileSync(fake, '#!/bin/sh\necho missing torch PIL\n', { mode: 0o755 });
  const lacking = await train('none', '--engine', 'pytorch', '--python', fake);
  expect(lacking.code).toBe(1);
  expect(lacking.stderr).toContain('lacks what training needs: torch, pillow');
  expect(lacking.stderr).toContain(`${fake} -m pip install torch pillow`);
  expect(readdirSync(folder)).not.toContain('none');
});

const python = findTrainingPython();
const live = python === undefined ? describe.skip : describe;

live('training in Python', () => {
  const words = ['--engine', 'pytorch', '--threads', '1', '--python', preloaded(python) ?? ''];

  test('leaves a run that eval and predict open, and goes on to the bits of an unbroken one', async () => {
    const whole = await train('whole', ...words, '--epochs', '3');
    expect([whole.code, whole.stderr]).toEqual([0, expect.stringContaining('epoch 3/3  loss')]);
    expect(whole.stdout).toMatch(/^best: dice 0\.\d{4} in epoch \d\n$/);
    const judged = await call('eval', 'whole', '--data', 'cells', '--json');
    expect(judged.code).toBe(0);
    const lines = readFileSync(join(folder, 'whole/log.jsonl'), 'utf8').trim().split('\n');
    const { value: best } = await readCheckpoint(join(folder, 'whole'), 'best');
    const of = lines
      .map(
        (line) =>
          JSON.parse(line) as {
            kind: string;
            epoch: number;
            validation?: { metrics: { dice: { mean: number } } };
          },
      )
      .find(({ kind, epoch }) => kind === 'epoch' && epoch === best!.best!.epoch)!;
    expect(best!.best!.value).toBe(of.validation!.metrics.dice.mean);
    expect(judged.stdout).toContain(String(of.validation!.metrics.dice.mean).slice(0, 6));
    expect((await call('predict', 'whole', 'cells/val/images', '--out', 'masks')).code).toBe(0);

    expect((await train('parts', ...words, '--epochs', '1')).code).toBe(0);
    const more = await train('parts', ...words, '--epochs', '3', '--resume');
    expect([more.code, more.stderr]).toEqual([0, expect.stringContaining('going on after step 2')]);
    const last = async (run: string) => (await readCheckpoint(join(folder, run), 'last')).value!;
    expect((await last('parts')).weights).toEqual((await last('whole')).weights);
  }, 120_000);

  test('another engine does not go on, and what Python saved alone is taken over', async () => {
    const own = await train('parts', '--engine', 'cpu', '--epochs', '4', '--resume');
    expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('UNET6306')]);
    // As after a kill: Python had gone on, and nobody had made a checkpoint of it.
    const steps = { before: 'before', after: 'parts' };
    expect((await train('before', ...words, '--epochs', '1')).code).toBe(0);
    for (const file of ['last/state.pt', 'best/model.safetensors', 'log.jsonl']) {
      copyFileSync(join(folder, steps.after, file), join(folder, steps.before, file));
    }
    const more = await train('before', ...words, '--epochs', '4', '--resume');
    expect([more.code, more.stderr]).toEqual([0, expect.stringContaining('going on after step 6')]);
  }, 120_000);
});
