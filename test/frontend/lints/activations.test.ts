import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { applyFix } from '../../diagnostics/apply-fix.js';
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
