import { describe, expect, test } from '@jest/globals';
import type { Diagnostic, Fix } from '../../src/diagnostics/diagnostic.js';
import { nestingLimit } from '../../src/parser/nesting.js';
import { parse } from '../../src/parser/parse.js';
import { tokenLimit } from '../../src/parser/text-limits.js';
import { sourceOf } from './trees.js';

/** A diagnostic as one line: `2:11 UNET1003 Sentence. [Insert "]"]`. */
function shown(text: string): readonly string[] {
  const source = sourceOf(text);
  return parse(source).diagnostics.map(({ span, code, message, fixes }) => {
    const { line, column } = source.position(span.start);
    return [`${line}:${column} ${code} ${message}`, ...fixes.map(({ title }) => `[${title}]`)].join(
      ' ',
    );
  });
}

/** The lines of a model's body between `model A {` and `}`. */
const model = (...lines: readonly string[]): string =>
  ['model A {', ...lines.map((line) => `  ${line}`), '}', ''].join('\n');

describe('brackets', () => {
  test.each([
    [
      'a model',
      'model A {\n  stage: conv\n',
      ['1:9 UNET1003 Expected "}" to close the "{" of "model A" on line 1. [Insert "}"]'],
    ],
    [
      'a section before another',
      model('encoder plain {', '  stage: conv', 'decoder {', '  up: x', '}'),
      ['2:17 UNET1003 Expected "}" to close the "{" of "encoder plain" on line 2. [Insert "}"]'],
    ],
    [
      'the last section',
      model('encoder plain {', '  stage: conv'),
      ['2:17 UNET1003 Expected "}" to close the "{" of "encoder plain" on line 2. [Insert "}"]'],
    ],
    [
      'a section three deep',
      `${model('a {', '  b {', '    c: 1', '}')}\nblock x() = y\n`,
      ['3:7 UNET1003 Expected "}" to close the "{" of "b" on line 3. [Insert "}"]'],
    ],
    [
      'all of them',
      'model A {\n  a {\n    b {\n      c: 1\n',
      [
        '1:9 UNET1003 Expected "}" to close the "{" of "model A" on line 1. [Insert "}"]',
        '2:5 UNET1003 Expected "}" to close the "{" of "a" on line 2. [Insert "}"]',
        '3:7 UNET1003 Expected "}" to close the "{" of "b" on line 3. [Insert "}"]',
      ],
    ],
    [
      'a section on one line',
      model('skip plain { merge: add', 'decoder { up: x }'),
      ['2:14 UNET1003 Expected "}" to close the "{" of "skip plain" on line 2. [Insert "}"]'],
    ],
    [
      'a list',
      model('widths: [1, 2, 3', 'stage: conv'),
      ['2:11 UNET1003 Expected "]" to close the "[" of "widths" on line 2. [Insert "]"]'],
    ],
    [
      'the size of an input',
      model('input image: [H, W, 1', 'stage: conv'),
      ['2:16 UNET1003 Expected "]" to close the "[" of "input image" on line 2. [Insert "]"]'],
    ],
    [
      'arguments',
      model('stage: conv(3, 4', 'up: x'),
      ['2:14 UNET1003 Expected ")" to close the "(" of "conv" on line 2. [Insert ")"]'],
    ],
  ])('%s without an end', (_name, text, expected) => expect(shown(text)).toEqual(expected));

  test.each([
    [
      'model A\n  stage: conv\n}\n',
      ['1:8 UNET1008 Expected "{" after "A", found "stage". [Insert "{"]'],
    ],
    [
      model('decoder', '  stage: conv', '}'),
      ['2:10 UNET1008 Expected "{" after "decoder", found "stage". [Insert "{"]'],
    ],
    [model('widths: 1, 2, 3]', 'stage: conv'), ['2:18 UNET1004 "]" closes nothing.']],
    ['model A {\n}\n}\n', ['3:1 UNET1004 "}" closes nothing.']],
    [') = 3\nmodel A {}\n', ['1:1 UNET1004 ")" closes nothing.']],
  ])('%j without a start', (text, expected) => {
    expect(shown(text).slice(0, 1)).toEqual(expected);
    expect(shown(text).length).toBeLessThanOrEqual(2);
  });
});

