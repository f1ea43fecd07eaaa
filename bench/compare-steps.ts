/**
 * A training step and a prediction of this checkout beside those of another, on the WebAssembly
 * engine: medians of processor time and of time by the clock, and their ratios.
 *
 *     npm run bench:steps -- FOLDER [--size S|L] [--rounds N] [--threads N]
 *
 * Each checkout runs in a process of its own; they take turns, so that load from elsewhere hits
 * both. S: 64 x 64, 8 filters; L: 128 x 128, 16 filters; four levels, batch 4.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    threads: { type: 'string', default: '1' },
  },
});
const [other] = positionals;
if (other === undefined) throw new Error('the folder of another checkout is needed');
const sizes = [
  { name: 'S', pixels: 64, filters: 8, times: 5 },
  { name: 'L', pixels: 128, filters: 16, times: 1 },
].filter(({ name }) => values.size === undefined || values.size === name);

interface Answer {
  readonly cpu: number;
  readonly wall: number;
  readonly value: number;
}

interface Side {
  readonly ask: (line: string) => Promise<Answer>;
  readonly end: () => void;
}

/** Starts the worker over the sources of a checkout. */
async function startSide(folder: string, words: readonly string[]): Promise<Side> {
  const tmp = join(folder, '.tmp/run');
  const outfile = join(tmp, `step-worker-${process.pid}.mjs`);
  await mkdir(tmp, { recursive: true });
  await build({
    stdin: {
      contents: readFileSync('bench/step-worker.ts', 'utf8'),
      resolveDir: join(folder, 'bench'),
      loader: 'ts',
    },
    ...{ outfile, bundle: true, packages: 'external', format: 'esm', platform: 'node' },
    ...{ target: 'node20', logLevel: 'warning' },
  });
  const worker = spawn(process.execPath, [outfile, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(worker.stdout)[Symbol.asyncIterator]();
  await lines.next();
  await rm(outfile);
  return {
    ask: async (line) => {
      worker.stdin.write(`${line}\n`);
      const { value } = await lines.next();
      return JSON.parse(value as string) as Answer;
    },
    end: () => worker.stdin.end(),
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

for (const { name, pixels, filters, times } of sizes) {
  const words = [String(pixels), String(filters), values.threads];
  const [before, now] = [
    await startSide(resolve(other), words),
    await startSide(resolve('.'), words),
  ];
  for (const work of ['train', 'predict']) {
    const answers: { before: Answer[]; now: Answer[] } = { before: [], now: [] };
    for (let round = 0; round <= Number(values.rounds); round++) {
      const [old, fresh] = [
        await before.ask(`${work} ${times}`),
        await now.ask(`${work} ${times}`),
      ];
      // The first round compiles and allocates.
      if (round === 0) continue;
      answers.before.push(old);
      answers.now.push(fresh);
    }
    const columns = (['cpu', 'wall'] as const).map((kind) => {
      const [a, b] = [answers.before, answers.now].map((all) =>
        median(all.map((each) => each[kind])),
      );
      return `${kind} ${a!.toFixed(1)} -> ${b!.toFixed(1)} ms, ratio ${(b! / a!).toFixed(3)}`;
    });
    const [a, b] = [answers.before.at(-1)!, answers.now.at(-1)!];
    const ends = `${a.value.toFixed(6)} and ${b.value.toFixed(6)}`;
    console.log(`${name} ${work.padEnd(8)}${columns.join('; ')}; results ${ends}`);
  }
  before.end();
  now.end();
}
