import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { withTargets } from '../../../src/ir/forms/with-targets.js';

function read(fields: string, heads: string) {
  const text = `model Cells {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: conv(1, 1)
  ${heads}
}
train Cells {
  ${fields}
}`;
  const { models, diagnostics } = compileText('cells.unet', text);
  return { model: models[0], codes: diagnostics.map(({ code }) => code), diagnostics };
}

const height = 'head height: a -> conv(1, 1)';

test('a target says what its head learns, and the others learn the masks', () => {
  const { model, codes } = read(
    'target height: values("{part}/heights", scale: 1 / 4, ignore: 0)',
    height,
  );
  expect(codes).toEqual([]);
  expect(model!.recipe.data.targets).toEqual({
    height: {
      ...{ kind: 'values', place: { folder: '{part}/heights', suffix: '' } },
      ...{ scale: 0.25, offset: 0, ignore: 0 },
    },
  });
  expect(model!.graph.outputs.map(({ form }) => form)).toEqual([undefined, 'values']);
  expect(withTargets(model!.graph, {})).toBe(model!.graph);
});

test('losses and metrics that nothing is said of fit what a head learns', () => {
  const { model } = read(
    'target height: values("{part}/v")\n target parts: planes(["{part}/l", "{part}/r"])',
    `${height}\n head parts: a -> conv(2, 1)`,
  );
  const { losses, metrics, targetMetrics } = model!.recipe;
  const namesOf = (head: string): string => JSON.stringify(losses[head]);
  expect(namesOf('height')).toContain('"name":"mse"');
  expect(namesOf('parts')).toContain('"name":"bce"');
  expect(namesOf('parts')).toContain('"name":"dice"');
  expect(metrics.map(({ name }) => name)).toEqual(['dice']);
  expect(targetMetrics['height']!.map(({ name }) => name)).toEqual(['mae']);
  expect(targetMetrics['parts']!.map(({ name }) => name)).toEqual(['dice']);
});

test('"loss" is for heads of classes, and one of values has its own', () => {
  const { model, codes } = read('loss: dice\n target height: distance', height);
  expect(codes).toEqual([]);
  expect(JSON.stringify(model!.recipe.losses['height'])).toContain('"name":"mse"');
});

describe('what does not fit is refused', () => {
  test.each([
    ['target height: planes(["{part}/a", "{part}/b"])', height, ['UNET2200']],
    [
      'target height: planes(["{part}/a", "{part}/b"], suffixes: ["_a", "_b", "_c"])',
      height,
      ['UNET2200'],
    ],
    ['target two: distance', 'head two: a -> conv(2, 1)', ['UNET2200']],
    ['target two: values("{part}/v")', 'head two: a -> conv(2, 1) -> softmax', ['UNET2200']],
    [
      'target whole: values("{part}/v")',
      'head whole: a -> conv(1, 1) -> global_max_pool',
      ['UNET2200'],
    ],
    ['target height: distance\n target mask: masks("{part}/m")', height, ['UNET2201']],
    ['target height: distance\n loss height: bce', height, ['UNET3020']],
    ['target height: distance\n loss height: mse(class_weights: [1, 2])', height, ['UNET3020']],
    [
      'target two: planes(["{part}/a", "{part}/b"])\n loss two: boundary',
      'head two: a -> conv(2, 1)',
      ['UNET3020'],
    ],
    ['metrics: [mae]', '', ['UNET2202']],
    ['objects: head_watershed(distance)', '', ['UNET6160']],
    ['objects: head_watershed(height)', height, ['UNET6160']],
    ['target height: values("heights")', height, ['UNET6080']],
    ['target height: values("../{part}")', height, ['UNET6081']],
    ['target other: distance', height, ['UNET2001']],
    ['target height: distance\n target height: distance', height, ['UNET2004']],
  ])('%s', (fields, heads, codes) => {
    expect(read(fields, heads).codes).toEqual(codes);
  });
});
