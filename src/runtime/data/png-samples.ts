import { inflateSync } from 'node:zlib';
import { createSamples, type WholeSamples } from './image.js';

/** The samples of a grey or palette PNG exactly as stored: neither widened nor coloured. */
export interface PngSamples {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** One stored value a pixel: a grey level of `bitDepth` bits or an index into the palette. */
  readonly data: WholeSamples;
  /** Red, green and blue of each palette entry; undefined for grey images. */
  readonly palette: Uint8Array | undefined;
}

interface PngFile {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
  readonly palette: Uint8Array | undefined;
  readonly stream: Buffer;
}

interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const GREY = 0;
const PALETTE = 3;

/** Adam7, PNG specification section 8.2. */
const INTERLACED_PASSES: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];
const PLAIN_PASSES: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];

/**
 * Reads a PNG's stored samples. Undefined when the bytes are no PNG, or one of
 * another colour type than grey and palette. The general decoder expands
 * palettes to colours and stretches 2- and 4-bit grey levels to 8 bits, which
 * loses what a mask means: its class indices.
 *
 * The file must have been checked by that decoder before: checksums are not
 * verified again here. Throws `RangeError` or zlib's error on damaged data.
 */
export function readPngSamples(bytes: Buffer): PngSamples | undefined {
  const file = parseChunks(bytes);
  if (file === undefined) return undefined;
  const { width, height, bitDepth, palette } = file;
  const packed = inflateSync(file.stream);
  const data = createSamples(bitDepth === 16 ? 16 : 8, width * height);
  let offset = 0;
  for (const pass of file.interlaced ? INTERLACED_PASSES : PLAIN_PASSES) {
    const columns = Math.ceil((width - pass.x) / pass.stepX);
    const rows = Math.ceil((height - pass.y) / pass.stepY);
    if (columns <= 0 || rows <= 0) continue;
    const rowBytes = Math.ceil((columns * bitDepth) / 8);
    unfilterRows(packed, offset, rows, rowBytes, bitDepth === 16 ? 2 : 1);
    for (let row = 0; row < rows; row++) {
      const start = offset + row * (rowBytes + 1) + 1;
      const target = (pass.y + row * pass.stepY) * width + pass.x;
      for (let column = 0; column < columns; column++) {
        data[target + column * pass.stepX] = unpackSample(packed, start, column, bitDepth);
      }
    }
    offset += rows * (rowBytes + 1);
  }
  return { width, height, bitDepth, data, palette };
}

function parseChunks(bytes: Buffer): PngFile | undefined {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [bitDepth, colourType] = [bytes.readUInt8(24), bytes.readUInt8(25)];
  const interlaced = bytes.readUInt8(28) === 1;
  if (colourType !== GREY && colourType !== PALETTE) return undefined;
  let palette: Uint8Array | undefined;
  const parts: Buffer[] = [];
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'PLTE' && colourType === PALETTE) palette = Uint8Array.from(content);
    if (type === 'IDAT') parts.push(content);
    if (type === 'IEND') break;
    at += length + 12;
  }
  const stream = Buffer.concat(parts);
  return { width, height, bitDepth, colourType, interlaced, palette, stream };
}

/** Undoes the row filters in place; PNG specification section 9. */
function unfilterRows(
  bytes: Buffer,
  offset: number,
  rows: number,
  rowBytes: number,
  pixelBytes: number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = offset + row * (rowBytes + 1) + 1;
    const filter = bytes.readUInt8(start - 1);
    const above = row === 0 ? -1 : start - rowBytes - 1;
    for (let i = 0; i < rowBytes; i++) {
      const left = i < pixelBytes ? 0 : bytes[start + i - pixelBytes]!;
      const up = above < 0 ? 0 : bytes[above + i]!;
      const corner = above < 0 || i < pixelBytes ? 0 : bytes[above + i - pixelBytes]!;
      bytes[start + i] = bytes.readUInt8(start + i) + predict(filter, left, up, corner);
    }
  }
}

function predict(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new RangeError(`unknown row filter ${filter}`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function unpackSample(bytes: Buffer, start: number, column: number, bitDepth: number): number {
  if (bitDepth === 16) return bytes.readUInt16BE(start + 2 * column);
  if (bitDepth === 8) return bytes.readUInt8(start + column);
  const bit = column * bitDepth;
  const shift = 8 - bitDepth - (bit & 7);
  return (bytes.readUInt8(start + (bit >> 3)) >> shift) & ((1 << bitDepth) - 1);
}
