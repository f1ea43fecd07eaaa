import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage, decodeMaskFile } from '../../../src/runtime/data/decode-image.js';
import type { Image } from '../../../src/runtime/data/image.js';
import { inspectDataset } from '../../../src/runtime/data/dataset.js';
import { inFolder, png, writeFiles } from './support/folders.js';
import { writeRawTiff, type RawTiffPage } from './support/raw-files.js';
import { writeTiff } from './support/stored-arrays.js';

/** Images that are no pictures: floating-point and signed numbers, several pages, arrays, WebP. */

async function read(bytes: Buffer): Promise<Image> {
  const { value, diagnostics } = await decodeImage(bytes, 'x');
  expect(diagnostics).toEqual([]);
  return value!;
}
const said = async (bytes: Buffer): Promise<readonly string[]> =>
  (await decodeImage(bytes, 'x')).diagnostics.map(({ code, message }) => `${code} ${message}`);
const maskSaid = async (bytes: Buffer): Promise<readonly string[]> =>
  (await decodeMaskFile(bytes, 'x')).diagnostics.map(({ code, message }) => `${code} ${message}`);

const UNSIGNED = 1;
const SIGNED = 2;
const FLOAT = 3;

function page(bits: number, sampleFormat: number, values: readonly number[]): RawTiffPage {
  const view = new DataView(new ArrayBuffer((bits / 8) * values.length));
  for (const [at, value] of values.entries()) {
    const offset = (at * bits) / 8;
    if (sampleFormat === FLOAT && bits === 32) view.setFloat32(offset, value, true);
    else if (sampleFormat === FLOAT) view.setFloat64(offset, value, true);
    else if (bits === 8) view.setUint8(offset, value);
    else if (bits === 16) view.setInt16(offset, value, true);
    else view.setInt32(offset, value, true);
  }
  const strip = new Uint8Array(view.buffer);
  return { width: values.length, height: 1, bits, sampleFormat, photometric: 1, strip };
}

describe('TIFF', () => {
  test.each([
    ['strips', {}],
    ['tiles', { isTiled: true }],
    ['planes', { isApart: true }],
    ['packed strips', { packing: 'bits' }],
    ['strips with places of 64 bits', { isBig: true }],
  ] as const)('of several %s is read in both orders of bytes', async (_, how) => {
    const values = Array.from({ length: 40 * 21 * 2 }, (__, at) => (at * 7) % 1000);
    for (const isLittle of [true, false]) {
      const shape = { width: 40, height: 21, bands: 2, code: 'u2' } as const;
      const image = await read(writeTiff({ ...shape, ...how, isLittle, pages: [values] }));
      expect([image.channels, image.depth, [...image.data]]).toEqual([2, 16, values]);
    }
  });

  test.each([
    ['float32', page(32, FLOAT, [-1.5, 0, 0.25, 1e6])],
    ['float64', page(64, FLOAT, [-1.5, 0, 0.25, 1e6])],
    ['signed 16', page(16, SIGNED, [-300, 0, 7, 32767])],
    ['signed 32', page(32, SIGNED, [-300, 0, 7, 70000])],
    ['unsigned 32', page(32, UNSIGNED, [0, 7, 70000, 2 ** 31 - 128])],
  ])('of %s keeps its numbers', async (_name, own) => {
    const image = await read(writeRawTiff([own]));
    const { width, height, channels, depth } = image;
    expect({ width, height, channels, depth }).toEqual({
      ...{ width: 4, height: 1, channels: 1, depth: 32 },
    });
    const view = new DataView(own.strip.buffer);
    const expected = Array.from({ length: 4 }, (_, at) =>
      own.sampleFormat === FLOAT
        ? own.bits === 32
          ? view.getFloat32(4 * at, true)
          : view.getFloat64(8 * at, true)
        : own.bits === 16
          ? view.getInt16(2 * at, true)
          : view.getInt32(4 * at, true),
    );
    expect([...image.data]).toEqual(expected);
  });

  test('of several pages has the bands of all of them', async () => {
    const bytes = writeRawTiff([page(16, UNSIGNED, [1, 2, 3]), page(16, UNSIGNED, [40, 50, 60])]);
    expect(await read(bytes)).toEqual({
      ...{ width: 3, height: 1, channels: 2, depth: 16, alpha: false },
      data: Uint16Array.of(1, 40, 2, 50, 3, 60),
    });
  });

  test('smaller copies of a page are no bands', async () => {
    const bytes = writeRawTiff([
      page(8, UNSIGNED, [1, 2, 3, 4]),
      { ...page(8, UNSIGNED, [1, 3]), subfileType: 1 },
    ]);
    const image = await read(bytes);
    expect([image.channels, [...image.data]]).toEqual([1, [1, 2, 3, 4]]);
  });

  test('of pages that differ is refused', async () => {
    const other = page(8, UNSIGNED, [1, 2]);
    const bytes = writeRawTiff([page(8, UNSIGNED, [1, 2, 3]), other]);
    expect(await said(bytes)).toEqual([
      'UNET6010 The file "x" cannot be read: its pages differ in size or kind; make a file of each.',
    ]);
  });

  test('with a value that is no number is refused', async () => {
    expect(await said(writeRawTiff([page(32, FLOAT, [1, Number.NaN, 2])]))).toEqual([
      'UNET6096 The image "x" holds 1 value that is no number, such as NaN; expected finite numbers.',
    ]);
    expect(await said(writeRawTiff([page(32, FLOAT, [-Infinity, Number.NaN])]))).toEqual([
      expect.stringContaining('holds 2 values that are no number'),
    ]);
  });
});

