import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPixels } from '../../../src/runtime/data/image-source.js';
import { decodeImage, decodeMaskFile } from '../../../src/runtime/data/decode-image.js';
import { greyLevels } from '../../../src/runtime/data/mask-levels.js';
import { paletteOf } from '../../../src/runtime/data/overlay.js';
import { openPng } from '../../../src/runtime/data/png-rows.js';
import type { PixelSource } from '../../../src/runtime/data/pixel-source.js';
import { inFolder, png } from './support/folders.js';

/** Everything is read in bands of a few rows. */
const inParts = { above: 0, bandBytes: 100 };

const samples = (count: number, most: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 7919) % (most + 1));

/** What a source gives by each of its ways. */
async function all(source: PixelSource): Promise<unknown> {
  const { height, width } = source;
  const strips = [];
  for await (const { data } of source.strips()) strips.push(...data);
  const { mean, deviation } = await source.scaling({
    order: undefined,
    range: undefined,
    statistics: undefined,
  });
  return {
    strips,
    rows: [...(await source.rows(2, 9)).data],
    cut: [...(await source.cut(-3, 4, height + 5, width)).data],
    inner: [...(await source.cut(5, 1, 2, 3)).data],
    scaling: [...mean, ...deviation].map((value) => value.toFixed(12)),
  };
}

describe('an image read in parts is that read at once', () => {
  test.each([
    [1, 8, 1],
    [1, 16, 1],
    [2, 8, 1],
    [3, 8, 3],
    [3, 8, 1],
    [3, 16, 3],
    [4, 8, 3],
  ] as const)('%i channels of %i bits for an input of %i', async (channels, depth, wanted) => {
    await inFolder(async (folder) => {
      const file = join(folder, 'a.png');
      const values = samples(13 * 17 * channels, depth === 8 ? 255 : 65535);
      writeFileSync(file, await png(17, 13, channels, values, depth));
      const whole = await openPixels(file, wanted);
      const parts = await openPixels(file, wanted, undefined, inParts);
      expect(parts.diagnostics).toEqual([]);
      expect(await all(parts.value!.source)).toEqual(await all(whole.value!.source));
      expect(parts.value!.facts()).toEqual(whole.value!.facts());
    });
  });

  test('one that is cut short is told, wherever the fault lies', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'a.png');
      const bytes = await png(
        200,
        200,
        1,
        samples(40000, 255).map((v, i) => (v * i) % 251),
      );
      writeFileSync(file, bytes.subarray(0, bytes.length * 0.7));
      const { value } = await openPixels(file, 1, undefined, inParts);
      await expect(value!.source.rows(190, 200)).rejects.toMatchObject({
        diagnostics: [{ code: 'UNET6010' }],
      });
    });
  });

  test('a file that is no image is told as ever', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'a.png');
      writeFileSync(file, 'no image');
      const { value, diagnostics } = await openPixels(file, 1, undefined, inParts);
      expect(value).toBeUndefined();
      expect(diagnostics).toHaveLength(1);
      expect((await openPixels(join(folder, 'none.png'), 1)).diagnostics).toHaveLength(1);
    });
  });
});

describe('a PNG that is written row by row', () => {
  test.each([1, 3] as const)('of %i channels', async (channels) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.png');
      const data = Uint8Array.from(samples(7 * 5 * channels, 255));
      const output = await openPng(path, { width: 7, height: 5, channels });
      await output.write(data.subarray(0, 2 * 7 * channels));
      await output.write(data.subarray(2 * 7 * channels));
      expect(() => readFileSync(path)).toThrow();
      await output.finish();
      const { value, diagnostics } = await decodeImage(readFileSync(path), path);
      expect(diagnostics).toEqual([]);
      expect(value).toMatchObject({ width: 7, height: 5, channels, depth: 8 });
      expect([...value!.data]).toEqual([...data]);
    });
  });

  test('with a palette: in colour, and read again as its indices', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.png');
      const palette = paletteOf(12);
      const output = await openPng(path, { width: 2, height: 2, channels: 1, palette });
      await output.write(Uint8Array.of(0, 1, 2, 11));
      await output.finish();
      const { value, diagnostics } = await decodeMaskFile(readFileSync(path), path);
      expect(diagnostics).toEqual([]);
      expect([...greyLevels(value!)!.data]).toEqual([0, 1, 2, 11]);
      expect([...value!.decoded.data.subarray(0, 6)]).toEqual([0, 0, 0, 230, 159, 0]);
    });
  });

  test('that is abandoned leaves nothing; too few rows are no picture', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.png');
      const output = await openPng(path, { width: 2, height: 2, channels: 1 });
      await output.write(Uint8Array.of(1, 2));
      await expect(output.finish()).rejects.toThrow('1 of 2 rows');
      output.abandon();
      expect(() => readFileSync(path)).toThrow();
    });
  });
});
