import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import ts from 'typescript';
import { wasmFiles } from '../../../src/runtime/engines/wasm-in-page.js';
import { generateDemo } from '../../../src/runtime/demo/generate-demo.js';
import type { PackageFacts } from '../../../src/runtime/package/package-facts.js';
import { callCli, type CliResult } from '../../cli/run-cli.js';
import { findTrainingPython, mypyCache, toolBeside } from '../../python/find-python.js';
import { smallSpec } from '../training/support.js';
import { coarseSpec, distance, filesIn, numbersIn, packRun, unpaddedSpec } from './support.js';

/** Inside the checkout, so that programs in a package find TensorFlow.js. */
const folder = resolve('.tmp', `package-${process.pid}`);
const at = (...parts: string[]): string => join(folder, ...parts);
const text = (...parts: string[]): string => readFileSync(at(...parts), 'utf8');
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
let packed: Record<'small' | 'unpadded' | 'coarse', CliResult>;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(at('small.unet'), smallSpec);
  writeFileSync(at('unpadded.unet'), unpaddedSpec);
  writeFileSync(at('coarse.unet'), coarseSpec);
  await generateDemo(at('data'), { seed: 1, train: 4, val: 2, size: 48 });
  packed = {
    small: await packRun(folder, 'small'),
    unpadded: await packRun(folder, 'unpadded', ['--license', 'CC-BY-4.0']),
    coarse: await packRun(folder, 'coarse'),
  };
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const factsOf = (name: string): PackageFacts =>
  JSON.parse(text(name, 'network.json')) as PackageFacts;

test('a package holds what its list of checksums says, and no name of an image', () => {
  expect(packed.small).toMatchObject({ code: 0, stdout: 'small\n' });
  const listed = text('small', 'SHA256SUMS')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice(66));
  expect([...listed, 'SHA256SUMS'].sort()).toEqual(filesIn(at('small')));
  expect(listed).toEqual(
    expect.arrayContaining([
      ...['README.md', 'index.html', 'model.onnx', 'network.json', 'network.svg', 'serve.mjs'],
      ...['page/page.js', 'page/worker.js', 'page/page.css', 'page/LICENSES.txt', 'page/spec.json'],
      ...['python/network.py', 'python/predict.py', 'sample/image.png', 'sample/mask.png'],
      ...['tfjs/model.json', 'typescript/network.ts', 'weights.safetensors'],
      ...wasmFiles.map((name) => `page/${name}`),
    ]),
  );
  const sums = spawnSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: at('small') });
  expect(sums.status).toBe(0);
  // The names of the drawn images; what is in the bundles is no text of the run.
  for (const path of listed.filter((each) => !/^page\/(page|worker)\.js$/.test(each))) {
    expect(readFileSync(at('small', path)).includes('cells-00')).toBe(false);
  }
});

test('a licence is stated, or visibly not', () => {
  expect(packed.small.stderr).toContain('warning UNET7363');
  expect(text('small', 'README.md')).toContain('## Licence\n\nNot stated.');
  expect(factsOf('small').license).toBeUndefined();
  expect(packed.unpadded.stderr).not.toContain('UNET7363');
  expect(text('unpadded', 'README.md')).toContain('## Licence\n\nCC\\-BY\\-4.0, as stated');
  expect(factsOf('unpadded').license).toBe('CC-BY-4.0');
});

test('the card says what the data held, what was measured, and names as they are', () => {
  const card = text('unpadded', 'README.md');
  expect(card).toContain('A network \\*without\\* padding.');
  expect(card).toContain('train: 4 pairs of 48 x 48 pixels');
  expect(card).toContain('| 1 | a \\<b\\> | `#e69f00` |');
  expect(card).toContain('**Height**: a multiple of 2, from 10 on.');
  expect(card).toContain('The output is `mask`.');
  expect(card).toContain('Beside it the network gives `inside`');
  expect(card).toContain('connected parts with fewer than 3 pixels become background');
  const evaluation = JSON.parse(text('run-unpadded', 'evaluation.json')) as {
    readonly metrics: Record<string, { readonly mean: number }>;
  };
  const [[name, { mean }] = ['', { mean: NaN }]] = Object.entries(evaluation.metrics);
  expect(card).toContain(`| \`${name}\` | ${mean.toFixed(4)} |`);
  expect(factsOf('unpadded').measured).toMatchObject({ images: 2, metrics: evaluation.metrics });
});

