import { expect, test } from '@jest/globals';
import { colourLevels, describeColour, packColour } from '../../../src/runtime/data/mask-levels.js';

/** The levels of grey samples of 16 bits. */
const levelsOf = (samples: readonly number[]): readonly number[] => {
  const data = Uint16Array.from(samples);
  const image = { width: samples.length, height: 1, channels: 1, depth: 16, data };
  return [...colourLevels({ image, palette: undefined } as never).data];
};

test('samples of 16 bits are colours of 8 bits only where they stand for one exactly', () => {
  const [black, white, between] = levelsOf([0, 65_535, 200]) as [number, number, number];
  expect([black, white]).toEqual([0, packColour(255, 255, 255)]);
  expect([black, white]).not.toContain(between);
  expect(describeColour(between)).toBe('[0, 0, 0] and more, in 16 bits');
});
