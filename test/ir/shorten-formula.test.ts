import { expect, test } from '@jest/globals';
import { evaluateFormula, type Formula, type FormulaOperator } from '../../src/ir/formula.js';
import { shortenFormula } from '../../src/ir/shorten-formula.js';

const base: Formula = { kind: 'parameter', name: 'base' };
const number = (value: number): Formula => ({ kind: 'number', value });
const of = (operator: FormulaOperator, left: Formula, right: Formula): Formula => ({
  ...{ kind: 'binary', operator },
  ...{ left, right },
});
const times = (factor: number): Formula => of('*', base, number(factor));
const shorten = (formula: Formula): Formula => shortenFormula(formula, (name) => name === 'base');

test.each([
  ['a sum', of('+', times(8), times(16)), times(24)],
  ['half of a sum', of('/', of('+', times(8), times(16)), number(2)), times(12)],
  ['a product that is the parameter', of('/', times(2), number(2)), base],
])('%s of whole numbers is one product', (_what, formula, short) => {
  expect(shorten(formula)).toEqual(short);
  for (const value of [1, 7, 64]) {
    const values = { parameters: new Map([['base', value]]), channels: 0 };
    expect(evaluateFormula(short, values)).toBe(evaluateFormula(formula, values));
  }
});

test.each([
  ['what is short', of('*', number(5), base)],
  ['a division that leaves a rest', of('/', of('+', base, times(2)), number(2))],
  ['a product of two parameters', of('*', of('*', base, number(2)), base)],
  ['a sum with a number', of('+', of('*', base, number(2)), number(1))],
  ['what takes numbers that are not whole', of('+', { ...base, name: 'alpha' }, base)],
])('%s stays as it is written', (_what, formula) => {
  expect(shorten(formula)).toBe(formula);
});
