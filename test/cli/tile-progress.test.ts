import { expect, test } from '@jest/globals';
import { createOutput, type Output } from '../../src/cli/output.js';
import { showTiles } from '../../src/cli/tile-progress.js';

/** What is left on the screen after each tile, of which each takes 50 seconds. */
function screens(total: number, options: { readonly isTerminal: boolean }): readonly string[] {
  let text = '';
  const write = (more: string): void => void (text += more);
  const output: Output = createOutput({ write, colour: false, width: 60, ...options });
  let time = 0;
  const show = showTiles(output, 'a.png', () => time);
  return Array.from({ length: total }, (_, done) => {
    time += 50_000;
    show(done + 1, total);
    return text.slice(text.lastIndexOf('\u001b[2K') + 1);
  });
}

test('an image of several tiles: how many are done, and how long the others take', () => {
  const shown = screens(3, { isTerminal: true });
  expect(shown[0]).toContain('a.png  ========................  1/3 tiles  1:40 left');
  expect(shown[1]).toContain('2/3 tiles  0:50 left');
  expect(shown[2]).toBe('[2K');
});

test('nothing for a single tile, and where nobody is watching', () => {
  expect(screens(1, { isTerminal: true })).toEqual(['']);
  expect(screens(2, { isTerminal: false })).toEqual(['', '']);
});
