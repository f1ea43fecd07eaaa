import { expect, test } from '@jest/globals';
import { closest, didYouMean } from '../../src/diagnostics/suggest.js';

const names = ['input', 'conv', 'conv_transpose', 'max_pool', 'batch_norm', 'up', 'align_corners'];

test.each([
  ['inpt', 'input'],
  ['Input', 'input'],
  ['ipnut', 'input'],
  ['convv', 'conv'],
  ['maxPool', 'max_pool'],
  ['max-pool', 'max_pool'],
  ['batchnorm', 'batch_norm'],
  ['conv_transposed', 'conv_transpose'],
  ['aling_corner', 'align_corners'],
  ['pu', 'up'],
])('%s means %s', (written, meant) => expect(closest(written, names)).toBe(meant));

test.each(['', 'x', 'zz', 'output', 'transformer', 'xy'])('%p means nothing known', (written) =>
  expect(closest(written, names)).toBeUndefined(),
);

test('the first of equals is meant', () => {
  expect(closest('cat', ['bat', 'hat'])).toBe('bat');
  expect(closest('cat', ['hat', 'bat'])).toBe('hat');
});

test('names of signs only are compared as they are', () => {
  expect(closest('--', ['_', '-'])).toBeUndefined();
});

test('the clause is a question', () => {
  expect(didYouMean('inpt', names)).toBe('Did you mean "input"?');
  expect(didYouMean('qqqq', names)).toBeUndefined();
});
