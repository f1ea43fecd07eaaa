import { describe, expect, test } from '@jest/globals';
import type { LossExpression } from '../../../src/ir/recipe.js';
import { codesOf, compile, diagnose, modelOf } from '../compile.js';

const withHead = (head: string, train = ''): string =>
  `${modelOf('a = image -> conv(4)', head)}${train === '' ? '' : `train Test {\n${train}\n}\n`}`;

describe('what a head gives', () => {
  test.each([
    ['conv(1, 1)', 'logits'],
    ['conv(1, 1) -> sigmoid', 'sigmoid'],
    ['conv(3, 1) -> softmax', 'softmax'],
    ['conv(3, 1) -> softmax -> bilinear(2)', 'softmax'],
    ['conv(1, 1) -> sigmoid -> resize_to(image)', 'sigmoid'],
    ['conv(1, 1) -> sigmoid -> crop(1) -> pad(1) -> dropout(0.1)', 'sigmoid'],
    ['sigmoid -> conv(1, 1)', 'logits'],
    ['conv(1, 1) -> sigmoid -> max_pool(2)', 'sigmoid'],
    ['[conv(1, 1) -> sigmoid, conv(1, 1) -> sigmoid] -> multiply', 'sigmoid'],
    ['[conv(1, 1) -> sigmoid, conv(1, 1)] -> multiply', 'logits'],
  ])('%s gives %s', (head, values) => {
    expect(compile(withHead(head)).graph.outputs[0]!.values).toBe(values);
  });

  test('starts from the last tensor, or from the one it names', () => {
    const { graph } = compile(
      modelOf('a = image -> conv(4)\nb = a -> conv(5)', 'conv(1, 1)\nhead early: a -> conv(2, 1)'),
    );
    const sources = graph.outputs.map(
      ({ node }) => graph.nodes[graph.nodes[node]!.inputs[0]!]!.name,
    );
    expect(sources).toEqual(['b', 'a']);
    expect(graph.outputs.map(({ name }) => name)).toEqual(['mask', 'early']);
  });

  test('branches of a list start from the last tensor, too, unless all name theirs', () => {
    const wires = 'a = image -> conv(4)\nb = a -> conv(5)';
    const kinds = (head: string): readonly string[] => {
      const { graph } = compile(modelOf(wires, head));
      const { inputs } = graph.nodes[graph.outputs[0]!.node]!;
      return inputs.map((id) => graph.nodes[id]!.name);
    };
    expect(kinds('[a, conv(2)] -> concat')).toEqual(['a', 'mask/conv1']);
    expect(kinds('[a, b] -> concat')).toEqual(['a', 'b']);
    expect(kinds('[identity, identity] -> concat')).toEqual(['b', 'b']);
  });
});

