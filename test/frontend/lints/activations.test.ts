import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import type { Span } from '../../../src/diagnostics/source.js';
import { applyFix } from '../../diagnostics/apply-fix.js';
import { fixes } from '../../fuzz/properties/fixes.js';
import { Subject, subjectPath } from '../../fuzz/properties/property.js';
import { codesOf, diagnose, modelOf } from '../compile.js';

/** Warnings, errors and what they underline. */
const reported = (text: string): readonly string[] =>
  diagnose(text).map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);

const wires = 'a = image -> conv(4) -> relu';
const headOf = (head: string): string => modelOf(wires, head);
const trained = (head: string, recipe: string): string =>
  `${headOf(head)}\ntrain Test { ${recipe} }\n`;

describe('what cannot be meant of a head', () => {
  test.each([
    ['conv(1, 1) -> softmax', 'UNET5012 softmax'],
    ['conv(1, 1) -> softmax -> dropout(0.5) -> resize_to(image)', 'UNET5012 softmax'],
    ['conv(3, 1) -> softmax -> softmax', 'UNET5013 softmax'],
    ['conv(3, 1) -> sigmoid -> softmax', 'UNET5013 softmax'],
    ['conv(3, 1) -> softmax -> sigmoid', 'UNET5013 sigmoid'],
    ['conv(1, 1) -> sigmoid -> dropout(0.1) -> sigmoid', 'UNET5013 sigmoid'],
    ['conv(1, 1) -> relu -> sigmoid', 'UNET5013 sigmoid'],
    ['conv(1, 1) -> tanh -> max_pool(2) -> sigmoid', 'UNET5013 sigmoid'],
    ['[conv(1, 1) -> sigmoid, conv(1, 1) -> sigmoid] -> add -> sigmoid', 'UNET5013 sigmoid'],
    ['conv(1, 1) -> relu', 'UNET5016 relu'],
    ['conv(2, 1) -> relu -> softmax', 'UNET5016 relu'],
    ['conv(2, 1) -> leaky_relu', 'UNET5016 leaky_relu'],
    ['conv(2, 1) -> prelu', 'UNET5016 prelu'],
    ['conv(2, 1) -> tanh -> bilinear(2)', 'UNET5016 tanh'],
    ['[conv(1, 1) -> relu, conv(1, 1) -> relu] -> add', 'UNET5016 mask'],
  ])('%s', (head, expected) => expect(reported(headOf(head))).toEqual([expected]));

  test.each([
    'conv(1, 1)',
    'conv(1, 1) -> batch_norm',
    'conv(1, 1) -> sigmoid',
    'conv(2, 1) -> softmax',
    'conv(1, 1) -> leaky_relu -> conv(1, 1) -> sigmoid',
    'conv(1, 1) -> leaky_relu -> sigmoid',
    'conv(2, 1) -> selu -> softmax',
    '[conv(1, 1) -> sigmoid, conv(1, 1) -> sigmoid] -> average',
    'conv(4, 1) -> sigmoid -> global_avg_pool',
  ])('%s is fine', (head) => expect(reported(headOf(head))).toEqual([]));

  test('is told at the head where a block brings the activation', () => {
    const text = `block last(c: int) = conv(c, 1) -> relu\n${headOf('last(1)')}`;
    expect(reported(text)).toEqual(['UNET5016 last(1)']);
    const [{ labels, fixes }] = diagnose(text) as [ReturnType<typeof diagnose>[number]];
    expect(labels.map(({ span }) => text.slice(span.start, span.end))).toContain('relu');
    expect(fixes).toEqual([]);
    const twice = `block last(c: int) = conv(c, 1) -> sigmoid\n${headOf('last(1) -> sigmoid')}`;
    expect(reported(twice)).toEqual(['UNET5013 sigmoid']);
    const within = `block last(c: int) = conv(c, 1) -> sigmoid -> sigmoid\n${headOf('last(1)')}`;
    expect(reported(within)).toEqual(['UNET5013 sigmoid']);
  });

  test('is told of every supervised output once', () => {
    const text = `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [4, 8, 8], stage: conv(width) -> relu, down: max_pool(2) }
  skip nested
  decoder { up: bilinear(2), stage: conv(width) -> relu }
  head mask: conv(1, 1) -> softmax { supervise: all }
}`;
    expect(reported(text)).toEqual(['UNET5012 softmax']);
  });

  test('is told of side heads that a loss reads', () => {
    const side = 'conv(1, 1) -> sigmoid\nhead side: a -> conv(1, 1) -> relu';
    expect(reported(headOf(side))).toEqual([]);
    expect(reported(trained(side, 'epochs: 2'))).toEqual(['UNET5016 relu']);
  });

  test('is repaired by what is offered', () => {
    for (const head of ['softmax', 'sigmoid -> sigmoid', 'relu -> sigmoid', 'tanh', 'relu']) {
      const text = headOf(`conv(1, 1) -> ${head}`);
      const { fixes } = diagnose(text)[0]!;
      expect(fixes).toHaveLength(1);
      expect(reported(applyFix(text, fixes[0]!))).toEqual([]);
    }
  });
});