test('weights and the ONNX file are those of the other commands', async () => {
  await call('weights', 'run-small', '--to', 'safetensors', '-o', 'small.safetensors');
  await call('weights', 'run-small', '--to', 'onnx', '-o', 'small.onnx');
  const same = (one: string, other: string): boolean =>
    readFileSync(at(one)).equals(readFileSync(at(other)));
  expect(same('small.safetensors', 'small/weights.safetensors')).toBe(true);
  expect(same('small.onnx', 'small/model.onnx')).toBe(true);
});

test.each(['small', 'unpadded', 'coarse'] as const)(
  'the mask of the sample of %s is what "unetc predict" paints',
  async (name) => {
    const words = [`run-${name}`, `${name}/sample/image.png`, '--out', `painted-${name}`];
    const painted = await call('predict', ...words, '--engine', 'wasm');
    expect(painted.code).toBe(0);
    const bytes = readFileSync(at(`painted-${name}`, 'image.mask.png'));
    expect(bytes.equals(readFileSync(at(name, 'sample/mask.png')))).toBe(true);
    const data = await sharp(bytes).greyscale().raw().toBuffer();
    const classes = numbersIn(at(name, 'sample/classes.npy'));
    expect(classes).toEqual([...data].map((value) => (value === 0 ? 0 : 1)));
    expect(new Set(classes).size).toBe(2);
  },
);

describe('places', () => {
  test('an unchanged package is replaced by the same bytes, and what it had more goes', async () => {
    cpSync(at('small'), at('again'), { recursive: true });
    const old = at('again/sample/image.npy');
    writeFileSync(old, 'old');
    const sum = execFileSync('sha256sum', [old], { encoding: 'utf8' }).slice(0, 64);
    writeFileSync(at('again/SHA256SUMS'), `${text('again/SHA256SUMS')}${sum}  sample/image.npy\n`);
    expect(await call('package', 'run-small', '--out', 'again')).toMatchObject({ code: 0 });
    expect(filesIn(at('again'))).toEqual(filesIn(at('small')));
    expect(text('again/SHA256SUMS')).toBe(text('small/SHA256SUMS'));
  });

  test.each([
    ['a file that is none of its own', 'small/notes.txt', '"notes.txt" in it is no part'],
    ['a file that was changed', 'small/README.md', '"README.md" in it was changed'],
  ])('a package with %s is left alone', async (_, path, reason) => {
    cpSync(at('small'), at('kept/small'), { recursive: true });
    writeFileSync(at('kept', path), 'mine');
    const made = await call('package', 'run-small', '--out', 'kept/small');
    expect(made.code).toBe(1);
    expect(made.stderr).toContain('error UNET7360');
    expect(made.stderr).toContain(reason);
    expect(text('kept', path)).toBe('mine');
    rmSync(at('kept'), { recursive: true });
  });

  test('a folder with other files, and what is no folder, are left alone', async () => {
    const before = readdirSync(at('run-small'));
    for (const place of ['run-small', 'small.unet']) {
      const made = await call('package', 'run-small', '--out', place);
      expect(made).toMatchObject({ code: 1, stdout: '' });
      expect(made.stderr).toContain('error UNET7360');
    }
    expect(readdirSync(at('run-small'))).toEqual(before);
  });

  test('what cannot be written is told', async () => {
    writeFileSync(at('no-folder'), '');
    const made = await call('package', 'run-small', '--out', 'no-folder/small');
    expect(made.code).toBe(1);
    expect(made.stderr).toContain('error UNET7361');
  });
});

describe('samples', () => {
  test('a chosen image is the sample, without what else its file said', async () => {
    const image = at('photo.jpg');
    const exif = { IFD0: { Copyright: 'a person' } };
    await sharp(readFileSync(at('data/val/images/cells-001.png')))
      .withExif(exif)
      .jpeg()
      .toFile(image);
    const made = await call('package', 'run-small', '--out', 'photo', '--sample', 'photo.jpg');
    expect(made).toMatchObject({ code: 0 });
    expect(factsOf('photo').sample.isSynthetic).toBe(false);
    const bytes = readFileSync(at('photo/sample/image.png'));
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
    const decode = async (file: Buffer): Promise<Buffer> =>
      sharp(file).greyscale().raw().toBuffer();
    expect(await decode(bytes)).toEqual(await decode(readFileSync(image)));
  });

  test('an image that is none is told by its name', async () => {
    const made = await call('package', 'run-small', '--out', 'none', '--sample', 'small.unet');
    expect(made.code).toBe(1);
    expect(made.stderr).toContain('small.unet');
    expect(existsSync(at('none'))).toBe(false);
  });
});

