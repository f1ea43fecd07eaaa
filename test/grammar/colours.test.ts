import { beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadColours, type ColouredLine } from './tokenize.js';

let colour: (text: string) => readonly ColouredLine[];
beforeAll(async () => {
  colour = await loadColours();
});

const samples = readdirSync('test/grammar/samples').map((file) => `test/grammar/samples/${file}`);
const golden = [
  'specs/unet-2015.unet',
  'specs/unet-3-plus.unet',
  'specs/std/mobilenet_v2.unet',
  'specs/templates/demo.unet',
  ...samples,
];

describe.each(golden)('%s', (path) => {
  test('has the colours of its golden file', () => {
    const name = path.split('/').at(-1)!.replace('.unet', '.tokens');
    const file = `test/grammar/golden/${name}`;
    const rendered = renderColours(colour(readFileSync(path, 'utf8')));
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, rendered);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(rendered);
  });
});

test('a text that breaks off anywhere does not colour the section below it', () => {
  const tail = 'encoder tail(c: int = 3) { tap s1 = in -> conv(c, 3, padding: valid) }';
  const [alone] = colour(tail);
  const text = readFileSync('specs/unet-2015.unet', 'utf8');
  const wrong = Array.from({ length: text.length }, (_, end) => text.slice(0, end)).filter(
    (cut) => JSON.stringify(colour(`${cut}\n${tail}`).at(-1)) !== JSON.stringify(alone),
  );
  expect(wrong.map((cut) => cut.slice(-40))).toEqual([]);
});

/** Each line, and below it a line for each of its tokens: where it stands, and its scopes. */
function renderColours(lines: readonly ColouredLine[]): string {
  return lines
    .flatMap(({ text, tokens }) => [
      `>${text}`.trimEnd(),
      ...tokens
        .filter(({ start, end }) => text.slice(start, end).trim() !== '')
        .map(
          ({ start, end, scopes }) =>
            `#${' '.repeat(start)}${'^'.repeat(end - start)} ${scopes.join(' ')}`,
        ),
    ])
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