test.each([
  [
    'widths: [1 2, 3]',
    ['2:14 UNET1005 Expected "," or "]" after "1" in the list, found "2". [Insert ","]'],
  ],
  [
    'stage: conv(64, 3 padding: valid)',
    ['2:21 UNET1005 Expected "," or ")" after "3" in the arguments, found "padding". [Insert ","]'],
  ],
  ['widths: [1, 2,]', ['2:17 UNET1006 Expected a value after ",", found "]". [Remove ","]']],
  ['stage: conv(filters=)', ['2:22 UNET1008 Expected ":" after "filters", found "=". [Write ":"]']],
  [
    'stage: conv(filters=64)',
    ['2:22 UNET1008 Expected ":" after "filters", found "=". [Write ":"]'],
  ],
  ['stage: conv(filters: )', ['2:24 UNET1006 Expected a value after ":", found ")".']],
  ['stage conv(3)', ['2:9 UNET1008 Expected ":" after "stage", found "conv". [Insert ":"]']],
  ['stage: @conv', ['2:10 UNET1001 Unexpected character "@".']],
  ['@', ['2:3 UNET1001 Unexpected character "@".']],
  ['stage: conv @@@ # @', ['2:15 UNET1001 Unexpected character "@".']],
  ['stage:\u200b conv', ['2:9 UNET1001 Unexpected character U+200B.']],
  ['stage: -> relu', ['2:10 UNET1006 Expected a value after ":", found "->".']],
  ['stage: relu -> -> elu', ['2:18 UNET1006 Expected a value after "->", found "->".']],
  ['stage: relu => elu', ['2:15 UNET1008 Expected "->" after "relu", found "=>". [Write "->"]']],
  ['a: 1 + * 2', ['2:10 UNET1006 Expected a value after "+", found "*".']],
  ['a: { b: c }', ['2:6 UNET1006 Expected a value after ":", found "{".']],
  ['a: x else y', ['2:8 UNET1007 Expected a section or a field in a body, found "else".']],
  ['level 4, { a: b }', ['2:12 UNET1008 Expected a number after ",", found "{".']],
  ['3: x', ['2:3 UNET1007 Expected a section or a field in a body, found "3".']],
  ['"x": y', ['2:3 UNET1007 Expected a section or a field in a body, found the string "x".']],
  ['up: 2x', ['2:7 UNET1014 "2x" is neither a number nor a name; a name starts with a letter.']],
  [
    'name: "open',
    [
      `2:9 UNET1002 The string is not closed; expected '"' before the end of the line. [Insert '"']`,
    ],
  ],
  [
    'stage: conv("same)',
    [
      `2:15 UNET1002 The string is not closed; expected '"' before the end of the line. [Insert '"']`,
    ],
  ],
  ['if: 3', ['2:3 UNET1009 "if" is a word of the language and cannot be a name.']],
  ['head not { a: b }', ['2:8 UNET1009 "not" is a word of the language and cannot be a name.']],
  ['a: f(else: 1)', ['2:8 UNET1009 "else" is a word of the language and cannot be a name.']],
  ['a: x.if', ['2:8 UNET1009 "if" is a word of the language and cannot be a name.']],
])('one mistake, one message: %s', (line, expected) => {
  expect(shown(model(line))).toEqual(expected);
  // Neither what follows nor what surrounds it takes part.
  expect(shown(model(line, 'next: conv(3)', 'last { up: x }'))).toEqual(expected);
});

test.each([
  ['stage:', '2:9 UNET1006 Expected a value after ":", found the end of the line.'],
  ['stage: relu ->', '2:17 UNET1006 Expected a value after "->", found the end of the line.'],
  ['a: 1 +', '2:9 UNET1006 Expected a value after "+", found the end of the line.'],
  ['a: x if', '2:10 UNET1006 Expected a value after "if", found the end of the line.'],
])('a value is missing at the end of a line: %s', (line, expected) => {
  const text = model(line, 'next: conv(3)');
  expect(shown(text)).toEqual([expected]);
  const { members } = parse(sourceOf(text)).value.file.sections[0]!.body!;
  expect(members.map((member) => member.kind === 'field' && member.name.text)).toEqual([
    line.split(':')[0],
    'next',
  ]);
});