test('within a network a softmax over one channel and a narrow sigmoid are told, gates are not', () => {
  const gate = (way: string): string => modelOf(`a = image -> conv(4)\nb = ${way} -> multiply`);
  expect(reported(gate('[a, a -> conv(1, 1) -> softmax]'))).toEqual(['UNET5012 softmax']);
  expect(reported(gate('[a, a -> conv(4, 1) -> relu -> sigmoid]'))).toEqual(['UNET5013 sigmoid']);
  expect(reported(gate('[a, a -> conv(4, 1) -> sigmoid]'))).toEqual([]);
  expect(reported(gate('[a, a -> conv(4, 1) -> softplus -> tanh]'))).toEqual([]);
});

test('an activation without effect is told beside the other, and not across blocks', () => {
  expect(reported(modelOf('a = image -> conv(4) -> relu -> relu'))).toEqual(['UNET5015 relu']);
  expect(reported(modelOf('a = image -> conv(4) -> relu -> relu6'))).toEqual([]);
  expect(reported(modelOf('a = image -> conv(4) -> relu6 -> relu'))).toEqual(['UNET5015 relu']);
  const blocks = 'block pre(c: int) = relu -> conv(c)\nblock post(c: int) = conv(c) -> relu\n';
  expect(reported(`${blocks}${modelOf('a = image -> post(4) -> pre(4)')}`)).toEqual([]);
});

