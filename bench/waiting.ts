/**
 * How much of an epoch a network waits for its images: without augmentations, with each of them
 * alone, and with all of them. A step takes 5 ms, in which the processor works (`busy`, as an
 * engine on the processor does) or is free (`away`, as it is with a graphics card), or is that of
 * a tiny network on the WebAssembly engine. With `--python PATH` what `--engine pytorch` says of
 * itself in `log.jsonl` follows; `--augment NAME,...` chooses augmentations.
 *
 * Images of 384 x 384 pixels in colour, crops of 256 x 256, batches of 4. Processor time is told
 * beside time, since load from elsewhere adds nothing to it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildAugmentation } from '../src/runtime/data/augment/build.js';
import { iterateBatches } from '../src/runtime/data/batches.js';
import { writeImage } from '../src/runtime/data/image-files.js';
import { startEngine } from '../src/runtime/engines/start-engine.js';
import { Random } from '../src/runtime/random.js';
import { noProgress } from '../src/runtime/training/epoch-start.js';
import { describeNetwork } from '../src/runtime/training/network-interface.js';
import { compileRun, type CompiledRun } from '../src/runtime/training/run-spec.js';
import { openRunData, type RunData } from '../src/runtime/training/setup.js';
import { Trainer } from '../src/runtime/training/trainer.js';

const side = 384;
const crop = 256;
const batch = 4;
const images = 48;
const stepMs = 5;

const augmentations: Readonly<Record<string, string>> = {
  flip: 'flip',
  rotate90: 'rotate90',
  rotate: 'rotate(30)',
  scale: 'scale(0.2)',
  shift: 'shift(0.1)',
  elastic: 'elastic(probability: 1)',
  brightness: 'brightness(0.2)',
  contrast: 'contrast(0.2)',
  gamma: 'gamma(0.2)',
  hue: 'hue(0.1, probability: 1)',
  saturation: 'saturation(0.3)',
  noise: 'noise(0.05)',
  blur: 'blur(1.5, probability: 1)',
  cutout: 'cutout(0.2)',
};

const specOf = (augment: readonly string[]): string => `model Tiny {
  input image: [H, W, 3]
  wires { a = image -> conv(2, 3, stride: 4) -> relu -> conv_transpose(2, 4, stride: 4) }
  head mask: a -> conv(1, 1) -> sigmoid
}
train Tiny {
  loss: bce
  sizes: crop(${crop})
  batch: ${batch}
  epochs: 2
  augment: [${augment.join(', ')}]
}
`;

/** Images of smooth colours with noise, and masks of circles. */
async function writeData(folder: string): Promise<void> {
  const random = new Random(1);
  for (let at = 0; at < images + batch; at++) {
    const part = at < images ? 'train' : 'val';
    const [x, y, radius] = [random.integer(side), random.integer(side), 40 + random.integer(80)];
    const image = new Uint8Array(side * side * 3);
    const mask = new Uint8Array(side * side);
    for (let pixel = 0; pixel < mask.length; pixel++) {
      const [dx, dy] = [(pixel % side) - x, Math.floor(pixel / side) - y];
      const isInside = dx * dx + dy * dy < radius * radius;
      mask[pixel] = isInside ? 255 : 0;
      for (let c = 0; c < 3; c++) {
        image[3 * pixel + c] = (isInside ? 150 : 60) + 20 * c + random.integer(40);
      }
    }
    const size = { height: side, width: side, depth: 8 } as const;
    const file = (kind: string): string => join(folder, part, kind, `${at}.png`);
    await writeImage(file('images'), { ...size, channels: 3, data: image });
    await writeImage(file('masks'), { ...size, channels: 1, data: mask });
  }
}

interface Waited {
  /** Milliseconds for each sample. */
  readonly sample: number;
  /** Of the processor. */
  readonly processor: number;
  /** The part of an epoch that was spent waiting. */
  readonly share: number;
}

