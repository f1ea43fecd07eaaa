import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { codesOf, diagnose, modelOf } from '../compile.js';

/** Codes with what they underline. */
const reported = (text: string): readonly string[] =>
  diagnose(text).map(({ code, severity, span }) => {
    expect(severity).toBe('warning');
    return `${code} ${text.slice(span.start, span.end)}`;
  });

describe('what reaches no head', () => {
  test('is told where it is named, and left out', () => {
    const text = modelOf(
      'a = image -> conv(2)\nb = a -> conv(3)\nc = a -> conv(4)',
      'c -> conv(1)',
    );
    expect(reported(text)).toEqual(['UNET5001 b']);
    const [model] = compileText('test.unet', text).models;
    expect(model!.graph.nodes.map(({ name, id }) => [name, id])).toEqual([
      ['image', 0],
      ['a', 1],
      ['c', 2],
      ['mask', 3],
    ]);
    expect(model!.graph.outputs[0]!.node).toBe(3);
  });

  test('is told at the end of a dead chain, once', () => {
    const text = modelOf(
      'a = image -> conv(2)\nb = a -> conv(3)\nc = b -> conv(4)',
      'a -> conv(1)',
    );
    expect(reported(text)).toEqual(['UNET5001 c']);
  });

  test('is told within a block, however often it is called', () => {
    const text = `${modelOf('a = image -> part -> part')}
block part() {
  h = in -> conv(3)
  out = in -> conv(2)
}`;
    expect(reported(text)).toHaveLength(1);
    expect(reported(text)[0]).toMatch(/^UNET5001/);
  });

  test('may be the input itself', () => {
    const text = `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4], stage: conv(width), down: max_pool(2) }
  head mask: e2 -> conv(1)
}`;
    expect(reported(text)).toEqual([]);
  });

  test('may be a level that the decoder passes by', () => {
    const text = `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4, 8], stage: conv(width), down: max_pool(2) }
  skip none
  decoder { up: nearest(2), stage: conv(width) }
  head mask: d2 -> conv(1)
}`;
    expect(codesOf(text)).toEqual(['UNET5001']);
  });
});

describe('what nobody uses', () => {
  test('blocks', () => {
    const text = `${modelOf('a = image -> conv(2)')}block spare(c: int) = conv(c)`;
    expect(reported(text)).toEqual(['UNET5002 spare']);
  });

  test('parameters of blocks', () => {
    const text = `${modelOf('a = image -> part(2)')}block part(c: int, k: int = 3) = conv(c)`;
    expect(reported(text)).toEqual(['UNET5003 k']);
  });

  test('parameters of models', () => {
    const text = modelOf('a = image -> conv(2)').replace('Test', 'Test(base: int = 3)');
    expect(reported(text)).toEqual(['UNET5003 base']);
  });

  test('a parameter that only another default reads is used', () => {
    const text = `${modelOf('a = image -> part(2)')}block part(c: int, mid: int = c) = conv(mid)`;
    expect(reported(text)).toEqual([]);
  });

  test('a parameter that only a condition reads is used', () => {
    const text = modelOf('a = image -> (conv(2) if deep else conv(3))').replace(
      'Test',
      'Test(deep: bool = true)',
    );
    expect(reported(text)).toEqual([]);
  });

  test('is not what only a branch that is not taken uses', () => {
    const text = `${modelOf('a = image -> (part(2) if deep else other(n))')}
block part(c: int, act: stage = relu, deep: bool = false) = conv(c) -> (act if deep)
block other(c: int) = conv(c)`.replace('Test', 'Test(deep: bool = true, n: int = 3)');
    expect(reported(text)).toEqual([]);
  });

  test('is not told of a network that could not be built', () => {
    const text = `${modelOf('a = image -> conv(0)')}block spare(c: int) = conv(c)`;
    expect(codesOf(text)).toEqual(['UNET3003']);
  });
});
