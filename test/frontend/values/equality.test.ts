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
])('%s: %s may be true another time', (parameters, condition) => {
  expect(codesOf(parameters, condition)).toEqual([]);
});