describe('an activation without effect, as the text says', () => {
  const withStage = (stage: string, parameters: string): string => `model Test(${parameters}) {
  input image: [H, W, 1]
  encoder plain { widths: [4, 8, 8], stage: ${stage}, down: max_pool(2) }
  skip plain
  decoder { up: nearest(2), stage: conv(width, 3) }
  head mask: conv(1, 1)
}`;
  const leaky = 'act: relu | leaky = leaky';
  const switches = 'deep: bool = true, wide: bool = true';

  test.each([
    [
      withStage(
        'conv(width, 3) -> (relu if level == 1) -> (leaky_relu(0.1) if act == leaky)',
        leaky,
      ),
    ],
    [withStage('conv(width, 3) -> (relu if deep) -> (leaky_relu if wide)', switches)],
    [withStage('conv(width, 3) -> (relu if deep) -> leaky_relu', 'deep: bool = true')],
    [withStage('conv(width, 3) -> (relu if deep else elu) -> relu', 'deep: bool = true')],
    [withStage('conv(width, 3) -> (relu if level == 1) -> relu', '')],
    [
      'block b(c: int, m: bool, k: bool) = conv(c, 3) -> (relu if m) -> (elu if k)\n' +
        modelOf('a = image -> b(8, true, true) -> b(8, false, true)'),
    ],
    [
      'block b(c: int) = leaky_relu -> leaky_relu -> conv(c, 3)\n' +
        modelOf('a = image -> conv(4) -> relu -> b(8) -> b(8)'),
    ],
  ])('%s is in use', (text) => expect(reported(text)).toEqual([]));

  test('is told without a fix where it has a condition of its own', () => {
    const text = withStage('conv(width, 3) -> relu -> (leaky_relu if act == leaky)', leaky);
    const [found, ...others] = diagnose(text);
    expect([found?.code, found?.fixes, others]).toEqual(['UNET5015', [], []]);
    const branches = modelOf('a = image -> conv(4) -> relu -> [relu, conv(4)] -> concat');
    expect(diagnose(branches).map(({ code, fixes }) => [code, fixes])).toEqual([['UNET5015', []]]);
  });

  test('is taken out, and nothing else', async () => {
    const both = '(conv(width, 3) -> relu -> leaky_relu) if act == leaky else conv(width, 3)';
    const text = withStage(both, leaky);
    const [found] = diagnose(text);
    expect(applyFix(text, found!.fixes[0]!)).toBe(text.replace(' -> leaky_relu', ''));
    expect(await fixes.check(new Subject(text))).toBeUndefined();
  });

  test('no fix cuts across conditions', () => {
    const narrow = modelOf('a = image -> conv(4)').replace('Test', 'Test(k: bool = true)');
    const text = narrow.replace('conv(1, 1)', 'conv(1, 1) -> (tanh if k) -> (sigmoid if k)');
    expect(diagnose(text).map(({ code, fixes }) => [code, fixes])).toEqual([['UNET5013', []]]);
    const cut = narrow.replace('conv(1, 1)', '(conv(1, 1) if k else conv(1, 3)) -> (relu if k)');
    expect(diagnose(cut).map(({ code, fixes }) => [code, fixes])).toEqual([['UNET5016', []]]);
    const last = `block last(c: int) = conv(c, 1) -> softmax\n${headOf('last(3)')}`;
    const one = last.replace('relu', 'last(1)');
    expect(diagnose(one).map(({ code, fixes }) => [code, fixes])).toEqual([['UNET5012', []]]);
  });
});

test('a fix that cuts more than what changes nothing is a finding', () => {
  const text = modelOf('a = image -> conv(4) -> relu -> elu -> conv(4)');
  const subject = new Subject(text);
  const [found] = subject.compilation.diagnostics;
  const cut = {
    ...found!.fixes[0]!,
    edits: [{ span: cutOf(text, ' -> elu -> conv(4)'), text: '' }],
  };
  const diagnostics = [{ ...found!, fixes: [cut] }];
  const spoilt = { text, compilation: { ...subject.compilation, diagnostics } };
  expect(fixes.check(spoilt as unknown as Subject)).toMatch('the fix builds another network');
});

const cutOf = (text: string, part: string): Span => {
  const start = text.indexOf(part);
  return { file: subjectPath, start, end: start + part.length };
};

describe('a loss beside a softmax over one channel', () => {
  test.each([
    ['cross_entropy', 'loss: bce + dice'],
    ['bce', 'loss: bce + dice'],
  ])('%s leads to a network that can learn', (loss, recipe) => {
    const text = trained('conv(1, 1) -> softmax', `loss: ${loss} + dice`);
    const [found, ...others] = diagnose(text);
    expect([found!.code, others]).toEqual(['UNET3020', []]);
    const repaired = applyFix(text, found!.fixes[0]!);
    expect(repaired).toBe(trained('conv(1, 1) -> sigmoid', recipe));
    expect(codesOf(repaired)).toEqual([]);
  });
});

test('what a head gives is told by its values, whatever moves or merges them', () => {
  const valuesOf = (head: string): string =>
    compileText('test.unet', headOf(head)).models[0]!.graph.outputs[0]!.values;
  const one = 'conv(1, 1) -> sigmoid';
  expect(valuesOf(`[${one}, ${one}] -> concat`)).toBe('sigmoid');
  expect(valuesOf(`[${one}, ${one}] -> multiply`)).toBe('sigmoid');
  expect(valuesOf(`${one} -> max_pool(2)`)).toBe('sigmoid');
  expect(valuesOf('conv(2, 1) -> softmax -> avg_pool(2)')).toBe('softmax');
  expect(valuesOf('conv(2, 1) -> softmax -> max_pool(2)')).toBe('sigmoid');
  expect(valuesOf(`[${one}, conv(1, 1)] -> concat`)).toBe('logits');
});
