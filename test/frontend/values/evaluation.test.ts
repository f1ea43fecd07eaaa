import { describe, expect, test } from '@jest/globals';
import { Reporter } from '../../../src/diagnostics/report.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import { evaluate } from '../../../src/frontend/values/evaluate.js';
import { Environment, toData, type Value } from '../../../src/frontend/values/value.js';
import { Work } from '../../../src/frontend/values/work.js';
import { parse } from '../../../src/parser/parse.js';

const names: Readonly<Record<string, Value>> = {
  base: { kind: 'number', value: 64 },
  widths: { kind: 'list', items: [16, 32].map((value) => ({ kind: 'number', value })) },
  wide: { kind: 'boolean', value: true },
  mode: { kind: 'symbol', name: 'crop', choices: ['crop', 'pad'] },
  in: { kind: 'tensor', nodes: [0], isList: false },
  both: { kind: 'tensor', nodes: [0, 1], isList: true },
  broken: { kind: 'invalid' },
};

interface Evaluated {
  readonly value: Value;
  readonly messages: readonly string[];
}

function run(text: string): Evaluated {
  const { value, diagnostics } = parse(new SourceFile('value', `x { x: ${text} }`));
  const [member] = value.file.sections[0]?.body?.members ?? [];
  if (member?.kind !== 'field' || diagnostics.length > 0) throw new Error(`no value: ${text}`);
  const environment = new Environment();
  for (const [name, known] of Object.entries(names)) environment.define(name, known);
  const reporter = new Reporter();
  const result = evaluate(member.value, {
    ...{
      environment,
      reporter,
      work: new Work(),
      channelsOf: () => ({ kind: 'number', value: 48 }),
    },
  });
  return {
    value: result,
    messages: reporter.diagnostics.map(({ code, message }) => `${code}: ${message}`),
  };
}

/** The value of an expression that evaluates without a message. */
function data(text: string): unknown {
  const { value, messages } = run(text);
  expect(messages).toEqual([]);
  return toData(value);
}

/** The one message of an expression without a value. */
function message(text: string): string {
  const { value, messages } = run(text);
  expect(messages).toHaveLength(1);
  expect(value.kind).toBe('invalid');
  return messages[0]!;
}

/** The code of the one message. */
const code = (text: string): string => message(text).slice(0, 8);

describe('numbers', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['7 - 2 - 1', 4],
    ['7 / 2', 3.5],
    ['base / 2 / 2', 16],
    ['-base + 1', -63],
    ['7 % 3', 1],
    ['-7 % 3', -1 + 3],
    ['(0 - 7) % 3', 2],
    ['65_536', 65536],
    ['1e-3 * 1000', 1],
    ['in.channels * 2', 96],
  ])('%s is %d', (text, expected) => expect(data(text)).toBe(expected));
});

describe('functions', () => {
  test.each([
    ['abs(-3)', 3],
    ['ceil(2.1)', 3],
    ['floor(-2.1)', -3],
    ['round(2.5)', 3],
    ['max(1, 5, 3)', 5],
    ['max(widths)', 32],
    ['min([4, 2, 8])', 2],
    ['length(widths)', 2],
    ['make_divisible(32 * 0.35, 8)', 16],
    ['make_divisible(24 * 0.75, 8)', 24],
    ['make_divisible(3, 8)', 8],
  ])('%s is %d', (text, expected) => expect(data(text)).toBe(expected));

  test('reverse turns a list round', () => expect(data('reverse(widths)')).toEqual([32, 16]));

  test.each([
    ['max()', 'numbers, or one list of numbers'],
    ['floor(widths)', 'one number'],
    ['length(3)', 'one list'],
    ['make_divisible(8, 0)', 'a number and a divisor of at least 1'],
  ])('%s says what it takes', (text, expected) => {
    expect(message(text)).toMatch(/^UNET3012/);
    expect(message(text)).toContain(`takes ${expected}`);
  });

  test('an unknown one is named, with those that exist', () => {
    expect(message('flor(2)')).toMatch(/^UNET3011.*"flor".*floor/);
  });
});

describe('lists', () => {
  test.each([
    ['base * [1, 2, 4]', [64, 128, 256]],
    ['[1, 2, 4] * base', [64, 128, 256]],
    ['[8, 16] / 2', [4, 8]],
    ['[1, 2] + [10, 20]', [11, 22]],
    ['widths - 1', [15, 31]],
    ['2 * [[1, 2], [3]]', [[2, 4], [6]]],
    ['[]', []],
  ])('%s is %j', (text, expected) => expect(data(text)).toEqual(expected));

  test('of different lengths do not add', () => {
    expect(message('widths + [1, 2, 3]')).toMatch(/^UNET3008.*2 and 3/);
  });
});

describe('conditions', () => {
  test.each([
    ['1 < 2', true],
    ['2 <= 1', false],
    ['base == 64', true],
    ['base != 64', false],
    ['mode == crop', true],
    ['mode != pad', true],
    ['"a" == "a"', true],
    ['not wide', false],
    ['not wide or base > 32 and true', true],
    ['wide and not (base == 32)', true],
  ])('%s is %s', (text, expected) => expect(data(text)).toBe(expected));

  test.each([
    ['wide or broken_name', true],
    ['not wide and broken_name', false],
  ])('%s looks no further than it must', (text, expected) => expect(data(text)).toBe(expected));

  test('a number is no condition', () => {
    expect(message('1 if base else 2')).toMatch(/^UNET3010.*64/);
  });

  test('a word is compared only with the words it can be', () => {
    expect(message('mode == corp')).toMatch(/^UNET3016.*"corp".*"crop"/);
  });

  test('lists have no order and no equality', () => {
    expect(code('widths == [16, 32]')).toBe('UNET3007');
    expect(code('widths < 3')).toBe('UNET3007');
  });
});

describe('choices', () => {
  test.each([
    ['1 if wide else 2', 1],
    ['1 if base > 100 else 2 if base > 50 else 3', 2],
    ['1 if wide else 1 / 0', 1],
  ])('%s is %d', (text, expected) => expect(data(text)).toBe(expected));

  test('without else have no value', () => {
    expect(message('1 if base > 100')).toMatch(/no "else"/);
  });
});

describe('words', () => {
  test('that name nothing stand for themselves', () => expect(data('same')).toBe('same'));

  test('are no numbers', () => {
    expect(message('bas * 2')).toMatch(/^UNET2001.*"bas"/);
  });
});

describe('what has no value', () => {
  test.each([
    ['1 / 0', 'UNET3009'],
    ['5 % 0', 'UNET3009'],
    ['1e999', 'UNET3009'],
    ['-wide', 'UNET3012'],
    ['wide + 1', 'UNET3007'],
    ['in.height', 'UNET2018'],
    ['base.channels', 'UNET3012'],
    ['both.channels', 'UNET3012'],
    ['relu -> relu', 'UNET2021'],
  ])('%s is %s', (text, expected) => expect(code(text)).toBe(expected));

  test.each([
    'broken + 1',
    '[broken] * 2',
    'max(broken, 2)',
    'not broken',
    'broken == 2',
    '-broken',
  ])('%s is silent, for its error was told', (text) => expect(run(text).messages).toEqual([]));
});
