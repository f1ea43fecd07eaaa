/**
 * A training step of two plain U-Nets on every engine that is here, beside PyTorch's: by the
 * `train.py` of `--engine pytorch`, and by a network and loop as a person writes them.
 *
 *     npm run build
 *     UNETC_PYTHON=.python-env/bin/python npm run bench:engines -- [--networks S,L] [--rounds N]
 *
 * Each is a process of its own, and all take turns. Prints medians: milliseconds by the clock and of
 * the processor, and how many times as long as PyTorch by hand on one thread; of one thread the
 * processor's time counts, on which other programs have no share. S: 64 x 64, 8 filters;
 * L: 128 x 128, 16 filters; four levels, batch 4.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { listEngines } from '../src/runtime/engines/list-engines.js';
import { benchmarkSpec } from '../src/runtime/self-test/benchmark-network.js';

const networks = {
  S: { pixels: 64, filters: 8, times: 4 },
  L: { pixels: 128, filters: 16, times: 1 },
} as const;
type NetworkName = keyof typeof networks;

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: 'S,L' },
    rounds: { type: 'string', default: '9' },
  },
});
const python = process.env['UNETC_PYTHON'];
const work = mkdtempSync(join(tmpdir(), 'unetc-bench-'));

interface Contestant {
  readonly name: string;
  readonly threads: number;
  readonly command: (pixels: number, filters: number) => readonly string[];
}

const onEngine = (engine: string, threads: number): Contestant => ({
  name: `${engine}, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
  threads,
  command: (pixels, filters) => [
    ...[process.execPath, 'scripts/run.mjs', 'bench/step-worker.ts'],
    ...[String(pixels), String(filters), String(threads), engine],
  ],
});

const inPython = (kind: 'emitted' | 'hand', name: string): Contestant => ({
  name,
  threads: 1,
  command: (pixels, filters) => [
    ...[python!, 'bench/pytorch_steps.py', kind, work, String(pixels), String(filters), '1'],
  ],
});

const byHand = 'PyTorch by hand, 1 thread';

/** Those that are here. WebGPU in software says nothing of speed and takes minutes: `bench:engine` looks at cards. */
async function contestants(): Promise<readonly Contestant[]> {
  const [native] = await listEngines(['tfjs-node']);
  return [
    onEngine('wasm', 1),
    onEngine('wasm', 2),
    ...(native!.isComplete ? [onEngine('tfjs-node', 1)] : []),
    ...(python === undefined
      ? []
      : [inPython('emitted', '--engine pytorch, 1 thread'), inPython('hand', byHand)]),
  ];
}

interface Answer {
  readonly cpu: number;
  readonly wall: number;
}

interface Side {
  readonly ask: (times: number) => Promise<Answer>;
  readonly end: () => void;
}

async function start([program, ...words]: readonly string[]): Promise<Side> {
  const environment = { ...process.env, OMP_NUM_THREADS: '1' };
  const child = spawn(program!, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment,
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${words.slice(0, 3).join(' ')} ended`);
    return value;
  };
  await next();
  return {
    ask: async (times) => {
      child.stdin.write(`train ${times}\n`);
      return JSON.parse(await next()) as Answer;
    },
    end: () => child.stdin.end(),
  };
}

/** Emits the scripts that `--engine pytorch` trains with. */
function emit(filters: number): void {
  const [spec, code] = [join(work, 'benchmark.unet'), join(work, `code-${filters}`)];
  writeFileSync(spec, benchmarkSpec);
  mkdirSync(code, { recursive: true });
  const call = ['build', spec, '--set', `base=${filters}`, '--target', 'pytorch', '--train'];
  const words = [resolve('dist/cli/main.js'), ...call, '--out', join(code, 'network.py')];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function compare(name: NetworkName, all: readonly Contestant[]): Promise<void> {
  const { pixels, filters, times } = networks[name];
  emit(filters);
  const sides: Side[] = [];
  for (const { command } of all) sides.push(await start(command(pixels, filters)));
  const answers = all.map((): Answer[] => []);
  for (let round = 0; round <= Number(options.rounds); round++) {
    for (const [at, side] of sides.entries()) {
      const answer = await side.ask(times);
      // The first round compiles and allocates.
      if (round > 0) answers[at]!.push(answer);
    }
  }
  for (const side of sides) side.end();
  const medians = answers.map((own) => ({
    cpu: median(own.map(({ cpu }) => cpu)),
    wall: median(own.map(({ wall }) => wall)),
  }));
  const trusted = medians[all.findIndex((each) => each.name === byHand)];
  console.log(`${name}: ${pixels} x ${pixels}, ${filters} filters`);
  for (const [at, each] of all.entries()) {
    const { cpu, wall } = medians[at]!;
    const kind = each.threads === 1 ? 'cpu' : 'wall';
    const ratio = trusted && `  ${(medians[at]![kind] / trusted[kind]).toFixed(2)} x`;
    const shown = [wall, cpu].map((value) => value.toFixed(1).padStart(8));
    console.log(
      `  ${each.name.padEnd(28)}${shown[0]} ms,${shown[1]} ms of the processor${ratio ?? ''}`,
    );
  }
}

try {
  const all = await contestants();
  for (const name of options.networks.split(',')) await compare(name as NetworkName, all);
} finally {
  rmSync(work, { recursive: true, force: true });
}
