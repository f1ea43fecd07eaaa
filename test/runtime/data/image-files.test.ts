import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { decodeImage, decodeMaskFile } from '../../../src/runtime/data/decode-image.js';
import { encodePng, readImage } from '../../../src/runtime/data/image-files.js';
import type { Image, WholeImage } from '../../../src/runtime/data/image.js';
import { writeRawPng, writeRawTiff, pngChunk } from './support/raw-files.js';

async function decoded(bytes: Buffer): Promise<Image> {
  const { value, diagnostics } = await decodeImage(bytes, 'test');
  expect(diagnostics).toEqual([]);
  return value!;
}

async function codeOf(bytes: Buffer): Promise<string | undefined> {
  const { value, diagnostics } = await decodeImage(bytes, 'some.png');
  expect(value).toBeUndefined();
  expect(diagnostics[0]!.message).toContain('"some.png"');
  expect(diagnostics[0]!.help.length).toBeGreaterThan(0);
  return diagnostics[0]!.code;
}

const noise = (n: number, limit: number): number[] =>
  Array.from({ length: n }, (_, i) => (i * 7919 + ((i * i) % 31) * 104729) % limit);

describe('decoding keeps the samples of the file', () => {
  it.each([
    ['grey', 8, 0, 1, [0, 77, 255], [0, 77, 255]],
    ['grey with alpha', 8, 4, 2, [100, 0, 9, 200, 50, 128], [100, 0, 9, 200, 50, 128]],
    ['RGB', 8, 2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [
      'RGBA',
      8,
      6,
      4,
      [9, 8, 7, 0, 1, 2, 3, 4, 5, 6, 7, 255],
      [9, 8, 7, 0, 1, 2, 3, 4, 5, 6, 7, 255],
    ],
    ['16-bit grey', 16, 0, 1, [1, 2, 3, 4, 255, 254], [258, 772, 65534]],
    [
      '16-bit grey with alpha',
      16,
      4,
      2,
      [1, 2, 3, 4, 255, 254, 0, 1, 0, 7, 0, 9],
      [258, 772, 65534, 1, 7, 9],
    ],
    ['1-bit grey', 1, 0, 1, [0b10100000], [255, 0, 255]],
    ['4-bit grey', 4, 0, 1, [0x12, 0xf0], [17, 34, 255]],
  ])('PNG: %s', async (_name, bitDepth, colourType, channels, row, samples) => {
    const image = await decoded(
      writeRawPng({ width: 3, height: 1, bitDepth, colourType, rows: [row] }),
    );
    expect([image.width, image.height, image.channels]).toEqual([3, 1, channels]);
    expect(image.depth).toBe(bitDepth === 16 ? 16 : 8);
    expect([...image.data]).toEqual(samples);
  });

  it('ignores gamma and makes tRNS an alpha channel', async () => {
    const base = { width: 3, height: 1, bitDepth: 8, colourType: 0, rows: [[0, 77, 255]] };
    const gamma = await decoded(
      writeRawPng({ ...base, extra: [pngChunk('gAMA', Uint8Array.of(0, 0, 16, 0))] }),
    );
    expect([...gamma.data]).toEqual([0, 77, 255]);
    const keyed = await decoded(
      writeRawPng({ ...base, extra: [pngChunk('tRNS', Uint8Array.of(0, 77))] }),
    );
    expect([...keyed.data]).toEqual([0, 255, 77, 0, 255, 255]);
  });

  it('ignores an embedded colour profile', async () => {
    const raw = { width: 1, height: 1, channels: 3 } as const;
    const profiled = await sharp(Uint8Array.of(1, 2, 3), { raw })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const at = profiled.indexOf('iCCP');
    const profile = profiled.subarray(at + 4, at + 4 + profiled.readUInt32BE(at - 4));
    const base = { width: 1, height: 1, bitDepth: 8, colourType: 2, rows: [[200, 30, 90]] };
    const image = await decoded(writeRawPng({ ...base, extra: [pngChunk('iCCP', profile)] }));
    expect([...image.data]).toEqual([200, 30, 90]);
  });

  it('TIFF: 8 and 16 bits, both meanings of zero, 1 bit', async () => {
    const page = { width: 2, height: 1, bits: 16, sampleFormat: 1, photometric: 1 };
    const wide = await decoded(writeRawTiff([{ ...page, strip: Uint8Array.of(2, 1, 255, 255) }]));
    expect([wide.depth, ...wide.data]).toEqual([16, 258, 65535]);
    const inverted = await decoded(
      writeRawTiff([{ ...page, bits: 8, photometric: 0, strip: Uint8Array.of(0, 250) }]),
    );
    expect([inverted.depth, ...inverted.data]).toEqual([8, 255, 5]);
    const bits = await decoded(
      writeRawTiff([{ ...page, bits: 1, strip: Uint8Array.of(0b01000000) }]),
    );
    expect([...bits.data]).toEqual([0, 255]);
  });

  it('JPEG: grey stays grey, CMYK becomes RGB', async () => {
    const grey = sharp(Buffer.alloc(64, 90), { raw: { width: 8, height: 8, channels: 1 } });
    const image = await decoded(await grey.toColourspace('b-w').jpeg().toBuffer());
    expect([image.channels, image.data[9]]).toEqual([1, 90]);
    const colour = sharp(Buffer.alloc(192, 90), { raw: { width: 8, height: 8, channels: 3 } });
    const cmyk = await decoded(await colour.toColourspace('cmyk').jpeg().toBuffer());
    expect([cmyk.channels, cmyk.data.length]).toEqual([3, 192]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns EXIF orientation %i upright', async (orientation) => {
    const raw = { width: 5, height: 3, channels: 3 } as const;
    const stored = await sharp(Uint8Array.from(noise(45, 251)), { raw })
      .withMetadata({ orientation })
      .tiff({ compression: 'none' })
      .toBuffer();
    const expected = await sharp(stored).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const image = await decoded(stored);
    expect([image.width, image.height]).toEqual([expected.info.width, expected.info.height]);
    expect([...image.data]).toEqual([...expected.data]);
  });

  it('round trip: encoding and decoding give the image back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, 3, 4),
        fc.constantFrom(8 as const, 16 as const),
        fc.infiniteStream(fc.nat(65535)),
        async (width, height, channels, depth, stream) => {
          const samples = [...stream.take(width * height * channels)];
          const data = depth === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples);
          const image: WholeImage = { width, height, channels, depth, data };
          expect(await decoded(await encodePng(image))).toEqual(image);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('masks keep class indices', () => {
  const indices = async (bytes: Buffer): Promise<number[]> => {
    const { value, diagnostics } = await decodeMaskFile(bytes, 'test');
    expect(diagnostics).toEqual([]);
    return [...value!.image.data];
  };

  it.each([
    [8, [2, 0, 1, 2, 2], [2, 0, 1, 2, 2]],
    [4, [0x20, 0x12, 0x20], [2, 0, 1, 2, 2]],
    [2, [0b10000110, 0b10000000], [2, 0, 1, 2, 2]],
    [1, [0b01100000], [0, 1, 1, 0, 0]],
  ])('palette PNG of %i bits', async (bitDepth, row, expected) => {
    const palette = [0, 0, 0, 128, 0, 0, 0, 128, 0];
    const bytes = writeRawPng({
      width: 5,
      height: 1,
      bitDepth,
      colourType: 3,
      rows: [row],
      palette,
    });
    expect(await indices(bytes)).toEqual(expected);
    const { value } = await decodeMaskFile(bytes, 'test');
    expect([...value!.palette!]).toEqual(palette);
  });

  it('grey PNG of 2 and 4 bits: levels are not stretched', async () => {
    const base = { width: 3, height: 1, colourType: 0 };
    expect(await indices(writeRawPng({ ...base, bitDepth: 4, rows: [[0x12, 0x30]] }))).toEqual([
      1, 2, 3,
    ]);
    expect(await indices(writeRawPng({ ...base, bitDepth: 2, rows: [[0b01101100]] }))).toEqual([
      1, 2, 3,
    ]);
  });

  it("undoes every row filter, ties of Paeth's included", async () => {
    const filters = [0, 4, 1, 2, 3];
    const rows = [
      [10, 6],
      [2, 0],
      [5, 250],
      [1, 1],
      [1, 2],
    ];
    const bytes = writeRawPng({ width: 2, height: 5, bitDepth: 8, colourType: 0, rows, filters });
    const expected = [10, 6, 12, 6, 5, 255, 6, 0, 4, 4];
    expect(await indices(bytes)).toEqual(expected);
    expect([...(await decoded(bytes)).data]).toEqual(expected);
  });

  it.each([
    [1, 1],
    [3, 2],
    [5, 9],
    [33, 17],
  ])(
    'interlaced and filtered PNG of %i x %i agree with the general decoder',
    async (width, height) => {
      for (const depth of [8, 16] as const) {
        const samples = noise(width * height, depth === 8 ? 256 : 65536);
        const data = depth === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples);
        const source = sharp(data, { raw: { width, height, channels: 1 } });
        for (const progressive of [false, true]) {
          const bytes = await source
            .clone()
            .toColourspace(depth === 8 ? 'b-w' : 'grey16')
            .png({ progressive, adaptiveFiltering: true })
            .toBuffer();
          expect(await indices(bytes)).toEqual([...data]);
        }
      }
    },
  );
});

describe('files that are no readable image are named with a way out', () => {
  it('empty, text, other formats, missing', async () => {
    expect(await codeOf(Buffer.alloc(0))).toBe('UNET6011');
    expect(await codeOf(Buffer.from('no image at all'))).toBe('UNET6010');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="1"/>';
    expect(await codeOf(Buffer.from(svg))).toBe('UNET6013');
    const missing = await readImage('/nowhere/at-all.png');
    expect(missing.diagnostics.map((d) => d.code)).toEqual(['UNET6010']);
  });

  it('an image beyond the limit is refused before it is decoded', async () => {
    const rows = [[0]];
    const huge = writeRawPng({ width: 20000, height: 20000, bitDepth: 8, colourType: 0, rows });
    expect(await codeOf(huge)).toBe('UNET6012');
  });

  it('a file cut short never gives another image, and never throws', async () => {
    const raw = { width: 24, height: 20, channels: 3 } as const;
    const source = sharp(Uint8Array.from(noise(1440, 251)), { raw });
    const files = [
      await source.clone().png().toBuffer(),
      await source.clone().png({ palette: true }).toBuffer(),
      await source.clone().jpeg().toBuffer(),
      await source.clone().tiff({ compression: 'none' }).toBuffer(),
      await source.clone().tiff({ compression: 'lzw' }).toBuffer(),
    ];
    let refused = 0;
    for (const file of files) {
      const whole = await decoded(file);
      const cuts = fc.sample(fc.integer({ min: 0, max: file.length - 1 }), {
        numRuns: 60,
        seed: 7,
      });
      for (const cut of cuts) {
        const { value, diagnostics } = await decodeMaskFile(file.subarray(0, cut), 'cut');
        if (value === undefined) refused += diagnostics.length;
        else {
          const again = await decoded(file.subarray(0, cut));
          expect(again).toEqual(whole);
        }
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});
