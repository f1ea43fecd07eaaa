import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage, writeImage } from '../../../src/runtime/data/image-files.js';
import {
  classesOfProbabilities,
  renderMask,
  renderOverlay,
  likeliestOf,
  renderProbabilities,
} from '../../../src/runtime/data/overlay.js';
import { createClassMask, createPixels, IGNORED } from '../../../src/runtime/data/pixels.js';
import { inFolder } from './support/folders.js';

const map = (channels: number, ...values: number[]) => ({
  height: 1,
  width: values.length / channels,
  channels,
  data: Float32Array.from(values),
});

describe('classes of probabilities', () => {
  it('one channel by threshold, several by the likeliest', () => {
    expect([...classesOfProbabilities(map(1, 0.2, 0.5, 0.9, NaN), 0.5).data]).toEqual([0, 0, 1, 0]);
    const three = map(3, 0.2, 0.5, 0.3, 0.4, 0.2, 0.4, NaN, 0, 0.1);
    expect([...classesOfProbabilities(three, 0.5).data]).toEqual([1, 0, 2]);
  });
});

describe('pictures of results', () => {
  const mask = createClassMask(5, 5);
  for (const at of [6, 7, 8, 11, 12, 13, 16, 17, 18]) mask.data[at] = 1;
  const black = createPixels(5, 5, 1);

  it('overlay: contour opaque, inside tinted, the rest as it was', () => {
    const { data, channels } = renderOverlay(black, mask);
    const at = (i: number): number[] => [...data.subarray(3 * i, 3 * i + 3)];
    expect(channels).toBe(3);
    expect(at(6)).toEqual([230, 159, 0]);
    expect(at(12)).toEqual([69, 48, 0]);
    expect(at(0)).toEqual([0, 0, 0]);
    const own = renderOverlay(black, mask, {
      colours: [
        [1, 1, 1],
        [10, 20, 30],
      ],
    });
    expect([...own.data.subarray(18, 21)]).toEqual([10, 20, 30]);
  });

  it('overlay of a colour image keeps its colours; no class, no mark', () => {
    const image = createPixels(1, 2, 3);
    image.data.set([1, 0.5, 0, 0, 0.2, 2]);
    const unknown = { height: 1, width: 2, data: Uint8Array.of(IGNORED, 0) };
    expect([...renderOverlay(image, unknown).data]).toEqual([255, 128, 0, 0, 51, 255]);
  });

  it('masks can serve as masks again', () => {
    const classes = { height: 1, width: 3, data: Uint8Array.of(0, 1, 2) };
    expect([...renderMask({ ...classes, data: Uint8Array.of(0, 1, 0) }, 2).data]).toEqual([
      0, 255, 0,
    ]);
    expect([...renderMask(classes, 3).data]).toEqual([0, 1, 2]);
    const table = [
      [0, 0, 0],
      [9, 8, 7],
      [1, 2, 3],
    ] as const;
    expect([...renderMask(classes, 3, table).data]).toEqual([0, 0, 0, 9, 8, 7, 1, 2, 3]);
  });

  it('the probability of the likeliest class', () => {
    expect(likeliestOf(map(3, 0.25, 0.5, 0.25, 1, 0, 0, NaN, 0.75, 0.125))).toEqual(
      map(1, 0.5, 1, 0.75),
    );
  });

  it('probabilities: one picture a class, 8 or 16 bits, clipped', () => {
    const [first, second] = renderProbabilities(map(2, 0, 1, 0.5, -3, 2, NaN), 8);
    expect([...first!.data]).toEqual([0, 128, 255]);
    expect([...second!.data]).toEqual([255, 0, 0]);
    expect([...renderProbabilities(map(1, 0.5), 16)[0]!.data]).toEqual([32768]);
  });
});

describe('writing', () => {
  const image = {
    width: 2,
    height: 1,
    channels: 1,
    depth: 16,
    data: Uint16Array.of(7, 65535),
  } as const;

  it('makes folders, replaces files, leaves no temporary file', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'new/deep/map.png');
      expect(await writeImage(path, image)).toBeUndefined();
      writeFileSync(path, 'old content that is longer than the image '.repeat(50));
      expect(await writeImage(path, image)).toBeUndefined();
      expect((await readImage(path)).value).toEqual(image);
      expect(readdirSync(join(folder, 'new/deep'))).toEqual(['map.png']);
    });
  });

  it('says why a file cannot be written', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'plain'), 'a file, not a folder');
      const problem = await writeImage(join(folder, 'plain/map.png'), image);
      expect(problem!.code).toBe('UNET6017');
      expect(problem!.message).toContain('plain/map.png');
      mkdirSync(join(folder, 'map.png'));
      expect((await writeImage(join(folder, 'map.png'), image))!.code).toBe('UNET6017');
      expect(readdirSync(folder).sort()).toEqual(['map.png', 'plain']);
    });
  });
});
