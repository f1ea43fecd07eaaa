import { expect, test } from '@jest/globals';
import type { Batch } from '../../../src/runtime/data/batches.js';
import { splitBatch } from '../../../src/runtime/data/split-batch.js';

/** Images of 1 x 2 pixels with 2 channels, each full of its number. */
function batchOf(count: number): Batch {
  const each = (length: number): number[] =>
    Array.from({ length: count * length }, (_, at) => Math.floor(at / length));
  return {
    ...{ count, inputHeight: 1, inputWidth: 2, channels: 2, outputHeight: 1, outputWidth: 1 },
    images: Float32Array.from(each(4)),
    masks: Uint8Array.from(each(1)),
    weights: Float32Array.from(each(1)),
    planes: [Float32Array.from(each(1))],
    targets: new Map([['distance', [Float32Array.from(each(1))]]]),
    names: Array.from({ length: count }, (_, at) => String(at)),
  };
}

test.each([
  [7, 3, [3, 2, 2]],
  [4, 2, [2, 2]],
  [5, 4, [2, 1, 1, 1]],
  [2, 8, [1, 1]],
  [3, 1, [3]],
])('%i images in %i parts', (count, parts, sizes) => {
  const found = splitBatch(batchOf(count), parts);
  expect(found.map((part) => part.count)).toEqual(sizes);
  const joined = found.flatMap(({ images, masks, weights, planes, names }) =>
    names.map((name, at) => [
      ...[name, masks[at], weights[at], planes[0]![at]],
      ...images.slice(4 * at, 4 * at + 4),
    ]),
  );
  expect(joined).toEqual(
    Array.from({ length: count }, (_, at) => [String(at), ...[at, at, at], ...[at, at, at, at]]),
  );
});
