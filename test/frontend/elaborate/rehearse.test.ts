import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { diagnose, modelOf } from '../compile.js';

/** Codes with what they underline. */
const reported = (text: string): readonly string[] =>
  diagnose(text).map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);

const fine = modelOf('a = image -> conv(2)');
const withBlock = (block: string): readonly string[] =>
  reported(`${fine}\n${block}`).filter((each) => !each.startsWith('UNET5'));

describe('a block that nobody calls is checked all the same', () => {
  test.each([
    ['an unknown layer', 'block b(c: int) = conv(c) -> rilu', ['UNET2001 rilu']],
    ['an unknown option', 'block b(c: int) = conv(c, stridez: 2)', ['UNET3001 stridez']],
    ['a value out of range', 'block b(c: int) = conv(c, 3, stride: 0)', ['UNET3003 0']],
    ['a name in arithmetic', 'block b(c: int) = conv(c * k)', ['UNET2001 k']],
    [
      'both branches',
      'block b(c: int) = conv(c) -> (rilu if c > 3 else silo)',
      ['UNET2001 rilu', 'UNET2001 silo'],
    ],
    [
      'both values',
      'block b(c: int) = conv(2 * k if c > 3 else 2 * m)',
      ['UNET2001 k', 'UNET2001 m'],
    ],
    [
      'the right of "and"',
      'block b(c: int) = relu if c > 3 and 2 * k > 1 else identity',
      ['UNET2001 k'],
    ],
    [
      'a loop over what is unknown',
      'block b(n: int) {\n out = in\n for i in range(n) { out = out -> rilu } }',
      ['UNET2001 rilu'],
    ],
    ['a default', 'block b(c: int = "four") = conv(c)', ['UNET3014 "four"']],
    ['the default of a stage', 'block b(act: stage = rilu) = conv(4) -> act', ['UNET2001 rilu']],
    ['a call of another block', 'block b() = d(4)\nblock d() = relu', ['UNET3004 4']],
  ])('%s', (_, block, expected) => expect(withBlock(block)).toEqual(expected));

  test.each([
    'block b(c: int) = conv(c, groups: c) -> conv(3, groups: 2)',
    'block b(c: int, s: tensor) { out = [in, s] -> add if in.channels == c else s }',
    'block b(mode: a | b, n: int) { x = in -> nearest(n) if mode == a else in\n out = [in, x] -> concat }',
    'block b(w: [int], act: stage) {\n x = in\n for [i, c] in [[1, 2], w] { x = x -> conv(c) -> act }\n out = x }',
  ])('what is right for some value is not told: %s', (block) =>
    expect(withBlock(block)).toEqual([]),
  );
});

describe('an encoder without a model', () => {
  test('is tried by its defaults on a colour image', () => {
    expect(
      reported(`encoder e(c: int = 4) {
  tap s1 = in -> conv(c)
  tap s2 = [s1, in] -> add
}`),
    ).toEqual(['UNET4005 add']);
  });

  test('may take a tap in one of two ways', () => {
    expect(
      reported(`encoder e(c: int, way: left | right = left) {
  tap s1 = in -> conv(c) if way == left
  tap s1 = in -> conv(2 * c) if way == right
}`),
    ).toEqual([]);
  });

  test('tells of parameters without use', () => {
    expect(reported('encoder e(c: int = 4) { tap s1 = in -> conv(3) }')).toEqual(['UNET5003 c']);
  });

  test.each(readdirSync('specs/std').filter((name) => name.endsWith('.unet')))('std/%s', (name) => {
    expect(reported(readFileSync(`specs/std/${name}`, 'utf8'))).toEqual([]);
  });
});
