import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { applyFix } from '../../diagnostics/apply-fix.js';

/** A spec whose encoder has names of torchvision and of keras, and these lines before them. */
const spec = (scalings: string, fields: string, recipe: string, channels = 3): string => `
encoder net() {
  ${scalings}
  tap s1 = in -> conv(4, 3)
  names torchvision { s1: "conv" }
  names keras { s1: "stem" }
}
model Scaled {
  input image: [H, W, ${channels}]
  encoder net { ${fields} }
  head mask: conv(1, 1)
}
${recipe}
`;
const both = 'scaling torchvision: imagenet\n  scaling keras: caffe';
const weights = 'weights: "net.safetensors"';

const reported = (text: string): readonly Diagnostic[] =>
  compileText('scaled.unet', text).diagnostics;
const codes = (text: string): readonly string[] => reported(text).map(({ code }) => code);

describe('weights that expect another scaling than the recipe are told', () => {
  test.each([
    ['unit by default', both, 'train { loss: bce }', '"imagenet" (torchvision) or "caffe" (keras)'],
    ['said otherwise', both, 'train { scaling: symmetric }', '"imagenet" (torchvision)'],
    ['a range of files', both, 'train { scaling: range(0, 4095) }', 'than "range"'],
    ['of each image', both, 'train { scaling: standard }', 'than "standard"'],
    [
      'other numbers',
      both,
      'train { scaling: normalize(mean: 0.5, deviation: 0.2) }',
      'than "normalize"',
    ],
    [
      'the order of colours',
      'scaling keras: caffe',
      'train { scaling: normalize(mean: [103.939, 116.779, 123.68], deviation: 1, white: 255) }',
      '"caffe" (keras)',
    ],
    [
      'families that agree',
      'scaling torchvision: imagenet\n scaling keras: imagenet',
      'train {}',
      '"imagenet" (torchvision, keras)',
    ],
    [
      'an own one',
      'scaling keras: normalize([0.1, 0.2, 0.3], 2)',
      'train {}',
      '"normalize(mean: [0.1, 0.2, 0.3], deviation: 2)" (keras)',
    ],
  ])('%s', (_, scalings, recipe, message) => {
    const [problem, ...others] = reported(spec(scalings, weights, recipe));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'UNET5030', severity: 'warning' });
    expect(problem!.message).toContain(message);
    expect(problem!.fixes.length).toBeGreaterThan(0);
    const text = spec(scalings, weights, recipe);
    for (const fix of problem!.fixes) expect(reported(applyFix(text, fix))).toEqual([]);
  });

  test('one channel is told as well', () => {
    const fields = `${weights}, adapt_input: sum`;
    expect(codes(spec(both, fields, 'train {}', 1))).toEqual(['UNET5030']);
  });

  test('a fix keeps the range of the files', () => {
    const [problem] = reported(spec(both, weights, 'train { scaling: range(0, 4095) }'));
    expect(problem!.fixes.map(({ title }) => title)).toEqual([
      'Scale by "imagenet(range: [0, 4095])"',
      'Scale by "caffe(range: [0, 4095])"',
    ]);
  });
});

describe('nothing is told', () => {
  test.each([
    ['where one of them agrees', both, weights, 'train { scaling: caffe }', 3],
    ['whatever the range', both, weights, 'train { scaling: imagenet(range: [0, 4095]) }', 3],
    [
      'where the numbers agree',
      both,
      weights,
      'train { scaling: normalize([123.675, 116.28, 103.53], [58.395, 57.12, 57.375], white: 255) }',
      3,
    ],
    [
      'where a list has it',
      'scaling keras: [caffe, symmetric]',
      weights,
      'train { scaling: symmetric }',
      3,
    ],
    ['where unit is right', 'scaling keras: unit', weights, 'train { scaling: range(0, 4095) }', 3],
    ['without weights', both, '', 'train {}', 3],
    ['without a recipe', both, weights, '', 3],
    ['where the encoder says nothing', '', weights, 'train {}', 3],
    ['where no scaling is for the channels', both, `${weights}, adapt_input: sum`, 'train {}', 4],
  ])('%s', (_, scalings, fields, recipe, channels) => {
    expect(codes(spec(scalings, fields, recipe, channels))).toEqual([]);
  });
});

describe('mistakes', () => {
  test.each([
    ['a family without names', 'scaling kears: caffe', 'UNET3057 1'],
    ['a scaling that is none', 'scaling keras: caffee', 'UNET2001 1'],
    ['an option that is none', 'scaling keras: caffe(mean: 3)', 'UNET3001 0'],
    ['twice', 'scaling keras: caffe\n  scaling keras: unit', 'UNET2004 0'],
    ['no family', 'scaling: caffe', 'UNET2009 0'],
    ['another sign', 'scaling keras = caffe', 'UNET2009 0'],
  ])('%s', (_, scalings, expected) => {
    const problems = reported(spec(scalings, weights, 'train { scaling: caffe }'));
    expect(problems.map(({ code, fixes }) => `${code} ${fixes.length}`)).toEqual([expected]);
  });

  test('a block has no scaling', () => {
    const text = `block b() {\n scaling keras: caffe\n out = in -> relu\n}\n${spec('', '', '')}`;
    expect(reported(text)[0]!.message).toMatch(/^A section .*block "b"/);
  });
});