describe('losses fit heads', () => {
  const heads = {
    'one logit': 'conv(1, 1)',
    'many logits': 'conv(3, 1)',
    'one sigmoid': 'conv(1, 1) -> sigmoid',
    'many sigmoids': 'conv(3, 1) -> sigmoid',
    softmax: 'conv(3, 1) -> softmax',
  };
  const fits = (loss: string): readonly string[] =>
    Object.entries(heads).flatMap(([name, head]) =>
      codesOf(withHead(head, `loss: ${loss}`)).includes('UNET3020') ? [] : [name],
    );
  const all = Object.keys(heads);

  test.each([
    ['bce', ['one logit', 'many logits', 'one sigmoid', 'many sigmoids']],
    ['bce_iou', ['one logit', 'many logits', 'one sigmoid', 'many sigmoids']],
    ['cross_entropy', ['many logits', 'softmax']],
    ['focal', all],
    ['soft_dice_hybrid', all],
    ['ms_ssim', all],
    ['dice', all],
    ['iou', all],
    ['tversky', all],
    ['focal_tversky', all],
    ['mse', all],
    ['huber(delta: 0.2) * borders', all],
    ['topk_cross_entropy', all],
    ['topk_cross_entropy(class_weights: [1, 2])', ['one logit', 'one sigmoid']],
    ['topk_cross_entropy * borders', []],
    ['generalized_dice', all],
    ['lovasz_hinge', ['one logit', 'many logits', 'one sigmoid', 'many sigmoids']],
    ['lovasz_hinge + cross_entropy', []],
    ['lovasz_softmax', all],
    ['lovasz_softmax(classes: all)', ['many logits', 'softmax']],
    ['lovasz_softmax(classes: all) + bce', []],
    ['boundary', all],
    ['boundary * borders', []],
    ['boundary(class_weights: [0, 1])', []],
    ['cl_dice(class_weights: [1, 1, 1])', ['many logits', 'many sigmoids', 'softmax']],
    ['bce + dice', ['one logit', 'many logits', 'one sigmoid', 'many sigmoids']],
    ['cross_entropy + dice', ['many logits', 'softmax']],
    ['bce + cross_entropy', []],
    ['dice * borders', []],
    ['(bce + dice) * borders', []],
    ['cross_entropy * borders + dice', ['many logits', 'softmax']],
    ['soft_dice_hybrid * borders', all],
    ['ms_ssim * borders', []],
    ['focal + ms_ssim(luminance: every) + iou(epsilon: 0, per: image)', all],
    ['bce(class_weights: [1, 2])', ['one logit', 'one sigmoid']],
    ['focal(class_weights: [1, 2, 3])', ['many logits', 'many sigmoids', 'softmax']],
    ['dice(class_weights: [1, 2])', []],
    ['dice(class_weights: [0, 1, 1])', ['many logits', 'many sigmoids', 'softmax']],
    ['dice(class_weights: [0, 0, 0])', []],
    ['cross_entropy(class_weights: [1, 2, 3])', ['many logits', 'softmax']],
  ])('%s', (loss, expected) => expect(fits(loss)).toEqual(expected));

  test('every head is asked', () => {
    const text = withHead(
      'conv(3, 1) -> softmax\nhead edges: a -> conv(1, 1) -> sigmoid',
      'loss: bce',
    );
    const [found, ...more] = diagnose(text);
    expect(found).toMatchObject({ code: 'UNET3020' });
    expect(found!.message).toContain('"mask"');
    expect(more).toEqual([]);
  });

  test.each([
    ['conv(1, 1) -> sigmoid', 'cross_entropy * 2', 'bce'],
    ['conv(3, 1) -> softmax', 'bce', 'cross_entropy'],
    ['conv(3, 1) -> softmax', 'bce(clip: 1e-7)', 'cross_entropy\n'],
    ['conv(3, 1) -> softmax', 'bce_iou(epsilon: 1)', 'cross_entropy\n'],
    ['conv(3, 1) -> softmax', 'lovasz_hinge(per: batch)', 'lovasz_softmax(per: batch)'],
    ['conv(1, 1)', 'cross_entropy(label_smoothing: 0.1)', 'bce(label_smoothing: 0.1)'],
    ['conv(1, 1)', 'cross_entropy(class_weights: [1, 2, 3])', 'bce\n'],
  ])('%s with %s has a fix', (head, loss, instead) => {
    const text = withHead(head, `loss: ${loss}`);
    const [edit] = diagnose(text)[0]!.fixes[0]!.edits;
    const repaired = text.slice(0, edit!.span.start) + edit!.text + text.slice(edit!.span.end);
    expect(repaired).toContain(`loss: ${instead}`);
    expect(codesOf(repaired)).toEqual([]);
  });
});

describe('a loss', () => {
  const lossOf = (text: string, head = 'conv(1, 1)'): LossExpression =>
    compile(withHead(head, `loss: ${text}`)).recipe.loss;
  /** The loss with the names of its parts alone. */
  const shape = (loss: LossExpression): unknown => {
    switch (loss.kind) {
      case 'loss':
        return loss.loss.name;
      case 'sum':
        return ['+', ...loss.terms.map(shape)];
      case 'scale':
        return ['*', loss.factor, shape(loss.loss)];
      case 'map':
        return ['map', loss.map.name, shape(loss.loss)];
    }
  };

  test.each([
    ['bce', 'bce'],
    ['bce + dice + iou', ['+', 'bce', 'dice', 'iou']],
    ['0.5 * bce + dice', ['+', ['*', 0.5, 'bce'], 'dice']],
    ['dice * 3', ['*', 3, 'dice']],
    ['dice / 4', ['*', 0.25, 'dice']],
    ['(bce + dice) / 2', ['*', 0.5, ['+', 'bce', 'dice']]],
    ['bce * borders', ['map', 'borders', 'bce']],
    ['borders(w0: 5) * bce', ['map', 'borders', 'bce']],
    ['2 * bce * borders', ['map', 'borders', ['*', 2, 'bce']]],
    ['1 / 2 * bce', ['*', 0.5, 'bce']],
  ])('%s', (text, expected) => expect(shape(lossOf(text))).toEqual(expected));

  test('has the options of the catalogue, the written ones changed', () => {
    expect(lossOf('tversky(alpha: 0.3)')).toMatchObject({
      loss: { options: { alpha: 0.3, epsilon: 1 } },
    });
  });

  test.each([
    '3',
    '-1 * bce',
    '0 * bce',
    'bce - dice',
    'bce * dice',
    '[bce, dice]',
    'borders',
    'bce + 1',
  ])('%s is none', (text) => {
    const codes = codesOf(withHead('conv(1, 1)', `loss: ${text}`));
    expect(codes).toHaveLength(1);
    expect(['UNET3021', 'UNET2001']).toContain(codes[0]);
  });
});

