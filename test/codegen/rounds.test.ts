import { expect, test } from '@jest/globals';
import { writeModule } from '../../src/codegen/typescript/emit.js';
import { compileText } from '../../src/compile.js';

/** The function of a declared encoder, line by line. */
function encoderOf(lines: string, blocks: string): readonly string[] {
  const spec = `encoder rounds(alpha: float = 1) { ${lines} }
    model M(alpha: float = 1) { input image: [H, W, 4]
      encoder rounds { alpha: alpha, taps: [image, s2] }
      skip plain { merge: [up, skip] -> concat }
      decoder { widths: [4], up: nearest(2), stage: conv(width, 3) }
      head mask: conv(1, 1) }
    ${blocks}`;
  const { models, diagnostics } = compileText('m.unet', spec);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const all = writeModule(models, { file: 'm.unet' }).split('\n');
  const first = all.findIndex((line) => line.startsWith('function rounds('));
  const end = all.findIndex((line, index) => index > first && line.startsWith('function '));
  return all.slice(first + 1, end).filter((line) => line !== '}' && line !== '');
}

const part = 'block part(c: int, kernel: int = 3) = conv(c, kernel) -> batch_norm -> relu';
const repeat = (times: number, next: string, tap: string): string =>
  `stem = in -> max_pool(2)
   block = stem
   for i in range(${times}) { ${next} }
   tap s2 = ${tap}`;

test('calls that differ in their numbers are rounds over a table of these', () => {
  const lines = encoderOf(
    repeat(6, 'block = block -> part(4 + 2 * i, 5 if i == 3 else 3)', 'block'),
    part,
  );
  expect(lines).toEqual([
    'const stem = maxPool(input, `${name}/stem`);',
    'let block = stem;',
    'for (const [i, c, kernel] of [',
    ...['[1, 4, 3],', '[2, 6, 3],', '[3, 8, 3],', '[4, 10, 5],', '[5, 12, 3],', '[6, 14, 3],'],
    '] as const) {',
    'block = part(block, `${name}/block_${i}`, c, kernel);',
    'return block;',
  ]);
});

test('rounds without numbers only count', () => {
  const lines = encoderOf(repeat(6, 'block = block -> part(8)', 'block'), part);
  expect(lines).toContain('for (let i = 1; i <= 6; i++) {');
});

test('tensors that are read after their rounds have places by their numbers', () => {
  const lines = encoderOf(
    `middle = in
     ${repeat(6, 'block = block -> part(8 + i)\nmiddle = block if i == 2 else middle', '[middle, block] -> concat')}`,
    part,
  );
  expect(lines).toContain('const block: Tensor[] = [stem];');
  expect(lines).toContain('block[i] = part(block[i - 1]!, `${name}/block_${i}`, c);');
  expect(lines.join()).toContain('concat([block[3]!, block[6]!]');
});

test('a round of two calls may read what the round before made, and leave it out', () => {
  const blocks = `block wide() = conv(in.channels * 2, 1) -> batch_norm -> relu
    block narrow(c: int, shortcut: tensor) {
      h = in -> conv(c, 1) -> batch_norm
      out = [h, shortcut] -> add if shortcut.channels == c else h }`;
  const lines = encoderOf(
    repeat(
      4,
      `expand = block -> wide
       block = expand -> narrow(8 if i < 2 else 16, block)`,
      'block',
    ),
    blocks,
  );
  expect(lines).toEqual([
    'const stem = maxPool(input, `${name}/stem`);',
    'let block = stem;',
    'for (const [i, c, hasShortcut] of [',
    ...['[1, 8, false],', '[2, 8, true],', '[3, 16, false],', '[4, 16, true],'],
    '] as const) {',
    'const expand = wide(block, `${name}/expand_${i}`);',
    'block = narrow(expand, `${name}/block_${i}`, c, hasShortcut ? block : undefined);',
    'return block;',
  ]);
});

test('fewer rounds are written out, and so are calls of which one is of another kind', () => {
  const few = encoderOf(repeat(3, 'block = block -> part(8 + i)', 'block'), part);
  expect(few.join('\n')).not.toContain('for (');
  const mixed = encoderOf(
    repeat(6, 'block = block -> (part(8) if i != 3 else other(8))', 'block'),
    `${part}\nblock other(c: int) = conv(c, 1) -> sigmoid -> conv(c, 3) -> relu`,
  );
  expect(mixed.join('\n')).not.toContain('for (');
});