/** A file as numpy.save writes it: version 1, the header padded with blanks to 64 bytes. */
function npy(descr: string, shape: string, hex: string, order = 'False'): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const length = 64 * Math.ceil((text.length + 11) / 64) - 10;
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 255, length >> 8]);
  const padded = Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1');
  return Buffer.concat([head, padded, Buffer.from(hex, 'hex')]);
}

describe('NPY', () => {
  const counted = Array.from({ length: 12 }, (_, at) => at);
  // The bytes are those that numpy 2 wrote of these values.
  test.each([
    ['|u1', '2, 3', 'False', 8, [0, 2, 4, 6, 8, 10], '00020406080a'],
    ['|b1', '2, 3', 'False', 8, [1, 0, 1, 0, 1, 0], '010001000100'],
    [
      ...(['<u2', '2, 3, 2', 'False', 16, counted.map((at) => at * 1000)] as const),
      '0000e803d007b80ba00f88137017581b401f28231027f82a',
    ],
    [
      ...(['>u2', '2, 3, 2', 'False', 16, counted.map((at) => at * 1000)] as const),
      '000003e807d00bb80fa0138817701b581f40232827102af8',
    ],
    [
      ...(['<f4', '2, 3, 2', 'False', 32, counted.map((at) => Math.fround(at / 7 - 0.5))] as const),
      '000000bf6edbb6beb76d5bbe254992bd2549923db76d5b3e6edbb63e0000003f4992243f9224493fdbb66d3f9224893f',
    ],
    [
      ...(['<i4', '2, 3, 2', 'True', 32, counted.map((at) => at - 5)] as const),
      'fbffffff01000000fdffffff03000000ffffffff05000000fcffffff02000000feffffff040000000000000006000000',
    ],
    [
      ...(['<i8', '2, 3, 2', 'False', 32, counted] as const),
      counted.map((at) => `0${at.toString(16)}`.padEnd(16, '0')).join(''),
    ],
  ] as const)('%s of (%s), Fortran: %s', async (descr, shape, order, depth, values, hex) => {
    const image = await read(npy(descr, shape, hex, order));
    const channels = shape === '2, 3' ? 1 : 2;
    expect({ ...image, data: [...image.data] }).toEqual({
      ...{ width: 3, height: 2, channels, depth, alpha: false, data: values },
    });
  });

  test.each([
    ['<c16', '1, 1', '0'.repeat(32), 'numbers of the type "<c16"'],
    ['<f8', '4,', '0'.repeat(64), 'its shape is (4); expected (H, W) or (H, W, C)'],
    ['|u1', '1, 2, 3, 4', '0'.repeat(48), 'its shape is (1, 2, 3, 4)'],
    ['<f4', '2, 2', '00', 'it is cut short'],
    ['constructor', '2, 2', '00', 'numbers of the type "constructor"'],
  ])('%s of (%s) is refused', async (descr, shape, hex, message) => {
    expect(await said(npy(descr, shape, hex))).toEqual([expect.stringContaining(message)]);
  });

  test('a header that is none is refused', async () => {
    const bytes = npy('|u1', '1, 1', '00');
    bytes.fill(0x20, 10, 60);
    expect(await said(bytes)).toEqual([expect.stringContaining('UNET6010')]);
    expect(await said(bytes.subarray(0, 20))).toEqual([expect.stringContaining('UNET6010')]);
  });
});

