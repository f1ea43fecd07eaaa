import { expect, test } from '@jest/globals';
import { SourceFile } from '../../src/diagnostics/source.js';
import { renderFrame } from '../../src/diagnostics/source-frame.js';

const style = { paint: (_tone: unknown, text: string): string => text, numberWidth: 1, width: 80 };

/**
 * A line that nobody can measure as a whole in the time of a test. Neighbours are never
 * alike, so that a slip of the underline shows.
 */
const line = 'ahovcjqxelszgnubipwdkryfmt'.repeat(1_000_000);
const last = line.length - 1;

/** The shown line and what stands above the underline. */
function frameAt(start: number, end: number): { readonly text: string; readonly marked: string } {
  const source = new SourceFile('a.unet', line);
  const mark = {
    span: { file: 'a.unet', start, end },
    symbol: '~',
    tone: 'error',
    text: '',
  } as const;
  const [text, underline] = renderFrame(source, [mark], style as never) as [string, string];
  const from = underline.indexOf('~');
  return { text, marked: text.slice(from, underline.length) };
}

test.each([0, 1, 30, 319, 320, 321, 639, 640, 50_000, last - 1_000, last - 25, last])(
  'the place %i of a line of 26,000,000 characters is shown and underlined',
  (at) => {
    const { text, marked } = frameAt(at, at + 1);
    expect(marked).toBe(line[at]);
    expect(text.length).toBeLessThanOrEqual(80);
    expect(text).toContain(line.slice(Math.max(0, at - 20), at + 20));
    expect(text.includes('| …')).toBe(at > 40);
    expect(text.endsWith('…')).toBe(at < last - 40);
  },
);

test('a place as long as the line is underlined as far as it is shown', () => {
  const { text, marked } = frameAt(0, line.length);
  expect(line.startsWith(marked)).toBe(true);
  expect(text).toBe(`  1 | ${marked}…`);
});
