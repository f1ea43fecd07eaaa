import { beforeAll, expect, test } from '@jest/globals';
import { loadColours, type ColouredLine } from './tokenize.js';

let colour: (text: string) => readonly ColouredLine[];
beforeAll(async () => {
  colour = await loadColours('text.html.markdown');
});

/** Whether each line of a page is coloured as a spec; fences are told apart from both. */
function kindsOf(page: string): readonly string[] {
  return colour(page).map(({ tokens }) => {
    const scopes = tokens.flatMap((token) => token.scopes);
    if (scopes.includes('meta.embedded.block')) return 'spec';
    return scopes.includes('punctuation.definition.markdown') ? 'fence' : 'text';
  });
}

test('fences of unet have the colours of the language, up to their end', () => {
  const page = [
    'text',
    '```unet',
    'model A {',
    '```',
    'text',
    '~~~unet fragment',
    'skip none',
    '~~~',
  ];
  const kinds = ['text', 'fence', 'spec', 'fence', 'text', 'fence', 'spec', 'fence'];
  expect(kindsOf(page.join('\n'))).toEqual(kinds);
  expect(colour(page.join('\n'))[2]!.tokens[0]!.scopes.at(-1)).toBe('storage.type.model');
});

test('a spec that breaks off ends with its fence', () => {
  const cut = ['```unet', 'model A(b: int = [1, (2', 'input "x', '```', 'text'];
  expect(kindsOf(cut.join('\n'))).toEqual(['fence', 'spec', 'spec', 'fence', 'text']);
});

test('other fences are left alone', () => {
  expect(kindsOf(['```ts', 'model', '```', '```unetc', 'model', '```'].join('\n'))).toEqual(
    Array.from({ length: 6 }, () => 'text'),
  );
});
