/**
 * `unetc predict` as a whole process beside programs that a person writes with ONNX Runtime and
 * PyTorch: one image, a folder, and one of 12 megapixels. All take turns, on one thread.
 *
 *     npm run build
 *     UNETC_PYTHON=.python-env/bin/python node scripts/run.mjs bench/prediction.ts IMAGES [ROUNDS]
 *
 * IMAGES is a folder of grey or colour images. Prints medians: seconds by the clock, and of the
 * processor (Linux alone). What is not installed is left out.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { childSeconds } from './child-seconds.js';
import { isOnnxInstalled } from '../src/runtime/onnx/onnx-runtime.js';

const [folder, rounds = '3'] = process.argv.slice(2);
if (folder === undefined) throw new Error('IMAGES, a folder, is needed');
const images = readdirSync(folder)
  .filter((name) => /\.(png|jpe?g|tiff?)$/i.test(name))
  .map((name) => resolve(folder, name));
const threads = '1';
const program = resolve('dist/cli/main.js');
const spec = resolve('specs/nuclei.unet');
const work = mkdtempSync(join(tmpdir(), 'unetc-bench-'));
const python = process.env['UNETC_PYTHON'];

/** A program that predicts images into a folder. */
interface Contestant {
  readonly name: string;
  readonly command: (images: readonly string[], out: string) => readonly string[];
}

function run(words: readonly string[]): void {
  const [first, ...rest] = words;
  const { status, stderr } = spawnSync(first!, rest, { encoding: 'utf8', cwd: resolve('.') });
  if (status !== 0) throw new Error(`${words.slice(0, 4).join(' ')}: ${stderr}`);
}

const unetc = (...words: readonly string[]): void => run([process.execPath, program, ...words]);

/** Trained weights, an ONNX model with them, and a module of PyTorch. */
function prepare(): void {
  unetc('init', 'demo', join(work, 'demo'));
  const data = ['--data', join(work, 'demo/data'), '--out', join(work, 'run')];
  unetc('train', spec, ...data, '--epochs', '1');
  const onnx = ['--target', 'onnx', '--fold-norms', '--weights', join(work, 'run')];
  unetc('build', spec, ...onnx, '--out', join(work, 'net.onnx'));
  unetc('build', spec, '--target', 'pytorch', '--out', join(work, 'net.py'));
}

/** A photograph of 4000 x 3000 pixels, made of the images. */
async function photograph(): Promise<string> {
  const file = join(work, 'photograph.png');
  const side = 250;
  const tiles = Array.from({ length: 16 * 12 }, (_, at) => ({
    path: images[at % images.length]!,
    left: side * (at % 16),
    top: side * Math.floor(at / 16),
  }));
  const parts = tiles.map(async ({ path, left, top }) => ({
    input: await sharp(path).resize(side, side).toColourspace('b-w').png().toBuffer(),
    ...{ left, top },
  }));
  const background = { r: 0, g: 0, b: 0 };
  await sharp({ create: { width: 4000, height: 3000, channels: 3, background } })
    .composite(await Promise.all(parts))
    .toColourspace('b-w')
    .png()
    .toFile(file);
  return file;
}

const ours = (engine: string): Contestant => ({
  name: `unetc, ${engine}`,
  command: (given, out) => [
    ...[process.execPath, program, 'predict', join(work, 'run'), ...given],
    ...['--out', out, '--engine', engine, '--threads', threads],
  ],
});

const contestants: readonly Contestant[] = [
  ours('wasm'),
  ...(isOnnxInstalled()
    ? [
        ours('onnx'),
        {
          name: 'onnxruntime by hand',
          command: (given: readonly string[], out: string) => [
            ...[process.execPath, 'bench/prediction/by-hand.mjs'],
            ...[join(work, 'net.onnx'), out, threads, ...given],
          ],
        },
      ]
    : []),
  ...(python === undefined
    ? []
    : [
        {
          name: 'PyTorch by hand',
          command: (given: readonly string[], out: string) => [
            ...[python, 'bench/prediction/by_hand.py'],
            ...[join(work, 'net.py'), 'Nuclei', out, threads, ...given],
          ],
        },
      ]),
];

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function compare(what: string, given: readonly string[]): void {
  const times = contestants.map(() => ({ clock: [] as number[], processor: [] as number[] }));
  for (let round = 0; round < Number(rounds); round++) {
    for (const [at, { command }] of contestants.entries()) {
      const out = join(work, 'out');
      rmSync(out, { recursive: true, force: true });
      const [start, before] = [performance.now(), childSeconds()];
      run(command(given, out));
      times[at]!.clock.push((performance.now() - start) / 1000);
      times[at]!.processor.push(childSeconds() - before);
    }
  }
  process.stdout.write(`${what}\n`);
  for (const [at, { name }] of contestants.entries()) {
    const { clock, processor } = times[at]!;
    const seconds = [clock, processor].map((each) => `${median(each).toFixed(2)} s`.padStart(9));
    process.stdout.write(`  ${name.padEnd(20)}${seconds.join('')}\n`);
  }
}

try {
  prepare();
  compare('1 image', images.slice(0, 1));
  compare(`${images.length} images`, images);
  compare('1 image of 4000 x 3000', [await photograph()]);
} finally {
  rmSync(work, { recursive: true, force: true });
}
