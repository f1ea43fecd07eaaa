import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { defaultsOf } from '../../../src/frontend/recipe/read-component.js';
import type { ScalingName } from '../../../src/ir/recipe.js';
import { planScaling } from '../../../src/ir/scaling.js';
import { checkRange, imageToPixels } from '../../../src/runtime/data/channels.js';
import { inspectDataset } from '../../../src/runtime/data/dataset.js';
import type { Image } from '../../../src/runtime/data/image.js';
import { createPixels } from '../../../src/runtime/data/pixels.js';
import { applyScaling, measureScaling } from '../../../src/runtime/data/scaling.js';
import { inFolder, png, writeFiles } from './support/folders.js';

const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/scalings.json', import.meta.url), 'utf8'),
) as {
  readonly pixels: readonly (readonly number[])[];
  readonly scaled: Readonly<Record<'caffe' | 'tf' | 'torch', readonly (readonly number[])[]>>;
};

const plan = (
  name: ScalingName,
  channels: number,
  options: Readonly<Record<string, unknown>> = {},
) => planScaling({ name, options: { ...defaultsOf('scaling', name), ...options } }, channels);

const row = (values: readonly number[], channels: number, depth: 8 | 16 = 8): Image => ({
  width: values.length / channels,
  height: 1,
  channels,
  depth,
  data: depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values),
});

/** What the network sees of an image. */
function seen(
  image: Image,
  channels: number,
  name: ScalingName,
  options: Readonly<Record<string, unknown>> = {},
): readonly number[] {
  const scaling = plan(name, channels, options);
  const pixels = imageToPixels(image, channels, scaling.range);
  applyScaling(pixels.data, channels, measureScaling(pixels, scaling));
  return [...pixels.data];
}

const expectClose = (found: readonly number[], wanted: readonly number[], digits = 5): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, digits));
};

describe("what Keras' preprocess_input gives", () => {
  const image = row(oracle.pixels.flat(), 3);
  test.each([
    ['caffe', 'caffe', 4],
    ['symmetric', 'tf', 6],
    ['imagenet', 'torch', 5],
  ] as const)('%s is its mode "%s"', (name, mode, digits) => {
    expectClose(seen(image, 3, name), oracle.scaled[mode].flat(), digits);
  });
});

describe('one channel', () => {
  test('gets the mean of the means', () => {
    expectClose(seen(row([0, 255], 1), 1, 'imagenet'), [-0.449 / 0.226, (1 - 0.449) / 0.226]);
    expectClose(seen(row([0, 255], 1), 1, 'caffe'), [-114.799, 140.201], 3);
  });
});

describe('given numbers', () => {
  test('are for each channel, in its order', () => {
    const options = { mean: [0.1, 0.2], deviation: [0.5, 0.25] };
    expectClose(seen(row([0, 255, 255, 0], 2), 2, 'normalize', options), [-0.2, 3.2, 1.8, -0.8]);
  });

  test('or one for all, in bytes where "white" says so', () => {
    const options = { mean: 127.5, deviation: 51, white: 255 };
    expectClose(seen(row([0, 255, 102], 3), 3, 'normalize', options), [-2.5, 2.5, -0.5]);
  });
});

describe('a range of file values', () => {
  test('is what counts as 0 and 1: 12 bits in 16-bit files', () => {
    const image = row([0, 1365, 2730, 4095], 1, 16);
    expectClose(seen(image, 1, 'range', { low: 0, high: 4095 }), [0, 1 / 3, 2 / 3, 1]);
    expectClose(seen(image, 1, 'symmetric', { range: [0, 4095] }), [-1, -1 / 3, 1 / 3, 1]);
    expectClose(seen(image, 1, 'range', { low: 1365, high: 2730 }), [-1, 0, 1, 2]);
  });

  test('holds for a grey image in three channels, and a colour image in one', () => {
    const range = { low: 0, high: 100 };
    expectClose(seen(row([50], 1), 3, 'range', range), [0.5, 0.5, 0.5]);
    expectClose(seen(row([100, 0, 0], 3), 1, 'range', range), [0.299]);
  });

  test('may not end beyond the type of a file', () => {
    expect(checkRange(row([1], 1), [0, 4095], 'a.png').map(({ message }) => message)).toEqual([
      'The image "a.png" has 8 bits, at most 255; the range of the scaling ends at 4095.',
    ]);
    expect(checkRange(row([1], 1, 16), [0, 4095], 'a.png')).toEqual([]);
    expect(checkRange(row([1], 1), undefined, 'a.png')).toEqual([]);
  });
});

test('a data set is read by it, and what lies beyond is told', async () => {
  await inFolder(async (folder) => {
    writeFiles(folder, {
      'train/images/a.png': await png(2, 1, 1, [0, 4095], 16),
      'train/masks/a.png': await png(2, 1, 1, [0, 1]),
      'train/images/b.png': await png(2, 1, 1, [0, 8190], 16),
      'train/masks/b.png': await png(2, 1, 1, [0, 1]),
      'train/images/c.png': await png(2, 1, 1, [0, 200]),
      'train/masks/c.png': await png(2, 1, 1, [0, 1]),
    });
    const { value, diagnostics } = await inspectDataset(folder, {
      ...{ splits: ['train'], classCount: 2, inputChannels: 1, range: [0, 4095] },
    });
    expect(
      diagnostics.map(({ code, message }) => [code, message.split(`${folder}/`).at(-1)]),
    ).toEqual([
      [
        'UNET6206',
        'train/images/c.png" has 8 bits, at most 255; the range of the scaling ends at 4095.',
      ],
      ['UNET6207', 'train/images/b.png" has 8190.'],
    ]);
    const split = value.splits.get('train')!;
    const loaded = await Promise.all(split.pairs.map((pair) => split.load(pair)));
    expect(loaded.map(({ pixels }) => [...pixels.data])).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });
});

describe('standard', () => {
  test('gives mean 0 and deviation 1 over all channels together', () => {
    const pixels = createPixels(5, 7, 3);
    pixels.data.forEach((_, i) => (pixels.data[i] = ((i * 31) % 17) / 16));
    applyScaling(pixels.data, 3, measureScaling(pixels, plan('standard', 3)));
    const mean = pixels.data.reduce((sum, value) => sum + value, 0) / pixels.data.length;
    const square = pixels.data.reduce((sum, value) => sum + value * value, 0) / pixels.data.length;
    expect(mean).toBeCloseTo(0, 6);
    expect(square).toBeCloseTo(1, 6);
  });

  test('makes an image of one value 0, not NaN', () => {
    for (const value of seen(row([77, 77, 77, 77], 1), 1, 'standard')) {
      expect(value).toBeCloseTo(0, 6);
    }
  });
});

test('unit keeps 0 to 1', () => {
  expect(seen(row([0, 255], 1), 1, 'unit')).toEqual([0, 1]);
});
