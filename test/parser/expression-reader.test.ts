import { describe, expect, test } from '@jest/globals';
import { Lexer, type IToken } from 'chevrotain';
import * as fc from 'fast-check';
import { buildSpecFile } from '../../src/parser/build-ast.js';
import { UnetParser } from '../../src/parser/cst-parser.js';
import { printExpression } from '../../src/parser/format/format.js';
import { parse } from '../../src/parser/parse.js';
import { allTokens } from '../../src/parser/tokens.js';
import { markWords } from '../../src/parser/words-in-place.js';
import { countWork } from '../growth/count-work.js';
import { growths } from '../growth/growing-specs.js';
import { expression } from './random-tree.js';
import { samples, sourceOf } from './trees.js';

const lexer = new Lexer([...allTokens], { skipValidations: true });
const [withReader, rulesAlone] = [true, false].map((reads) => {
  const parser = new UnetParser({ skipValidations: true });
  return (text: string): unknown => {
    const source = sourceOf(text);
    const tokens = markWords(lexer.tokenize(text).tokens);
    parser.patience = 100;
    if (reads) parser.start(tokens, source);
    else parser.input = tokens as IToken[];
    const tree = buildSpecFile(source, parser.fileRule(), []);
    return { tree, errors: parser.errors.map(({ message, token }) => ({ message, token })) };
  };
}) as [(text: string) => unknown, (text: string) => unknown];

/** In each place where an expression stands. */
const around = (value: string): string =>
  `block b(c: int = ${value}) = ${value}\nmodel M {\n  a: ${value}\n  w = [f(${value}, k: ${value}), ${value}]\n  for i in ${value} { x = ${value} }\n}\n`;

const operators = ['->', 'or', 'and', 'not', '==', '<', '>=', '+', '-', '*', '/', '%'];
const signs = ['(', ')', '[', ']', ',', '.', ':', '=', '\n', '\n  x:', '@', '{', '}'];
const words = ['a', 'f(', '1', '2.5', '"s"', 'true', 'if', 'else', 'for', 'from'];

describe('the reader and the rules of the grammar read alike', () => {
  test.each(samples)('$name', ({ text }) => {
    expect(withReader(text)).toEqual(rulesAlone(text));
  });

  test('any expression', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        const text = around(printExpression(tree));
        expect(withReader(text)).toEqual(rulesAlone(text));
      }),
      { seed: 20150518, numRuns: 100 },
    );
  });

  test('any operator beside any other', () => {
    const step = fc.tuple(fc.constantFrom(...operators), fc.constantFrom('', '', '-', 'not'));
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 5 }), (steps) => {
        const text = around(`a ${steps.map((words) => `${words.join(' ')} b`).join(' ')}`);
        expect(withReader(text)).toEqual(rulesAlone(text));
      }),
      { seed: 20150518, numRuns: 300 },
    );
  });

  test('words and signs in any order', () => {
    const piece = fc.constantFrom(...words, ...signs, ...operators);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 9 }), (pieces) => {
        const text = around(pieces.join(' '));
        expect(withReader(text)).toEqual(rulesAlone(text));
      }),
      { seed: 20150518, numRuns: 400 },
    );
  });
});

test('a mistake costs little more than its line', async () => {
  const { text } = growths.chain.grow(300);
  const work = (what: string): Promise<number> => countWork(() => parse(sourceOf(what)));
  await work(text);
  const whole = await work(text);
  const broken = text.replace('w150 -> conv(4, 3)', 'w150 -> conv(4 3)');
  expect(parse(sourceOf(broken)).diagnostics).toHaveLength(1);
  expect(await work(broken)).toBeLessThan(1.3 * whole);
});