/** An epoch of batches for steps that take as long as is said. */
async function waitFor(run: CompiledRun, data: RunData, isBusy: boolean): Promise<Waited> {
  const network = describeNetwork(run);
  const { recipe } = run;
  const batches = iterateBatches(data.training, {
    ...{ sizes: network.sizes, policy: network.policy, scaling: network.scaling },
    ...{ batch, seed: 1, epoch: 0, training: true },
    augmentations: recipe.augment.map(buildAugmentation),
  });
  let [waited, processor, worked, count] = [0, 0, 0, 0];
  let [before, used] = [performance.now(), process.cpuUsage()];
  for await (const { count: own } of batches) {
    const came = performance.now();
    const { user, system } = process.cpuUsage(used);
    processor += (user + system) / 1000;
    waited += came - before;
    if (isBusy) while (performance.now() < came + stepMs);
    else await setTimeout(stepMs);
    [before, used] = [performance.now(), process.cpuUsage()];
    worked += before - came;
    count += own;
  }
  return {
    sample: waited / count,
    processor: processor / count,
    share: waited / (waited + worked),
  };
}

/** The same of a tiny network that is trained on the WebAssembly engine. */
async function train(run: CompiledRun, data: RunData): Promise<string> {
  const turn = (): Promise<void> => Promise.resolve();
  const options = { run, network: describeNetwork(run), data, signal: undefined, turn };
  const trainer = await Trainer.open({ ...options, onEvent: () => undefined }, undefined);
  const started = performance.now();
  for await (const { loss } of trainer.steps(noProgress)) if (Number.isNaN(loss)) break;
  const seconds = (performance.now() - started) / 1000;
  trainer.dispose();
  return `${((1000 * seconds) / trainer.batches).toFixed(1)} ms a step with its images`;
}

const { values } = parseArgs({
  options: { python: { type: 'string' }, augment: { type: 'string' }, rounds: { type: 'string' } },
});
const rounds = Number(values.rounds ?? 3);
const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1]!;
const folder = mkdtempSync(join(tmpdir(), 'unetc-waiting-'));
try {
  await startEngine('wasm');
  await writeData(join(folder, 'data'));
  const named = values.augment?.split(',') ?? Object.keys(augmentations);
  const cases: readonly (readonly [name: string, augment: readonly string[]])[] = [
    ['none', []],
    ...named.map((name) => [name, [augmentations[name]!]] as const),
    ['all', named.map((name) => augmentations[name]!)],
  ];
  process.stdout.write('augment       ms a sample  of processor  waiting: busy   away\n');
  for (const [name, augment] of cases) {
    const { run, diagnostics } = compileRun('tiny.unet', specOf(augment));
    if (run === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
    const { value: data } = await openRunData(
      join(folder, 'data'),
      run,
      describeNetwork(run),
      undefined,
    );
    const busy: Waited[] = [];
    const away: Waited[] = [];
    await waitFor(run, data!, true);
    for (let round = 0; round < rounds; round++) {
      busy.push(await waitFor(run, data!, true));
      away.push(await waitFor(run, data!, false));
    }
    const of = (all: readonly Waited[], key: keyof Waited): number =>
      median(all.map((each) => each[key]));
    const percent = (share: number): string => `${(100 * share).toFixed(0)} %`.padStart(7);
    process.stdout.write(
      `${name.padEnd(12)} ${of(busy, 'sample').toFixed(2).padStart(12)} ${of(busy, 'processor').toFixed(2).padStart(13)} ${percent(of(busy, 'share')).padStart(15)}${percent(of(away, 'share'))}\n`,
    );
    if (name === 'none' || name === 'all')
      process.stdout.write(`  on wasm: ${await train(run, data!)}\n`);
  }
  if (values.python !== undefined) trainInPython(values.python, cases.at(-1)![1]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What a training by PyTorch says of itself. */
function trainInPython(python: string, augment: readonly string[]): void {
  writeFileSync(join(folder, 'tiny.unet'), specOf(augment));
  const words = ['train', 'tiny.unet', '--data', 'data', '--out', 'run'];
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(process.cwd(), 'dist/cli/main.js'), ...words, '--engine', 'pytorch', '--python', python],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const lines = readFileSync(join(folder, 'run/log.jsonl'), 'utf8').trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { readonly waiting?: number });
  const waited = entries.flatMap(({ waiting }) => waiting ?? []);
  process.stdout.write(
    `pytorch, tiny network: waiting ${waited.map((share) => `${(100 * share).toFixed(0)} %`).join(', ')} of its epochs\n`,
  );
}