test('a package without its evaluation says so', async () => {
  cpSync(at('run-small'), at('run-bare'), { recursive: true });
  rmSync(at('run-bare/evaluation.json'));
  const made = await call('package', 'run-bare', '--out', 'bare', '--data', 'gone');
  expect(made.code).toBe(0);
  expect(made.stderr).toContain('warning UNET6400');
  expect(text('bare/README.md')).toContain('## Metrics\n\nNot measured');
});

/** Runs a program in a package; gives what it prints. */
function run(name: string, file: string, code: string): string {
  writeFileSync(at(name, file), code);
  const env = { ...process.env, NODE_OPTIONS: '' };
  const words = [at(name, file)];
  const printed = execFileSync(process.execPath, words, { encoding: 'utf8', env, stdio: 'pipe' });
  rmSync(at(name, file));
  return printed;
}

/** The samples of a grey image of 8 bits, as a program has them. */
const greyPixels = async (file: string): Promise<readonly number[]> => [
  ...(await sharp(readFileSync(file)).greyscale().raw().toBuffer()),
];

describe('in Node.js', () => {
  test('the lines of the card run', () => {
    const [, code = ''] = /^```js\n([^]*?)^```$/m.exec(text('small', 'README.md'))!;
    expect(run('small', 'own.mjs', code).split('\n').at(-2)).toBe('[ 1, 64, 64, 1 ]');
  });

  test('the model and the module give the probabilities of the sample', async () => {
    const source = text('small/typescript/network.ts');
    const target = ts.ScriptTarget.ES2022;
    writeFileSync(at('small/typescript/network.mjs'), ts.transpile(source, { target }));
    const pixels = await greyPixels(at('small/sample/image.png'));
    const printed = run(
      'small',
      'own.mjs',
      `import * as tf from '@tensorflow/tfjs';
import { loadNetwork, predict, toInput } from './tfjs/network.js';
import { buildSmall } from './typescript/network.mjs';
const trained = await loadNetwork();
const input = toInput(tf.tensor3d(${JSON.stringify(pixels)}, [128, 128, 1], 'int32'));
const network = buildSmall();
network.setWeights(trained.getWeights());
const built = network.predict(input);
console.log(JSON.stringify([predict(trained, input).mask, built].map((x) => [...x.dataSync()])));`,
    );
    rmSync(at('small/typescript/network.mjs'));
    const found = JSON.parse(printed.split('\n').at(-2)!) as readonly (readonly number[])[];
    const expected = numbersIn(at('small/sample/probabilities.npy'));
    for (const values of found) expect(distance(values, expected)).toBeLessThan(1e-4);
  }, 60_000);
});

const python = findTrainingPython();
(python === undefined ? describe.skip : describe)('in Python', () => {
  const check = (name: string): ReturnType<typeof spawnSync> =>
    spawnSync(python!, [at(name, 'python/predict.py'), '--check'], { encoding: 'utf8' });

  test.each(['small', 'unpadded', 'coarse'])('predict.py of %s finds what unetc found', (name) => {
    const { status, stdout } = check(name);
    expect(stdout).toContain('Largest difference of a probability');
    expect(status).toBe(0);
  });

  test('predict.py tells weights that are others', () => {
    cpSync(at('small'), at('broken'), { recursive: true });
    const weights = readFileSync(at('broken/weights.safetensors'));
    weights.writeFloatLE(3, weights.length - 4);
    writeFileSync(at('broken/weights.safetensors'), weights);
    expect(check('broken').status).toBe(1);
  });

  test('predict.py paints the mask of an image', async () => {
    const words = [at('small/python/predict.py'), at('small/sample/image.png'), '--out', at('by')];
    expect(spawnSync(python!, words).status).toBe(0);
    expect(await greyPixels(at('by/image.mask.png'))).toEqual(
      await greyPixels(at('small/sample/mask.png')),
    );
  });

  test('predict.py is laid out as ruff does, and typed', () => {
    const place = at('typed');
    cpSync(at('small/python'), place, { recursive: true });
    const calls: readonly (readonly [tool: string, ...words: string[]])[] = [
      ['ruff', 'format', '--no-cache', '--check', 'predict.py'],
      ['ruff', 'check', '--no-cache', 'predict.py'],
      ['mypy', '--strict', '--cache-dir', mypyCache(), 'predict.py'],
    ];
    const told = calls.flatMap(([tool, ...words]) => {
      const path = toolBeside(python!, tool);
      if (path === undefined) return [];
      const { status, stdout, stderr } = spawnSync(path, words, { cwd: place, encoding: 'utf8' });
      return status === 0 ? [] : [`${tool}: ${stdout}${stderr}`];
    });
    expect(told).toEqual([]);
  });
});
