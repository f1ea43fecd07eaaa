import { expect, test } from '@jest/globals';
import { withArticle } from '../../src/diagnostics/counted.js';
import { reasonOf } from '../../src/runtime/data/data-error.js';

test('nouns have the article that they are spoken with', () => {
  const nouns = ['loss', 'optimizer', 'augmentation', 'layer', 'object'];
  expect(nouns.map(withArticle)).toEqual([
    ...['a loss', 'an optimizer', 'an augmentation'],
    ...['a layer', 'an object'],
  ]);
});

test('the reason of a decoder ends as part of a sentence does', () => {
  for (const text of [
    'corrupt header',
    'corrupt header:.',
    'corrupt header.\nmore',
    'corrupt header: \n',
  ]) {
    expect(reasonOf(new Error(text))).toBe('corrupt header');
  }
});
