import { expect, test } from '@jest/globals';
import { compileRun } from '../../src/runtime/training/run-spec.js';
import { codesOf, diagnose, modelOf } from './compile.js';

const wires = 'a = image -> conv(4)';
const trained = (recipe: string, head = 'conv(1, 1)'): string =>
  `${modelOf(wires, head)}\ntrain Test { ${recipe} }\n`;

test.each([
  ['optimizer: sgd(0.1, nesterov: true)', 'UNET5018'],
  ['metrics: [dice(soft: true, threshold: 0.3)]', 'UNET5018'],
  ['loss: dice\nloss mask: bce', 'UNET5018'],
])('%s has no effect', (recipe, code) => expect(codesOf(trained(recipe))).toEqual([code]));

test.each([
  'optimizer: sgd(0.1, momentum: 0.9, nesterov: true)',
  'metrics: [dice(threshold: 0.3)]',
  'metrics: [dice(soft: true)]',
  'loss: dice',
])('%s has an effect', (recipe) => expect(codesOf(trained(recipe))).toEqual([]));

test('a threshold of several exclusive channels is told', () =>
  expect(codesOf(trained('metrics: [dice(threshold: 0.3)]', 'conv(3, 1)'))).toEqual(['UNET5018']));

test('a head with one output has nothing to weigh or to average', () => {
  expect(codesOf(modelOf(wires, 'conv(1, 1) { weights: [2] }'))).toEqual(['UNET5018']);
  expect(codesOf(modelOf(wires, 'conv(1, 1) { predict: average }'))).toEqual(['UNET5018']);
});

test('"skip none" takes no fields', () => {
  const text = `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4], stage: conv(width), down: max_pool(2) }
  skip none { align: crop }
  decoder { up: nearest(2), stage: conv(width) }
  head mask: conv(1, 1)
}`;
  expect(
    diagnose(text).map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`),
  ).toEqual(['UNET2003 align']);
});

test('a normalisation over one value follows the batch of a run', () => {
  const text = `${modelOf('a = image -> conv(4)\nb = [a, a -> global_avg_pool -> batch_norm] -> multiply')}`;
  const told = (batch: number): readonly string[] =>
    compileRun('test.unet', text, { batch }).diagnostics.map(({ code }) => code);
  expect(told(1)).toEqual(['UNET5017']);
  expect(told(2)).toEqual([]);
});
