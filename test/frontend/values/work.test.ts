import { describe, expect, test } from '@jest/globals';
import { codesOf, diagnose, modelOf } from '../compile.js';

const withBlock = (body: string, before = ''): string =>
  `${before}block b(c: int) {\n${body}\nout = in -> conv(c)\n}\n${modelOf('a = image -> b(8)')}`;

const list = `let w = [${Array.from({ length: 5000 }, (_, at) => at + 1).join(', ')}]\n`;
const rounds = (line: string): string =>
  `for i in range(140) {\nfor j in range(140) {\n${line}\n}\n}`;

describe('the steps of a compilation have a limit', () => {
  test.each([
    [
      'arithmetic on lists',
      withBlock(list + rounds('error: "{i} {j}" if max(w * 2 + w) == i - 1')),
    ],
    ['functions on lists', withBlock(list + rounds('error: "{i} {j}" if length(reverse(w)) == i'))],
    ['lists that functions make', withBlock(rounds('let q = range(1000)'))],
    [
      'lists that are passed on',
      withBlock(
        `x = in\n${list}${rounds('x = x -> k(w)')}`,
        'block k(w: [int]) {\nlet q = max(w)\nout = in -> conv(8 if q > 1 else 4)\n}\n',
      ),
    ],
    ['lines in loops', withBlock(rounds('q = in\n'.repeat(100)))],
    ['values in loops', withBlock(rounds(`error: "{i} {j}" if ${'1 + '.repeat(250)}i < j`))],
    ['texts in loops', withBlock(rounds(`error: "${'x'.repeat(100_000)} {i} {j}" if false`))],
  ])('%s', (_, text) => expect(codesOf(text)).toEqual(['UNET3023']));

  test('mistakes that are met in every round count, too', () => {
    const mistake = rounds('let q = (1 if i >= 0 else foo(2))\n'.repeat(8));
    expect(new Set(codesOf(withBlock(mistake)))).toEqual(new Set(['UNET3011', 'UNET3023']));
    const names = Array.from({ length: 400 }, (_, at) => `let name${at} = 1\n`).join('');
    const unknown = withBlock(`${names}${rounds('let q = 1 if i >= 0 else j + nam\n'.repeat(8))}`);
    expect(codesOf(unknown)).toEqual(expect.arrayContaining(['UNET2001', 'UNET3023']));
  });

  test('models and blocks share it', () => {
    const half = withBlock(`${list}${'for i in range(250) {\nlet q = w * 2\n}\n'}`);
    expect(codesOf(half)).toEqual([]);
    const both = half + half.slice(half.indexOf('model')).replaceAll('Test', 'Other');
    expect(codesOf(both + both.slice(half.length).replaceAll('Other', 'Third'))).toEqual([
      'UNET3023',
    ]);
  });

  test('is told once, with a way out', () => {
    const text = withBlock(`${list}${rounds('let a = w * 2\nlet b = a + 1')}`);
    const [found, ...others] = diagnose(text);
    expect([found!.message, others]).toEqual([
      'The values of this file take more than 4000000 steps.',
      [],
    ]);
    expect(found!.help).toEqual(['Use shorter lists, or fewer rounds of loops.']);
  });
});

test('the rounds of the largest network are within it', () => {
  const text = withBlock(`x = in\n${rounds('x = x -> relu6 if i + j >= 0')}\nout = x`);
  expect(codesOf(text.replace('out = in -> conv(c)\n', ''))).not.toContain('UNET3023');
});