describe('WebP', () => {
  const noise = Uint8Array.from({ length: 16 * 16 * 3 }, (_, at) => (at * 89) % 251);
  const source = sharp(noise, { raw: { width: 16, height: 16, channels: 3 } });

  test('without loss gives the samples back', async () => {
    const image = await read(await source.clone().webp({ lossless: true }).toBuffer());
    expect([image.channels, image.depth, [...image.data]]).toEqual([3, 8, [...noise]]);
  });

  test('of masks says whether values are blurred', async () => {
    const lossy = async (options: { lossless?: boolean }): Promise<boolean | undefined> =>
      (await decodeMaskFile(await source.clone().webp(options).toBuffer(), 'x')).value?.lossy;
    expect(await lossy({})).toBe(true);
    expect(await lossy({ lossless: true })).toBe(false);
  });

  test('that moves is refused', async () => {
    const frame = await source.clone().png().toBuffer();
    const bytes = await sharp([frame, await sharp(frame).negate().png().toBuffer()], {
      join: { animated: true },
    })
      .webp({ lossless: true })
      .toBuffer();
    expect(await said(bytes)).toEqual([expect.stringContaining('UNET6015')]);
  });
});

describe('masks', () => {
  test('of 32 bits and of floating point hold class numbers and objects', async () => {
    for (const own of [page(32, UNSIGNED, [0, 1, 70, 65535]), page(32, FLOAT, [0, 1, 70, 65535])]) {
      const { value, diagnostics } = await decodeMaskFile(writeRawTiff([own]), 'x');
      expect(diagnostics).toEqual([]);
      expect([value!.image.depth, [...value!.image.data]]).toEqual([16, [0, 1, 70, 65535]]);
    }
  });

  test.each([0.5, -1, 65536])('that hold %d are refused', async (value) => {
    expect(await maskSaid(writeRawTiff([page(32, FLOAT, [0, value])]))).toEqual([
      `UNET6097 The mask "x" holds the value ${value}; expected whole numbers from 0 to 65535.`,
    ]);
  });
});

test('floating-point images that are not of 0 to 1 are told, once, unless a range says what they are', async () => {
  await inFolder(async (folder) => {
    const mask = await png(4, 1, 1, [0, 255, 0, 255]);
    const files = Object.fromEntries(
      ['a', 'b'].flatMap((name) => [
        [`images/${name}.tif`, writeRawTiff([page(32, FLOAT, [0, 10, -20, 4000])])],
        [`masks/${name}.png`, mask],
      ]),
    );
    writeFiles(folder, files);
    const inspect = (range?: readonly [number, number]) =>
      inspectDataset(folder, { splits: ['flat'], classCount: 2, inputChannels: 1, range });
    const { diagnostics } = await inspect();
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'UNET6095 2 images of floating-point numbers hold values from -20 to 4000: without a range they are taken as they are, and networks expect about 0 to 1.',
    ]);
    const { value, diagnostics: none } = await inspect([-20, 4000]);
    expect(none).toEqual([]);
    const split = value.splits.get('flat')!;
    const { pixels } = await split.load(split.pairs[0]!);
    expect([...pixels.data]).toEqual([0, 10, -20, 4000].map((v) => Math.fround((v + 20) / 4020)));
  });
});
