import { expect, test } from '@jest/globals';
import { diagnose } from '../compile.js';

/** UNet 3+ of four levels in wires; each level of the decoder merges the encoder's from `first` on. */
function fullScale(first: number): string {
  const branch = (level: number, node: number): string => {
    if (level === node) return `e${level}`;
    if (level < node) return `e${level} -> max_pool(${2 ** (node - level)})`;
    return `${level === 4 ? 'e4' : `d${level}`} -> bilinear(${2 ** (level - node)})`;
  };
  const nodes = [3, 2, 1].map((node) => {
    const levels = [1, 2, 3, 4].filter((level) => level >= first || level > node);
    return `d${node} = [${levels.map((level) => branch(level, node)).join(', ')}] -> concat -> conv(4)`;
  });
  return `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 3, 4, 5], stage: conv(width), down: max_pool(2) }
  wires { ${nodes.join('\n')} }
  head mask: conv(1, 1)
}`;
}

test('a level that joins no node of the decoder is named', () => {
  expect(diagnose(fullScale(1))).toEqual([]);
  const [found, ...others] = diagnose(fullScale(2));
  expect(others).toEqual([]);
  expect(found!.severity).toBe('warning');
  expect(found!.message).toBe(
    'UNET5004: "e1" is only downsampled: its skip to "d1", which has the same size, is missing.'.slice(
      10,
    ),
  );
});

test('a network without skips is left in peace', () => {
  const text = `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 3, 4], stage: conv(width), down: max_pool(2) }
  skip none
  decoder { up: nearest(2), stage: conv(width) }
  head mask: conv(1, 1)
}`;
  expect(diagnose(text)).toEqual([]);
});
