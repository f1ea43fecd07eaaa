/**
 * `unetc train` as a whole process, on the engines given, with the same recipe, and for "hand" a
 * training as a person writes it with PyTorch (`training_by_hand.py`, of specs/nuclei.unet alone):
 * images of the last epoch in a second, seconds of the whole process by the clock and of the
 * processor, and the first validation metric. All on one thread.
 *
 *     npm run build
 *     UNETC_PYTHON=.python-env/bin/python node scripts/run.mjs bench/training-engines.ts SPEC DATA EPOCHS [ENGINE...]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { childSeconds } from './child-seconds.js';

interface Epoch {
  readonly kind: string;
  readonly imagesPerSecond: number;
  readonly waiting?: number;
  readonly validation: { readonly metrics: Readonly<Record<string, { readonly mean: number }>> };
}

/** What a training told of its last epoch. */
interface Told {
  readonly imagesPerSecond: number;
  readonly waiting?: number | undefined;
  readonly metric: string;
}

const [spec, data, epochs, ...named] = process.argv.slice(2);
if (spec === undefined || data === undefined || epochs === undefined) {
  throw new Error('SPEC, DATA and EPOCHS are needed');
}
const engines = named.length === 0 ? ['wasm', 'pytorch'] : named;
const program = resolve('dist/cli/main.js');
const python = process.env['UNETC_PYTHON'] ?? 'python3';

function run(words: readonly string[]): string {
  const [first, ...rest] = words;
  const { status, stdout, stderr } = spawnSync(first!, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function trainByHand(out: string): Told {
  const lines = run([python, 'bench/training_by_hand.py', data!, out, epochs!, '1']).trim();
  const last = JSON.parse(lines.split('\n').at(-1)!) as { imagesPerSecond: number; dice: number };
  return { imagesPerSecond: last.imagesPerSecond, metric: `dice ${last.dice.toFixed(4)}` };
}

function trainOn(engine: string, out: string): Told {
  const words = ['train', spec!, '--data', data!, '--out', out, '--epochs', epochs!];
  run([process.execPath, program, ...words, '--engine', engine, '--threads', '1']);
  const lines = readFileSync(join(out, 'log.jsonl'), 'utf8').trim().split('\n');
  const done = lines.map((line) => JSON.parse(line) as Epoch);
  const { imagesPerSecond, waiting, validation } = done.findLast(({ kind }) => kind === 'epoch')!;
  const [[metric, { mean }] = ['-', { mean: NaN }]] = Object.entries(validation.metrics);
  return { imagesPerSecond, waiting, metric: `${metric} ${mean.toFixed(4)}` };
}

for (const engine of engines) {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-bench-'));
  try {
    const [started, before] = [performance.now(), childSeconds()];
    const out = join(folder, 'run');
    const told = engine === 'hand' ? trainByHand(out) : trainOn(engine, out);
    const seconds = (performance.now() - started) / 1000;
    const { imagesPerSecond, waiting, metric } = told;
    const waited =
      waiting === undefined ? '' : `, ${Math.round(100 * waiting)} % waiting for images`;
    process.stdout.write(
      `${engine}: ${imagesPerSecond.toFixed(1)} images/s${waited}, ${seconds.toFixed(0)} s in all, ` +
        `${(childSeconds() - before).toFixed(0)} s of the processor, ${metric} after ${epochs} epochs\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
