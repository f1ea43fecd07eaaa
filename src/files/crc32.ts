/** The remainder of each byte by a polynomial, its bits in reverse order. */
const remaindersBy = (polynomial: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? polynomial ^ (crc >>> 1) : crc >>> 1;
    return crc;
  });

/** Of PNG (specification annex D) and of zip archives. */
const remainders = remaindersBy(0xedb88320);
/** Castagnoli's, as in RFC 3720, appendix B.4. */
const castagnoli = remaindersBy(0x82f63b78);

/** The CRC-32 of bytes, by `before` continued from that of bytes before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return remainderOf(bytes, before, remainders);
}

/** The CRC-32C of bytes, by Castagnoli's polynomial. */
export function crc32c(bytes: Uint8Array): number {
  return remainderOf(bytes, 0, castagnoli);
}

function remainderOf(bytes: Uint8Array, before: number, table: Uint32Array): number {
  let crc = ~before;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
