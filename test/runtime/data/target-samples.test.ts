import { describe, expect, test } from '@jest/globals';
import { buildAugmentation } from '../../../src/runtime/data/augment/build.js';
import type { LoadedPair } from '../../../src/runtime/data/dataset.js';
import {
  makeTrainingSample,
  type SampleOptions,
} from '../../../src/runtime/data/training-sample.js';
import { createPixels } from '../../../src/runtime/data/pixels.js';
import { Random } from '../../../src/runtime/random.js';

const [height, width] = [6, 8];
/** An image whose values number its pixels, as the target does; the mask has their parity. */
const numbers = Float32Array.from({ length: height * width }, (_, at) => at);
const pair: LoadedPair = {
  name: 'a',
  pixels: { ...createPixels(height, width, 1), data: numbers.map((value) => value / 64) },
  mask: { height, width, data: Uint8Array.from(numbers, (value) => value % 2) },
  targets: new Map([['height', [numbers, numbers.map((value) => -value)]]]),
};

const axis = (input: number, cover = input) => ({ input, output: input, cover, margin: 0 });
const plain: SampleOptions = {
  policy: { kind: 'pad' },
  augmentations: [],
  scaling: { range: undefined, order: undefined, statistics: { mean: [0], deviation: [1] } },
  randomCrops: true,
  foreground: 0,
};
const call = (name: 'flip' | 'rotate90' | 'rotate') =>
  buildAugmentation({
    name,
    options: name === 'rotate' ? { degrees: 30, probability: 1 } : { axes: 'both' },
    origin: { file: '', start: 0, end: 0 },
  });

describe('targets of heads follow the image', () => {
  test.each(Array.from({ length: 8 }, (_, seed) => seed))(
    'exactly through flips and quarter turns: %d',
    (seed) => {
      const options = {
        ...plain,
        policy: { kind: 'crop', height: 4, width: 4 } as const,
        augmentations: [call('flip'), call('rotate90')],
      };
      const { image, targets, mask } = makeTrainingSample(
        pair,
        { vertical: axis(4), horizontal: axis(4) },
        options,
        new Random(seed),
      );
      const [own, negative] = targets.get('height')!;
      expect([...own!]).toEqual([...image].map((value) => value * 64));
      expect([...negative!]).toEqual([...own!].map((value) => -value));
      expect([...mask]).toEqual([...own!].map((value) => value % 2));
    },
  );

  test('by the nearest pixel through others, so that no value is mixed', () => {
    const { targets, mask, weights } = makeTrainingSample(
      pair,
      { vertical: axis(height), horizontal: axis(width) },
      { ...plain, augmentations: [call('rotate')] },
      new Random(5),
    );
    const [own] = targets.get('height')!;
    own!.forEach((value, at) => {
      expect(Number.isInteger(value)).toBe(true);
      expect(weights[at]).toBe(1);
      expect(mask[at]).toBe(value % 2);
    });
  });

  test('have no value outside of the image', () => {
    const { targets, weights } = makeTrainingSample(
      pair,
      { vertical: axis(10), horizontal: axis(10) },
      plain,
      new Random(0),
    );
    const [own] = targets.get('height')!;
    own!.forEach((value, at) => expect(Number.isNaN(value)).toBe(weights[at] === 0));
    expect([...own!].filter((value) => !Number.isNaN(value))).toEqual([...numbers]);
  });

  test('by the nearest pixel where images are resized, as the mask', () => {
    const { targets, mask } = makeTrainingSample(
      pair,
      { vertical: axis(3), horizontal: axis(5) },
      { ...plain, policy: { kind: 'resize', height: 3, width: 5 } },
      new Random(0),
    );
    const [own] = targets.get('height')!;
    expect([...own!].map((value) => value % 2)).toEqual([...mask]);
    expect([...own!].slice(0, 5)).toEqual([8, 10, 12, 13, 15]);
  });
});
