/**
 * `unetc train` as a whole process, on the engines given, with the same recipe: images of
 * an epoch in a second, seconds of the whole process, and the best validation metric.
 *
 *     npm run build
 *     node scripts/run.mjs bench/training-engines.ts SPEC DATA EPOCHS [ENGINE...]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Epoch {
  readonly kind: string;
  readonly imagesPerSecond: number;
  readonly waiting?: number;
  readonly validation: { readonly metrics: Readonly<Record<string, { readonly mean: number }>> };
}

const [spec, data, epochs, ...named] = process.argv.slice(2);
if (spec === undefined || data === undefined || epochs === undefined) {
  throw new Error('SPEC, DATA and EPOCHS are needed');
}
const engines = named.length === 0 ? ['wasm', 'pytorch'] : named;
const program = resolve('dist/cli/main.js');
for (const engine of engines) {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-bench-'));
  try {
    const started = performance.now();
    const words = ['--data', data, '--out', join(folder, 'run'), '--epochs', epochs];
    const call = [program, 'train', spec, ...words, '--engine', engine, '--threads', '1'];
    const { status, stderr } = spawnSync(process.execPath, call, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const seconds = (performance.now() - started) / 1000;
    const lines = readFileSync(join(folder, 'run/log.jsonl'), 'utf8').trim().split('\n');
    const done = lines
      .map((line) => JSON.parse(line) as Epoch)
      .filter(({ kind }) => kind === 'epoch');
    const last = done.at(-1)!;
    const [[metric, { mean }] = ['-', { mean: NaN }]] = Object.entries(last.validation.metrics);
    const best = Math.max(...done.map((each) => each.validation.metrics[metric]!.mean));
    const waiting =
      last.waiting === undefined ? '' : `, ${Math.round(100 * last.waiting)} % waiting for images`;
    process.stdout.write(
      `${engine}: ${last.imagesPerSecond.toFixed(1)} images/s${waiting}, ${seconds.toFixed(0)} s in all, ` +
        `${metric} ${mean.toFixed(4)} after ${epochs} epochs, best ${best.toFixed(4)}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
