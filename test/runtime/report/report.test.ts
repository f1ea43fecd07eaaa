import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateDemo } from '../../../src/runtime/demo/generate-demo.js';
import { readEvaluation } from '../../../src/runtime/runs/evaluation-file.js';
import { callCli, type CliResult } from '../../cli/run-cli.js';
import { smallSpec } from '../training/support.js';
import { browser, lookAt } from './chromium-page.js';

/** A run of 200 validation images with its report, as the command line makes it. */

let folder: string;
let trained: CliResult;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-report-'));
  writeFileSync(at('small.unet'), smallSpec);
  await generateDemo(at('data'), { seed: 1, train: 8, val: 200, size: 48 });
  trained = await call('train', 'small.unet', '--data', 'data', '--out', 'run');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('training leaves a report, and what it is made of', async () => {
  expect(trained.code).toBe(0);
  expect(trained.stderr).toContain('report: run/report.html\n');
  const evaluation = (await readEvaluation(at('run')))!;
  const { images, confusion, metrics, samples, calibration } = evaluation;
  expect(images).toHaveLength(200);
  // The same weights on the same images: what training has measured in its best epoch.
  expect(trained.stdout).toContain(`best: dice ${metrics['dice']!.mean!.toFixed(4)} `);
  const pixels = confusion!.flat().reduce((sum, count) => sum + count, 0);
  expect(pixels).toBe(200 * 48 * 48);
  const [[, falsePositives = 0] = [], [falseNegatives = 0, truePositives = 0] = []] = confusion!;
  const dice = (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
  expect(dice).toBeCloseTo(metrics['dice']!.mean!, 10);
  expect(samples.map(({ kind }) => kind)).toEqual(
    ['worst', 'random', 'best'].flatMap((kind) => new Array<string>(6).fill(kind)),
  );
  const counted = calibration[0]!.bins.reduce((sum, bin) => sum + (bin?.count ?? 0), 0);
  expect(counted).toBe(pixels);
});

test('a report of 200 images is small', () => {
  expect(statSync(at('run/report.html')).size).toBeLessThan(5e6);
});

test('an evaluation that is damaged, or of other weights, is made anew from the data of the run', async () => {
  const before = readFileSync(at('run/evaluation.json'), 'utf8');
  writeFileSync(at('run/evaluation.json'), before.replace('"epoch":', '"Epoch":'));
  const made = await call('report', 'run');
  expect(made).toMatchObject({ code: 0, stdout: 'run/report.html\n' });
  const after = (await readEvaluation(at('run')))!;
  const { seconds: _before, ...first } = JSON.parse(before) as Record<string, unknown>;
  const { seconds: _after, ...second } = after as unknown as Record<string, unknown>;
  expect({ ...second, sha256: '' }).toEqual({ ...first, sha256: '' });
});

test('a report can be made where the images are gone; it says what it lacks', async () => {
  const [evaluation, run] = ['run/evaluation.json', 'run/run.json'].map((name) =>
    readFileSync(at(name)),
  );
  rmSync(at('run/evaluation.json'));
  const made = await call('report', 'run', '--data', 'gone', '--out', 'lacking.html');
  expect(made.code).toBe(0);
  expect(made.stderr).toContain('warning UNET6400');
  expect(readFileSync(at('lacking.html'), 'utf8')).toContain('The best weights were not evaluated');
  writeFileSync(at('run/evaluation.json'), evaluation!);
  expect(readFileSync(at('run/run.json'))).toEqual(run);
});

test('what is no run is refused', async () => {
  const made = await call('report', 'data');
  expect(made.code).toBe(1);
  expect(made.stderr).toContain('error UNET6101');
  expect(existsSync(at('data/report.html'))).toBe(false);
});

test('a training can be watched and write for TensorBoard; where it cannot, it goes on', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = String((taken.address() as AddressInfo).port);
  const words = ['train', 'small.unet', '--data', 'data', '--out', 'other', '--epochs', '1'];
  mkdirSync(at('other'));
  writeFileSync(at('other/tensorboard'), 'no folder');
  const trained = await call(...words, '--watch', '--port', port, '--tensorboard');
  await new Promise((resolve) => taken.close(resolve));
  expect(trained.code).toBe(0);
  expect(trained.stderr).toContain('warning UNET6402');
  expect(trained.stderr.match(/warning UNET6401/g)).toHaveLength(1);

  rmSync(at('other'), { recursive: true });
  const watched = await call(...words, '--watch', '--tensorboard');
  expect(watched.code).toBe(0);
  expect(watched.stderr).toMatch(/^watch it at http:\/\/127\.0\.0\.1:\d+\/$/m);
  expect(readdirSync(at('other/tensorboard'))).toHaveLength(1);
  expect((await call(...words, '--port', '8080')).stderr).toContain('error UNET7');
});

test('several runs make a comparison', async () => {
  const made = await call('report', 'run', 'other', '--out', 'both.html');
  expect(made).toMatchObject({ code: 0, stdout: 'both.html\n' });
  const page = readFileSync(at('both.html'), 'utf8');
  expect(page).toContain('Settings that differ');
  expect(page).toMatch(/<th scope="row">epochs<\/th>\s*<td>2<\/td>\s*<td>1<\/td>/);
});

const withBrowser = browser === undefined ? describe.skip : describe;
withBrowser('in a browser', () => {
  const script = `(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const slider = document.querySelector('.stage input');
    slider.value = 80;
    slider.dispatchEvent(new Event('input'));
    await Promise.all([...document.images].map((image) => image.decode()));
    return {
      charts: document.querySelectorAll('.uplot canvas').length,
      places: document.querySelectorAll('[data-chart]').length,
      split: getComputedStyle(document.querySelector('.stage')).getPropertyValue('--split'),
      broken: [...document.images].filter((image) => image.naturalWidth === 0).length,
      images: document.images.length,
      isWide: document.documentElement.scrollWidth > innerWidth,
      ground: getComputedStyle(document.body).backgroundColor,
    };
  })()`;

  test.each([
    [1280, 'light', 'rgb(251, 251, 250)'],
    [360, 'dark', 'rgb(20, 23, 28)'],
  ] as const)('a page of %d pixels, %s', async (width, scheme, ground) => {
    const address = pathToFileURL(at('run/report.html')).href;
    const seen = await lookAt(address, { width, scheme, script });
    expect(seen.complaints).toEqual([]);
    expect(seen.requests).toEqual([]);
    expect(seen.answer).toEqual({
      ...{ charts: 5, places: 5, split: '80%', broken: 0, images: 18 * 3 + 1 },
      ...{ isWide: false, ground },
    });
  });

  test('a comparison', async () => {
    const address = pathToFileURL(at('both.html')).href;
    const script = `document.querySelectorAll('.uplot canvas').length`;
    const seen = await lookAt(address, { width: 1280, scheme: 'light', script });
    expect(seen).toMatchObject({ complaints: [], requests: [], answer: 4 });
  });
});
