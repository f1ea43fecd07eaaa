import { expect, test } from '@jest/globals';
import { renderSizes } from '../../../src/cli/commands/sizes.js';
import { describeLegal } from '../../../src/ir/sizes/legal-text.js';
import { compile } from '../../frontend/compile.js';

const model = (...lines: readonly string[]): string =>
  `model Test {\n  input image: [H, W, 2]\n  wires {\n${lines.join('\n')}\n}\n  head mask: a -> conv(1, 1)\n}\n`;

test('thousands of legal residues are formulas, not thousands of rows', () => {
  const strided = model(
    'a = image -> conv(2, 3, stride: 64, padding: valid) -> conv(2, 3, stride: 61, padding: valid)',
  );
  const [height] = renderSizes(compile(strided)).split('\n\n').slice(1);
  expect(height).toBe(
    [
      'height: H is at least 131',
      '  3904 of 3904 residues of H mod 3904 are legal, each from its minimum on: 131 to 4034',
      '  mask  floor((H - 131) / 3904) + 1',
      '  "--json" lists every residue',
    ].join('\n'),
  );
});

test('many residues in a row are said as such', () => {
  const steps = (last: string): string =>
    model(`b = image -> conv(2, 1, stride: 32)`, `c = image -> ${last}`, 'a = [b, c] -> add');
  // A window of 20 with steps of 32 gives one less where fewer than 20 are left over.
  const { sizes } = compile(steps('conv(2, 20, stride: 32, padding: valid)'));
  expect(describeLegal(sizes.height)).toBe('H is 0, 20 to 31 mod 32, from 20 on');
});
