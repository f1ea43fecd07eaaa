import { describe, expect, test } from '@jest/globals';
import { lintLastBatch } from '../../../src/frontend/lints/lint-norms.js';
import { compileRun } from '../../../src/runtime/training/run-spec.js';
import { codesOf, diagnose, modelOf } from '../compile.js';

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

test.each([
  'max_pool(3, stride: 2, padding: same, rounding: ceil)',
  'avg_pool(3, stride: 1, rounding: ceil)',
  'conv(4, 1, dilation: 2)',
  'depthwise_conv([1, 3], dilation: [2, 1])',
])('%s has an option without effect', (layer) =>
  expect(codesOf(modelOf(`a = image -> ${layer}`))).toEqual(['UNET5018']),
);

test.each([
  'max_pool(3, stride: 2, rounding: ceil)',
  'avg_pool(3, stride: [1, 2], rounding: ceil)',
  'conv(4, [1, 3], dilation: 2)',
])('%s has none', (layer) => expect(codesOf(modelOf(`a = image -> ${layer}`))).toEqual([]));

describe('fields of skips and decoders', () => {
  const text = (skip: string, decoder: string): string => `model Test {
  input image: [8, 8, 1]
  encoder plain { widths: [2, 4], stage: conv(width), down: max_pool(2) }
  ${skip}
  decoder { ${decoder} stage: conv(width) }
  head mask: conv(1, 1)
}`;

  test('"align: none" takes no options', () => {
    const codes = (align: string): readonly string[] =>
      codesOf(text(`skip plain { align: ${align} }`, 'up: nearest(2),'));
    expect(codes('none')).toEqual([]);
    expect(codes('none(rounding: floor)')).toEqual(['UNET5018']);
  });

  test('where "align: resize" brings everything up, "up" may be left out and "identity" is idle', () => {
    const resized = 'skip plain { align: resize(nearest) }';
    expect(codesOf(text(resized, ''))).toEqual([]);
    expect(codesOf(text(resized, 'up: conv_transpose(width, 2),'))).toEqual([]);
    expect(codesOf(text(resized, 'up: identity,'))).toEqual(['UNET5018']);
    expect(codesOf(text('skip plain { align: resize if level > 1 else pad }', ''))).toEqual([
      'UNET3018',
    ]);
  });
});

test('a recipe that no model is left for is told', () => {
  const text = `${modelOf(wires)}\ntrain Test { epochs: 2 }\n`;
  expect(codesOf(`${text}train { epochs: 3 }\n`)).toEqual(['UNET5018']);
  expect(codesOf(text)).toEqual([]);
});

test('a normalisation meets what is left for the last batch', () => {
  const text = modelOf(
    'a = image -> conv(4)\nb = [a, a -> global_avg_pool -> batch_norm] -> multiply',
  );
  const { run } = compileRun('test.unet', text, { batch: 4 });
  const reported = (images: number): readonly string[] => {
    const { graph, sizes } = run!.model;
    return lintLastBatch(graph, sizes, run!.recipe, images).map(({ code }) => code);
  };
  expect(reported(9)).toEqual(['UNET5017']);
  expect(reported(1)).toEqual(['UNET5017']);
  expect(reported(10)).toEqual([]);
});

test('a normalisation over one value follows the batch of a run', () => {
  const text = `${modelOf('a = image -> conv(4)\nb = [a, a -> global_avg_pool -> batch_norm] -> multiply')}`;
  const reported = (batch: number): readonly string[] =>
    compileRun('test.unet', text, { batch }).diagnostics.map(({ code }) => code);
  expect(reported(1)).toEqual(['UNET5017']);
  expect(reported(2)).toEqual([]);
});
