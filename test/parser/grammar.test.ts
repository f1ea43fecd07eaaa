import { expect, test } from '@jest/globals';
import { CstParser, Lexer } from 'chevrotain';
import { readFileSync, writeFileSync } from 'node:fs';
import { renderGrammar } from '../../scripts/render-grammar.js';
import { renderTextMate } from '../../scripts/render-textmate.js';
import { UnetParser } from '../../src/parser/cst-parser.js';
import { allTokens } from '../../src/parser/tokens.js';

const parser = new UnetParser({ skipValidations: false });

test('the grammar passes the checks that production skips', () => {
  expect(parser.errors).toEqual([]);
});

test('no rule is named like a member of chevrotain', () => {
  const rules = Object.keys(parser.getGAstProductions());
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter((name) => name in CstParser.prototype)).toEqual([]);
  expect(rules.filter((name) => !name.endsWith('Rule'))).toEqual([]);
});

test('the lexer passes the checks that production skips', () => {
  const lexer = new Lexer([...allTokens], { skipValidations: false });
  expect(lexer.lexerDefinitionErrors).toEqual([]);
});

test.each([
  ['unet.ebnf', renderGrammar],
  ['unet.tmLanguage.json', renderTextMate],
])('grammar/%s is what `npm run generate` writes', async (name, render) => {
  const file = new URL(`../../grammar/${name}`, import.meta.url);
  const rendered = await render();
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, rendered);
  expect(readFileSync(file, 'utf8')).toBe(rendered);
});
