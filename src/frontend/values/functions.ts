import { ownValue } from '../../diagnostics/own-value.js';
import { makeDivisible } from '../../ir/formula.js';
import type { Value } from './value.js';

/** The functions of the language: a table from names to rules on plain numbers. */
type Rule = (args: readonly Value[]) => Value | string;

const number = (value: number): Value => ({ kind: 'number', value });

const onOne =
  (rule: (value: number) => number): Rule =>
  (args) => {
    const [only] = args;
    return args.length === 1 && only?.kind === 'number' ? number(rule(only.value)) : 'one number';
  };

const onMany =
  (rule: (...values: number[]) => number): Rule =>
  (args) => {
    const items = args.length === 1 && args[0]?.kind === 'list' ? args[0].items : args;
    const values = items.flatMap((item) => (item.kind === 'number' ? [item.value] : []));
    return values.length > 0 && values.length === items.length
      ? number(rule(...values))
      : 'numbers, or one list of numbers';
  };

/** Longer than any network repeats a stage. */
const rangeLimit = 1000;

const rules: Readonly<Record<string, Rule>> = {
  abs: onOne(Math.abs),
  ceil: onOne(Math.ceil),
  floor: onOne(Math.floor),
  round: onOne(Math.round),
  max: onMany(Math.max),
  min: onMany(Math.min),
  length: (args) => {
    const [only] = args;
    return args.length === 1 && only?.kind === 'list' ? number(only.items.length) : 'one list';
  },
  reverse: (args) => {
    const [only] = args;
    return args.length === 1 && only?.kind === 'list'
      ? { kind: 'list', items: [...only.items].reverse() }
      : 'one list';
  },
  range: (args) => {
    const [count] = args;
    const isCount =
      args.length === 1 &&
      count?.kind === 'number' &&
      Number.isInteger(count.value) &&
      count.value >= 0 &&
      count.value <= rangeLimit;
    if (!isCount) return `one whole number from 0 to ${rangeLimit}`;
    return { kind: 'list', items: Array.from({ length: count.value }, (_, at) => number(at)) };
  },
  letter: (args) => {
    const [at] = args;
    const isPlace =
      args.length === 1 && at?.kind === 'number' && Number.isInteger(at.value) && at.value >= 0;
    if (!isPlace || at.value > 25) return 'one whole number from 0 to 25';
    return { kind: 'string', value: String.fromCharCode(97 + at.value) };
  },
  make_divisible: (args) => {
    const [value, divisor] = args;
    if (
      args.length !== 2 ||
      value?.kind !== 'number' ||
      divisor?.kind !== 'number' ||
      divisor.value < 1
    ) {
      return 'a number and a divisor of at least 1';
    }
    return number(makeDivisible(value.value, divisor.value));
  },
};

export const functionNames: readonly string[] = Object.keys(rules);

/** Calls a function; the answer is its value, or in words what it takes. */
export function callFunction(name: string, args: readonly Value[]): Value | string {
  return ownValue(rules, name)?.(args) ?? 'known names';
}
