import { expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';

/** The codes that a block with these parameters and this condition gives. */
function codesOf(parameters: string, condition: string): readonly string[] {
  const text = `block k(${parameters}) = conv(8, 3) -> (relu if ${condition})
model T {
  input image: [H, W, 1]
  wires { a = image -> k() }
  head mask: a -> conv(1, 1) -> sigmoid
}`;
  const { diagnostics } = compileText('a.unet', text);
  return diagnostics.map(({ code }) => code).filter((code) => code !== 'UNET5003');
}

const mode = 'm: same | valid = same';

test.each([
  [mode, 'm == "vald"'],
  [mode, 'm == "valid"'],
  [mode, 'm == 3'],
  [mode, 'm != true'],
  [`${mode}, d: int = 3`, 'm == d'],
  [`${mode}, d: int = 3`, 'd == m'],
  ['d: int = 3', 'd == "3"'],
  ['d: int = 3', 'd == true'],
  ['s: string = "a"', 's == 1'],
  ['d: 18 | 34 = 18', 'd == 50'],
  ['m: a | b = a, n: c | d = c', 'm == n'],
  ['m: same | 3 = same', 'm == 4'],
  ['c: int = 8, m: x | y = x, n: y | z = z', '(m if c > 4 else n) == w'],
  ['c: int = 8, d: 18 | 34 = 18', '(d if c > 4 else 7) == 8'],
])('%s: %s can never be true and is an error', (parameters, condition) => {
  expect(codesOf(parameters, condition)).toEqual([expect.stringMatching(/UNET30(07|16)/)]);
});

test.each([
  [mode, 'm == valid'],
  ['m: same | valid = same, n: same | full = full', 'm == n'],
  ['m: same | 3 = 3', 'm == same'],
  ['m: same | 3 = same', 'm == 3'],
  ['d: 18 | 34 = 18, e: int = 7', 'd == e'],
  ['m = none', 'm == 3'],
  ['s: string = "a"', 's == "b"'],
  ['c: int = 8, m: x | y = x, n: y | z = z', '(m if c > 4 else n) == z'],
  ['c: int = 8, m: x | y = x, n: y | z = z', 'x == (n if c > 4 else m)'],
  ['c: int = 8, m: x | y = x, n: y | z = z', '(m if c > 4 else (n if c > 2 else w)) == w'],
  ['c: int = 8, m: x | y = x', '(z if c > 4 else m) == x'],
  ['c: int = 8, d: 18 | 34 = 18', '(d if c > 4 else 7) == 7'],
  ['c: int = 8, d: 18 | 34 = 18', '(d if c > 4 else c) == 9'],
])('%s: %s may be true another time', (parameters, condition) => {
  expect(codesOf(parameters, condition)).toEqual([]);
});

test('the name of a loop may be what any item may be', () => {
  const text = `block k(m: x | y = x, n: y | z = z) {
  out = in
  for each in [m, n] {
    out = out -> conv(8, 3) if each == z else out
  }
}
model T {
  input image: [H, W, 1]
  wires { a = image -> k() }
  head mask: a -> conv(1, 1)
}`;
  const find = (word: string): readonly string[] =>
    compileText('a.unet', text.replace('== z', `== ${word}`)).diagnostics.map(({ code }) => code);
  expect(find('z')).toEqual([]);
  expect(find('w')).toContain('UNET3016');
});
