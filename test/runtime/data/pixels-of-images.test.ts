import { describe, expect, it } from '@jest/globals';
import { checkChannels, imageToPixels } from '../../../src/runtime/data/channels.js';
import type { Image } from '../../../src/runtime/data/image.js';

function pixel(depth: 8 | 16, ...samples: number[]): Image {
  const data = depth === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples);
  return { width: 1, height: 1, channels: samples.length, depth, data };
}

const valuesOf = (image: Image, channels: number): number[] =>
  [...imageToPixels(image, channels).data].map((value) => Math.round(value * 1e4) / 1e4);

describe('channels', () => {
  it.each([
    ['grey as grey', pixel(8, 51), 1, [0.2]],
    ['16-bit grey as grey', pixel(16, 13107), 1, [0.2]],
    ['grey to three', pixel(8, 51), 3, [0.2, 0.2, 0.2]],
    ['colour to luma', pixel(8, 255, 0, 0), 1, [0.299]],
    ['green to luma', pixel(8, 0, 255, 0), 1, [0.587]],
    ['opaque alpha is dropped', pixel(8, 51, 102, 153, 255), 3, [0.2, 0.4, 0.6]],
    ['transparent lies over black', pixel(8, 51, 102, 255, 0), 3, [0, 0, 0]],
    ['half transparent', pixel(16, 65535, 0, 65535, 32768), 3, [0.5, 0, 0.5]],
    ['grey with alpha', pixel(8, 255, 102), 1, [0.4]],
    ['grey with alpha to three', pixel(8, 255, 102), 3, [0.4, 0.4, 0.4]],
    ['four stay four', pixel(8, 255, 51, 0, 102), 4, [1, 0.2, 0, 0.4]],
    ['two stay two', pixel(8, 255, 51), 2, [1, 0.2]],
  ])('%s', (_name, image, channels, expected) => {
    expect(valuesOf(image, channels)).toEqual(expected);
    expect(checkChannels(image, channels, 'a.png')).toEqual([]);
  });

  it('what cannot be adapted is named', () => {
    expect(checkChannels(pixel(8, 1, 2, 3), 4, 'a.png').map((d) => d.message)).toEqual([
      'The image "a.png" is RGB; the network\'s input has 4 channels.',
    ]);
    expect(checkChannels(pixel(8, 1), 2, 'a.png').map((d) => d.code)).toEqual(['UNET6016']);
  });
});
