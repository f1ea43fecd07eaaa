import type { Colour } from './mask-encoding.js';

/**
 * Makes a palette PNG of an 8-bit grey one: the grey levels become indices into
 * `colours`, so that programs which read indices find the same numbers, and
 * pictures show colours. PNG specification, sections 11.2.2 and 11.2.3.
 *
 * @param png not interlaced, of colour type 0 and 8 bits, as `encodePng` writes it.
 */
export function withPalette(png: Buffer, colours: readonly Colour[]): Buffer {
  const header = Buffer.from(png.subarray(8, 33));
  header.writeUInt8(3, 8 + 9);
  header.writeUInt32BE(checksum(header.subarray(4, 21)), 21);
  const palette = Buffer.alloc(12 + 3 * colours.length);
  palette.writeUInt32BE(3 * colours.length, 0);
  palette.write('PLTE', 4, 'latin1');
  palette.set(colours.flat(), 8);
  const end = palette.length - 4;
  palette.writeUInt32BE(checksum(palette.subarray(4, end)), end);
  return Buffer.concat([png.subarray(0, 8), header, palette, png.subarray(33)]);
}

/** CRC-32 as in the PNG specification, annex D. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
