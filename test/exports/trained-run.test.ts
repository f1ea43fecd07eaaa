import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { callCli } from '../cli/run-cli.js';
import { root } from '../codegen/cases.js';
import { relativeError } from '../runtime/numeric.js';
import { answersInNode, predictionOf, prepareRun, trainIn, writePixels } from './trained-run.js';

const folder = join(root, `.tmp/trained-run-${process.pid}`);
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): ReturnType<typeof callCli> => callCli(words, { folder });

beforeAll(async () => {
  await startEngine('wasm');
  await prepareRun(folder);
  expect(await trainIn(folder, 'run')).toMatchObject(fine);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fine = { code: 0, stderr: expect.not.stringContaining('error') };
const classes = ['background', 'round cell'];

test('a trained run opens in Node.js with TensorFlow.js alone, and predicts as unetc does', async () => {
  const pixels = await writePixels(folder);
  const expected = await predictionOf(at('run'), folder);
  const answers = answersInNode(at('run/best'), pixels);
  expect(answers.heads['mask']!.shape).toEqual([1, 16, 16, 2]);
  expect(relativeError(answers.heads['mask']!.values, expected)).toBeLessThan(1e-5);
  expect(new Set(expected).size).toBeGreaterThan(100);
  expect(answers.classes).toEqual(classes);
  expect(answers.refusal).toMatch(
    /^Varied takes images whose height is a multiple of 2, .*33 x 33/,
  );
});

test('the names of the classes travel in the model, too', async () => {
  const built = await call('build', 'varied.unet', '--target', 'tfjs', '--out', 'built.tfjs');
  expect(built).toMatchObject(fine);
  for (const file of ['run/best/model.json', 'run/last/model.json', 'built.tfjs/model.json']) {
    const { userDefinedMetadata } = JSON.parse(readFileSync(at(file), 'utf8')) as {
      readonly userDefinedMetadata: { readonly network: { readonly classes?: unknown } };
    };
    expect([file, userDefinedMetadata.network.classes]).toEqual([file, classes]);
  }
});

test('the checkpoint is measured, painted, trained on and started from', async () => {
  const measured = await call('eval', 'run', '--data', 'data', '--json');
  expect(measured).toMatchObject(fine);
  const painted = await call('predict', 'run', 'data/val/images', '--out', 'painted');
  expect(painted).toMatchObject(fine);
  cpSync(at('run'), at('longer'), { recursive: true });
  expect(await trainIn(folder, 'longer', '--resume', '--epochs', '2')).toMatchObject(fine);
  const weights = ['--weights', 'run/best/model.json'];
  expect(await trainIn(folder, 'started', ...weights)).toMatchObject(fine);
});
