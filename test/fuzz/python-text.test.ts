import { expect, test } from '@jest/globals';
import { pythonProblem } from './properties/python-text.js';

test.each([
  ['x = [1, (2, "a]")]  # (\n', undefined],
  ['"""A (\n\\"""b."""\nx = {}\n', undefined],
  ['x = undefined\n', 'holds undefined'],
  ['x = "undefined"\n', undefined],
  ['x = f(1\n', 'has a bracket without an end'],
  ['x = f(1])\n', 'has a bracket that closes nothing'],
  ['x = "a\n', 'has a string without an end'],
])('of %j is told what no Python has', (text, problem) => {
  expect(pythonProblem(text, /\bundefined\b/)).toBe(problem);
});
