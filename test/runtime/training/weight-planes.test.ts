import { describe, expect, test } from '@jest/globals';
import type { LoadedPair } from '../../../src/runtime/data/dataset.js';
import { createPixels } from '../../../src/runtime/data/pixels.js';
import type { WeightMapCall } from '../../../src/runtime/losses/loss-terms.js';
import { weightPlanes } from '../../../src/runtime/training/weight-planes.js';

const borders: WeightMapCall = {
  name: 'borders',
  options: { w0: 10, sigma: 5 },
  origin: { file: '', start: 0, end: 0 },
};

/** A row of two objects that touch, then background. */
const pair = (name: string, instances?: LoadedPair['instances']): LoadedPair => ({
  name,
  pixels: createPixels(1, 5, 1),
  mask: { height: 1, width: 5, data: Uint8Array.of(1, 1, 1, 1, 0) },
  instances,
});

describe('planes of weight maps', () => {
  test('follow the instances where a pair has them, else the connected parts', () => {
    const add = weightPlanes([borders], [2, 3]);
    const levels = { height: 1, width: 5, data: Uint16Array.of(4, 4, 7, 7, 0) };
    const border = 10 * Math.exp(-((1 + 3) ** 2) / 50);
    const numbered = add(pair('numbered', levels)).planes![0]!;
    expect([...numbered.slice(0, 4)]).toEqual([3, 3, 3, 3]);
    expect(numbered[4]).toBeCloseTo(2 + border, 5);
    expect([...add(pair('plain')).planes![0]!]).toEqual([3, 3, 3, 3, 2]);
  });

  test('are made once for each pair while memory lasts', () => {
    const add = weightPlanes([borders], [2, 3], 2 * 5 * 4);
    const first = add(pair('a')).planes;
    add(pair('b'));
    expect(add(pair('a')).planes).toBe(first);
    add(pair('c'));
    expect(add(pair('a')).planes).toBe(first);
    add(pair('d'));
    add(pair('e'));
    expect(add(pair('a')).planes).not.toBe(first);
    expect(add(pair('a')).planes).toEqual(first);
  });

  test('are not added without a map', () => {
    expect(weightPlanes([], [])(pair('a')).planes).toBeUndefined();
  });
});
