import { deflateSync } from 'node:zlib';

/** Image files written byte by byte, for the cases that no encoder makes. */

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function pngChunk(type: string, content: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(content, 8);
  let crc = 0xffffffff;
  for (const byte of chunk.subarray(4, 8 + content.length)) {
    crc = CRC_TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  }
  chunk.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 8 + content.length);
  return chunk;
}

export interface RawPng {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colourType: number;
  /** The bytes of each row, packed, without the filter byte. */
  readonly rows: readonly (readonly number[])[];
  /** The filter of each row; 0 (none) when absent. */
  readonly filters?: readonly number[];
  readonly palette?: readonly number[];
  readonly extra?: readonly Buffer[];
}

export function writeRawPng(png: RawPng): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(png.width, 0);
  header.writeUInt32BE(png.height, 4);
  header[8] = png.bitDepth;
  header[9] = png.colourType;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    pngChunk('IHDR', header),
    ...(png.extra ?? []),
    ...(png.palette ? [pngChunk('PLTE', Uint8Array.from(png.palette))] : []),
    pngChunk(
      'IDAT',
      deflateSync(Buffer.from(png.rows.flatMap((row, y) => [png.filters?.[y] ?? 0, ...row]))),
    ),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

export interface RawTiffPage {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly sampleFormat: number;
  /** 0 white is zero, 1 black is zero. */
  readonly photometric: number;
  /** The tag NewSubfileType: 1 for a smaller copy of another page. */
  readonly subfileType?: number;
  readonly strip: Uint8Array;
}

/** A little-endian, uncompressed, one-channel TIFF of one or more pages. */
export function writeRawTiff(pages: readonly RawTiffPage[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let length = 8;
  let link = { part: parts[0]!, at: 4 };
  for (const page of pages) {
    const strip = Buffer.from(page.strip);
    parts.push(strip);
    const stripAt = length;
    length += strip.length;
    const fields: [tag: number, type: number, value: number][] = [
      [254, 4, page.subfileType ?? 0],
      [256, 3, page.width],
      [257, 3, page.height],
      [258, 3, page.bits],
      [259, 3, 1],
      [262, 3, page.photometric],
      [273, 4, stripAt],
      [277, 3, 1],
      [278, 3, page.height],
      [279, 4, strip.length],
      [339, 3, page.sampleFormat],
    ];
    const directory = Buffer.alloc(2 + 12 * fields.length + 4);
    directory.writeUInt16LE(fields.length, 0);
    fields.forEach(([tag, type, value], i) => {
      directory.writeUInt16LE(tag, 2 + 12 * i);
      directory.writeUInt16LE(type, 4 + 12 * i);
      directory.writeUInt32LE(1, 6 + 12 * i);
      if (type === 3) directory.writeUInt16LE(value, 10 + 12 * i);
      else directory.writeUInt32LE(value, 10 + 12 * i);
    });
    link.part.writeUInt32LE(length, link.at);
    link = { part: directory, at: directory.length - 4 };
    parts.push(directory);
    length += directory.length;
  }
  return Buffer.concat(parts);
}

/** A little-endian, uncompressed 8-bit TIFF of several bands that are no colours. */
export function writeBandTiff(
  width: number,
  height: number,
  bands: number,
  samples: readonly number[],
): Buffer {
  const fields: [tag: number, type: 3 | 4, values: readonly number[]][] = [
    [256, 3, [width]],
    [257, 3, [height]],
    [258, 3, new Array<number>(bands).fill(8)],
    [259, 3, [1]],
    [262, 3, [1]],
    [273, 4, [8]],
    [277, 3, [bands]],
    [278, 3, [height]],
    [279, 4, [samples.length]],
    [338, 3, new Array<number>(bands - 1).fill(0)],
  ];
  const start = 8 + samples.length;
  const directory = Buffer.alloc(2 + 12 * fields.length + 4);
  const tails: Buffer[] = [];
  let beyond = start + directory.length;
  directory.writeUInt16LE(fields.length, 0);
  fields.forEach(([tag, type, values], i) => {
    const at = 2 + 12 * i;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(values.length, at + 4);
    const bytes = Buffer.alloc(values.length * (type === 3 ? 2 : 4));
    values.forEach((value, v) =>
      type === 3 ? bytes.writeUInt16LE(value, 2 * v) : bytes.writeUInt32LE(value, 4 * v),
    );
    if (bytes.length <= 4) bytes.copy(directory, at + 8);
    else {
      directory.writeUInt32LE(beyond, at + 8);
      tails.push(bytes);
      beyond += bytes.length;
    }
  });
  const head = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(start, 4);
  return Buffer.concat([head, Buffer.from(samples), directory, ...tails]);
}