test('five mistakes are five messages, in order', () => {
  const text = model(
    'input image: [H, W 1]',
    'stage: conv(filters: )',
    'up: @bilinear',
    'name: "open',
    'decoder {',
    '  up: 2x',
    '}',
  );
  expect(shown(text)).toEqual([
    '2:22 UNET1005 Expected "," or "]" after "W" in the list, found "1". [Insert ","]',
    '3:24 UNET1006 Expected a value after ":", found ")".',
    '4:7 UNET1001 Unexpected character "@".',
    `5:9 UNET1002 The string is not closed; expected '"' before the end of the line. [Insert '"']`,
    '7:9 UNET1014 "2x" is neither a number nor a name; a name starts with a letter.',
  ]);
});

describe('texts that are no specs', () => {
  test.each([
    ['', []],
    ['\uFEFF', []],
    ['// a comment', []],
    ['\uFEFFmodel A {}', []],
    ['\uFEFFmodel A { a: }', ['1:15 UNET1006 Expected a value after ":", found "}".']],
    [
      'model A {\r  a: \r}\r',
      ['2:5 UNET1006 Expected a value after ":", found the end of the line.'],
    ],
    ['a\0b', ['1:1 UNET1013 The file is not text: it holds zero bytes. Expected a spec.']],
    ['/* x */\nmodel A {}', ['1:1 UNET1007 Expected a section or a field in the file, found "/".']],
    ['block a() =', ['1:12 UNET1006 Expected a value after "=", found the end of the file.']],
  ])('%j', (text, expected) => expect(shown(text)).toEqual(expected));
});

describe('limits', () => {
  const nested = (depth: number): string => model(`a: ${'['.repeat(depth)}${']'.repeat(depth)}`);
  const branches = (count: number): string => model(`a: ${'x if y else '.repeat(count)}z`);

  test('brackets', () => {
    expect(shown(nested(nestingLimit - 1))).toEqual([]);
    expect(shown(nested(nestingLimit))).toEqual([
      '2:29 UNET1010 Brackets are nested more than 24 deep.',
    ]);
    for (const piece of ['[', '(', '{', 'a {', '(}', '[(]', 'f(x: [']) {
      expect(shown(piece.repeat(30_000)).length).toBeLessThan(70_000);
    }
  });

  test('else', () => {
    expect(shown(branches(64))).toEqual([]);
    expect(shown(branches(65))).toEqual([
      '2:781 UNET1012 One value has more than 64 "else" branches.',
    ]);
    const items = Array.from({ length: 100 }, () => 'x if y else z').join(', ');
    expect(shown(model(`a: [${items}]`))).toEqual([]);
    const inBrackets = 'x if y else ('.repeat(20) + 'x if y else z' + ')'.repeat(20);
    expect(shown(model(`a: ${inBrackets}`))).toEqual([]);
    const both = `${'x if y else '.repeat(20)}(`.repeat(20) + 'z' + ')'.repeat(20);
    expect(shown(model(`a: ${both}`))[0]).toMatch(/UNET1012/);
  });

  test('tokens', () => {
    expect(shown('x '.repeat(tokenLimit + 1))).toEqual([
      '1:200001 UNET1011 The file has more than 100000 tokens.',
    ]);
  });
});

describe('fixes', () => {
  test.each([
    'model A {\n  a {\n    b: [1 2\n',
    model('stage: conv(64 3', 'name: "open', 'decoder'),
    model('decoder', '  a: b', '}'),
    model('stage conv(3 4', 'f: conv(filters=3, x=[1,])', 'g: a => b'),
  ])('each takes a mistake away: %j', (broken) => {
    let text = broken;
    for (let left = parse(sourceOf(text)).diagnostics; left.length > 0;) {
      const fix = left.find(({ fixes }) => fixes.length > 0)?.fixes[0];
      expect(fix).toBeDefined();
      text = applied(text, fix!);
      const next: readonly Diagnostic[] = parse(sourceOf(text)).diagnostics;
      expect(next.length).toBeLessThanOrEqual(left.length);
      if (next.length === left.length) expect(next[0]!.message).not.toBe(left[0]!.message);
      left = next;
    }
  });

  function applied(text: string, fix: Fix): string {
    return fix.edits.reduceRight(
      (result, { span, text: inserted }) =>
        result.slice(0, span.start) + inserted + result.slice(span.end),
      text,
    );
  }
});