describe('without a train section', () => {
  test.each([
    ['conv(1, 1)', 'bce'],
    ['conv(1, 1) -> sigmoid', 'bce'],
    ['conv(3, 1)', 'cross_entropy'],
    ['conv(3, 1) -> softmax', 'cross_entropy'],
    ['conv(3, 1) -> sigmoid', 'bce'],
  ])('the loss of %s is %s plus dice', (head, name) => {
    const { recipe } = compile(withHead(head));
    expect(recipe.loss).toMatchObject({
      kind: 'sum',
      terms: [{ loss: { name } }, { loss: { name: 'dice' } }],
    });
  });

  test('everything else has its default', () => {
    const { recipe } = compile(withHead('conv(1, 1)'));
    expect(recipe).toMatchObject({
      metrics: [{ name: 'dice', options: { threshold: 0.5 } }],
      optimizer: { name: 'adam', options: { lr: 0.001 } },
      schedule: { name: 'constant' },
      augment: [],
      sizes: { name: 'pad' },
      scaling: { name: 'unit' },
      epochs: 20,
      batch: 4,
      seed: 0,
    });
  });
});

describe('a train section', () => {
  test('gives what it says and defaults for the rest', () => {
    const { recipe } = compile(
      withHead(
        'conv(1, 1)',
        'metrics: iou(threshold: 0.3)\noptimizer: sgd(0.1, momentum: 0.9)\nscaling: normalize([0.5], 0.2)\naugment: [flip(horizontal), noise]\nsizes: tile([64, 32])\nseed: 7',
      ),
    );
    expect(recipe).toMatchObject({
      metrics: [{ name: 'iou', options: { threshold: 0.3 } }],
      optimizer: { name: 'sgd', options: { lr: 0.1, momentum: 0.9, nesterov: false } },
      augment: [
        { name: 'flip', options: { axes: 'horizontal' } },
        { name: 'noise', options: { sigma: 0.05, probability: 0.5 } },
      ],
      sizes: { name: 'tile', options: { size: [64, 32], overlap: 32 } },
      scaling: { name: 'normalize', options: { mean: [0.5], deviation: 0.2, white: 1 } },
      seed: 7,
      epochs: 20,
    });
  });

  test.each([
    ['epochs: 0', 'UNET3003'],
    ['epochs: many', 'UNET2001'],
    ['epoch: 3', 'UNET2003'],
    ['optimizer: adm', 'UNET2001'],
    ['optimizer: adam(rate: 1)', 'UNET3001'],
    ['optimizer: adam(lr: 0)', 'UNET3003'],
    ['augment: [flip, flp]', 'UNET2001'],
    ['seed: 1\nseed: 2', 'UNET2004'],
    ['seed = 1', 'UNET2021'],
    ['colors: [[0, 0], [1, 1]]', 'UNET3003'],
    ['scaling: imagnet', 'UNET2001'],
    ['scaling: standard(mean: 0)', 'UNET3001'],
    ['scaling: normalize(mean: 0.5)', 'UNET3002'],
    ['scaling: normalize(mean: 0.5, deviation: 0)', 'UNET3003'],
    ['scaling: normalize(mean: [0.5, 0.4], deviation: 0.2)', 'UNET3055'],
    ['scaling: range(5, 5)', 'UNET3056'],
    ['scaling: symmetric(range: [9, 1])', 'UNET3056'],
  ])('%s is %s', (fields, code) => {
    expect(codesOf(withHead('conv(1, 1)', fields))).toEqual([code]);
  });

  test('of another model is told', () => {
    expect(codesOf(`${withHead('conv(1, 1)')}train Tset { seed: 1 }`)).toEqual(['UNET2016']);
  });
});
