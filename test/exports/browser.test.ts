import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { callCli } from '../cli/run-cli.js';
import { root } from '../codegen/cases.js';
import { relativeError } from '../runtime/numeric.js';
import { answerOfPage, hasChromium } from './browser.js';
import { answersInNode, prepareRun, trainIn, writePixels, type Answers } from './trained-run.js';

const name = `.tmp/browser-${process.pid}`;
const folder = join(root, name);
let pixels: string;

beforeAll(async () => {
  if (!hasChromium) return;
  await startEngine('wasm');
  await prepareRun(folder);
  pixels = await writePixels(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A page without a bundler, as docs/exports.md describes it. */
const pageOf = (model: string, backend: string): string => `<!doctype html>
<script type="importmap">
  { "imports": { "@tensorflow/tfjs": "/node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js" } }
</script>
<script type="module">
  const answer = async () => {
    const tf = await import('@tensorflow/tfjs');
    if (!(await tf.setBackend('${backend}'))) throw new Error('There is no ${backend}.');
    const { answersOf } = await import('/test/exports/answers.mjs');
    return answersOf('/${name}/${model}/network.js', ${readFileSync(pixels, 'utf8')});
  };
  const found = await answer().catch((error) => ({ error: String(error) }));
  await fetch('/answer', { method: 'POST', body: JSON.stringify(found) });
</script>
`;

const inChromium = hasChromium ? test : test.skip;

inChromium('a trained run gives a page in Chromium the values of Node.js', async () => {
  expect(await trainIn(folder, 'run')).toMatchObject({ code: 0 });
  await expectSame('run/best');
});

inChromium('so does what "unetc build" writes', async () => {
  const words = ['build', 'varied.unet', '--target', 'tfjs', '--out', 'built.tfjs'];
  expect(await callCli(words, { folder })).toMatchObject({ code: 0 });
  await expectSame('built.tfjs');
});

async function expectSame(model: string): Promise<void> {
  const expected = answersInNode(join(folder, model), pixels);
  const found = await answerOfPage<Answers & { readonly error?: string }>(pageOf(model, 'cpu'));
  expect(found.error).toBeUndefined();
  expect(found.classes).toEqual(expected.classes);
  expect(Object.keys(found.heads)).toEqual(['mask']);
  const [{ values }, wanted] = [found.heads['mask']!, expected.heads['mask']!];
  expect(new Set(values).size).toBeGreaterThan(100);
  expect(relativeError(values, wanted.values)).toBeLessThan(1e-6);
}
