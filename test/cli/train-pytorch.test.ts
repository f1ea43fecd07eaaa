import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readEvaluation } from '../../src/runtime/runs/evaluation-file.js';
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

/** A program of a shell, in the folder of the test. */
function program(name: string, text: string): string {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return join(folder, name);
}
/** What a Python says of itself when it is asked. */
const answer = (facts: object): string =>
  `cat <<'END'\nwelcome\nunetc-asks:${JSON.stringify({ missing: [], device: 'CPU', ...facts })}\nEND`;

test.each([
  ['UNET6303', 'it ended with code 0 after "hello"', 'echo hello'],
  ['UNET6303', 'it ended with code 3 after "no"', 'echo no >&2; exit 3'],
  ['UNET6303', 'was ended by SIGKILL', 'yes 12345678'],
  [
    'UNET6303',
    'ImportError: no libfoo',
    answer({ python: '3.12.1', broken: 'ImportError: no libfoo' }),
  ],
  ['UNET6314', 'has Python 2.7.18; expected 3.10 or newer', answer({ python: '2.7.18' })],
  [
    'UNET6314',
    'has PyTorch 1.13.1+cu117; expected 2.0',
    answer({ python: '3.10.0', torch: '1.13.1+cu117' }),
  ],
])('a program that is no Python for training: %s %s', async (code, told, text) => {
  const python = program('other', text);
  const result = await train('none', '--engine', 'pytorch', '--python', python);
  expect(result.stderr).toContain(code);
  expect(result.stderr).toContain(told);
  expect(result.code).toBe(1);
  expect(readdirSync(folder)).not.toContain('none');
});

test('a folder and a file that may not be executed are told as such', async () => {
  writeFileSync(join(folder, 'plain-file'), '');
  const told = async (python: string): Promise<string> =>
    (await train('none', '--engine', 'pytorch', '--python', python)).stderr;
  expect(await told('./cells')).toContain('it is a folder');
  expect(await told('./plain-file')).toContain('it is a file that may not be executed');
});

test('a program that ends well and has not trained is a failure', async () => {
  const idle = program(
    'idle',
    `case "$1" in -c) ${answer({ python: '3.12.1', torch: '2.9.0' })}\n;; esac`,
  );
  const result = await train('idle-run', '--engine', 'pytorch', '--python', idle);
  expect(result.stderr).toContain(
    'UNET6305: Training in Python ended with code 0 before the last epoch.',
  );
  expect(result.code).toBe(1);
});

test('more processes than images of a batch are refused before anything is written', async () => {
  const able = program('able', answer({ python: '3.12.1', torch: '2.9.0' }));
  const words = ['--engine', 'pytorch', '--python', able];
  const batch = await train('none', ...words, '--processes', '3');
  expect(batch.stderr).toContain(
    'UNET6315: 3 processes cannot share batches of 2 of 4 images; expected an image for each.',
  );
  const images = await train('none', ...words, '--processes', '5', '--batch', '8');
  expect(images.stderr).toContain('UNET6315: 5 processes cannot share batches of 8 of 4 images');
  expect([batch.code, images.code]).toEqual([1, 1]);
  expect(readdirSync(folder)).not.toContain('none');
});

