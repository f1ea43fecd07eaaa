import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as t from '../../src/parser/tokens.js';

interface Configuration {
  readonly comments: { readonly lineComment: string };
  readonly brackets: readonly (readonly [string, string])[];
  readonly autoClosingPairs: readonly { readonly open: string; readonly close: string }[];
  readonly surroundingPairs: readonly (readonly [string, string])[];
  readonly wordPattern: string;
  readonly indentationRules: Readonly<Record<string, string>>;
  readonly onEnterRules: readonly {
    readonly beforeText: string;
    readonly afterText?: string;
    readonly action: { readonly appendText: string };
  }[];
}

const configuration = JSON.parse(
  readFileSync('grammar/language-configuration.json', 'utf8'),
) as Configuration;
const rule = (name: string): RegExp => new RegExp(configuration.indentationRules[name]!);

test('pairs are the brackets of the parser, and strings', () => {
  const brackets = [
    [t.LeftBrace, t.RightBrace],
    [t.LeftBracket, t.RightBracket],
    [t.LeftParenthesis, t.RightParenthesis],
  ].map((pair) => pair.map(({ PATTERN }) => PATTERN));
  expect(configuration.brackets).toEqual(brackets);
  expect(configuration.surroundingPairs).toEqual([...brackets, ['"', '"']]);
  expect(configuration.autoClosingPairs.map(({ open, close }) => [open, close])).toEqual([
    ...brackets,
    ['"', '"'],
  ]);
});

test('a word is a name or a number of the parser', () => {
  const word = new RegExp(configuration.wordPattern, 'g');
  expect('conv_transpose(width, 1e-5) -> s16.channels'.match(word)).toEqual([
    'conv_transpose',
    'width',
    '1e-5',
    's16',
    'channels',
  ]);
  const { PATTERN: comment } = t.CommentToken;
  expect(`${configuration.comments.lineComment} text`).toMatch(comment as RegExp);
});

/** The place of the caret as "|"; what the new line begins with. */
const continuations = [
  ['/// The U-Net.|', '/// '],
  ['  ///|', '/// '],
  ['/// one| two', '/// '],
  ['// one| two', '// '],
  ['// one|', undefined],
  ['x = a // one|', undefined],
  ['relu /// no|', undefined],
] as const;

test.each(continuations)('enter in "%s" goes on with %j', (line, expected) => {
  const [before, after] = line.split('|') as [string, string];
  const found = configuration.onEnterRules.find(
    ({ beforeText, afterText }) =>
      new RegExp(beforeText).test(before) &&
      (afterText === undefined || new RegExp(afterText).test(after)),
  );
  expect(found?.action.appendText).toBe(expected);
});

describe('indentation', () => {
  test.each([
    'model UNet {',
    'model UNet(',
    '  merge: [',
    '  decoder { // "the way up"',
    '  level 5 { stage: a } head m {',
    '  x = conv("}", 3) -> foo(',
  ])('rises after "%s"', (line) => expect(line).toMatch(rule('increaseIndentPattern')));

  test.each(['  relu', '  level 5 { stage: a }', '// ends with {', '  a = [b, c] // (', 'x = "{'])(
    'stays after "%s"',
    (line) => expect(line).not.toMatch(rule('increaseIndentPattern')),
  );

  test.each(['block double_conv(c: int) =', '  out = padded ->', 'block a() = // it'])(
    'is deeper for the one line after "%s"',
    (line) => expect(line).toMatch(rule('indentNextLinePattern')),
  );

  test.each(['  a = b', '  x == ', '  level >=', '// a ='])('is not for "%s"', (line) =>
    expect(line).not.toMatch(rule('indentNextLinePattern')),
  );

  const specs = readdirSync('specs', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.unet'),
  );

  test.each(specs)('of %s agrees with the formatter where a bracket opens or closes', (file) => {
    const lines = readFileSync(join('specs', file), 'utf8').split('\n');
    const depth = (line: string): number => line.length - line.trimStart().length;
    for (const [index, line] of lines.entries()) {
      const next = lines[index + 1];
      if (next === undefined || next.trim() === '') continue;
      // The body behind a pipeline of several lines stands where its section does.
      const opens = rule('increaseIndentPattern').test(line) && !/^\s*(?:\)|->)/.test(line);
      const closes = rule('decreaseIndentPattern').test(next);
      if (opens && !closes) expect(depth(next)).toBe(depth(line) + 2);
      if (closes && !opens) expect(depth(next)).toBeLessThan(depth(line));
      if (rule('indentNextLinePattern').test(line)) expect(depth(next)).toBe(depth(line) + 2);
    }
  });
});