test('a Python that is not there, or lacks PyTorch, is told with what helps', async () => {
  const missing = await train('none', '--engine', 'pytorch', '--python', 'no-such-python');
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('UNET6303');
  expect(missing.stderr).toContain('python -m pip install torch numpy pillow safetensors');
  const fake = program('fake-python', answer({ python: '3.12.1', missing: ['torch', 'PIL'] }));
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
    const evaluation = await readEvaluation(join(folder, 'whole'));
    expect(evaluation!.epoch).toBe(best!.best!.epoch);
    expect(evaluation!.metrics['dice']!.mean).toBeCloseTo(best!.best!.value!, 3);
    expect(existsSync(join(folder, 'whole/report.html'))).toBe(true);
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

  test('trains on shards as on the folder that they were made of, by one process and by two', async () => {
    expect((await call('data', 'cells', '--shards', 'tar')).code).toBe(0);
    const on = (data: string, out: string, ...more: string[]): Promise<CliResult> =>
      call('train', 'cells.unet', '--data', data, '--out', out, ...words, ...more);
    expect((await on('cells', 'of-folder', '--epochs', '2')).code).toBe(0);
    const first = await on('tar', 'of-shards', '--epochs', '1');
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('epoch 1/1  loss')]);
    const more = await on('tar', 'of-shards', '--epochs', '2', '--resume');
    expect([more.code, more.stderr]).toEqual([0, expect.stringContaining('going on after step 2')]);
    const last = async (run: string) => (await readCheckpoint(join(folder, run), 'last')).value!;
    expect((await last('of-shards')).weights).toEqual((await last('of-folder')).weights);
    const listing = (run: string): Buffer => readFileSync(join(folder, run, 'data.json'));
    expect(listing('of-shards').equals(listing('of-folder'))).toBe(true);
    const judged = await call('eval', 'of-shards', '--data', 'tar');
    expect([judged.code, judged.stdout]).toEqual([0, expect.stringContaining('dice')]);
    expect((await call('predict', 'of-shards', 'cells/val/images', '--out', 'of-tar')).code).toBe(
      0,
    );
    const shared = await on('tar', 'by-two', '--epochs', '1', '--processes', '2');
    expect([shared.code, shared.stderr]).toEqual([0, expect.stringContaining('epoch 1/1  loss')]);
  }, 120_000);

  test.each([1, 2])(
    'a file that cannot be written is the one thing that is told, by %d processes',
    async (processes) => {
      const limited = program('limited', `ulimit -f 8; exec "${python}" "$@"`);
      const out = `full${processes}`;
      const count = ['--processes', String(processes)];
      const full = await train(out, ...words, '--python', limited, ...count);
      expect(full.code).toBe(1);
      expect(full.stderr).toContain('last/state.pt cannot be written: File too large');
      expect(full.stderr.match(/note:/g)).toHaveLength(1);
      expect(readdirSync(join(folder, out)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      expect((await train(out, ...words, ...count, '--resume')).code).toBe(0);
    },
    120_000,
  );

  test('an image that breaks meanwhile ends the training, workers and all, with its name', async () => {
    cpSync(join(folder, 'cells'), join(folder, 'breaking'), { recursive: true });
    const image = join(folder, 'breaking/train/images/b.png');
    const text = `case "$1" in *train.py) printf x > "${image}";; esac; exec "${python}" "$@"`;
    const breaking = program('breaking-python', text);
    const broken = await call(
      ...['train', 'cells.unet', '--data', 'breaking', '--out', 'broken'],
      ...[...words, '--python', breaking],
    );
    expect(broken.stderr).toContain(`note: ${image} is no image of PNG, JPEG, TIFF, WEBP\n`);
    expect(broken.stderr).not.toContain('Traceback');
    expect(broken.code).toBe(1);
  }, 120_000);

  test('a run folder that is moved away meanwhile ends the training, and is not made anew', async () => {
    const out = join(folder, 'here');
    const training = train('here', ...words, '--epochs', '100000');
    while (!existsSync(join(out, 'best/model.json'))) await setTimeout(50);
    renameSync(out, join(folder, 'there'));
    const { code, stderr } = await training;
    expect(stderr.match(/error UNET\d+|note:/g)).toEqual(['error UNET6142']);
    expect(code).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect((await readCheckpoint(join(folder, 'there'), 'last')).diagnostics).toEqual([]);
  }, 120_000);

  test('what it leaves may be read by whoever may read files of this user', async () => {
    writeFileSync(join(folder, 'usual'), '');
    const modeOf = (file: string): number => statSync(join(folder, file)).mode & 0o777;
    expect((await train('modes', ...words, '--epochs', '1')).code).toBe(0);
    const files = ['best/model.safetensors', 'last/state.pt', 'log.jsonl', 'best/model.json'];
    const modes = files.map((file) => modeOf(join('modes', file)));
    expect(modes).toEqual(files.map(() => modeOf('usual')));
  }, 120_000);

  test('a last batch that is too small for all processes is no step', async () => {
    const some = ['--processes', '2', '--batch', '3', '--epochs', '1'];
    const { code, stderr } = await train('shared', ...words, ...some);
    expect([code, stderr]).toEqual([0, expect.stringContaining('1 epoch of 1 step;')]);
    const { value: best } = await readCheckpoint(join(folder, 'shared'), 'best');
    expect(best!.progress.step).toBe(1);
  }, 120_000);

  test('another engine does not go on, and what Python saved alone is taken over', async () => {
    const own = await train('parts', '--engine', 'cpu', '--epochs', '4', '--resume');
    expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('UNET6306')]);
    expect((await train('own', '--engine', 'cpu', '--epochs', '1')).code).toBe(0);
    const turned = await train('own', ...words, '--epochs', '2', '--resume');
    expect([turned.code, turned.stderr]).toEqual([1, expect.stringContaining('UNET6306')]);
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
