/**
 * Whether a WebP file keeps every value: its chunk of pixels is "VP8L", not "VP8 " (RFC 9649).
 * False for bytes that are no WebP.
 */
export function isLosslessWebp(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 8, 12) !== 'WEBP') return false;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'VP8L') return true;
    if (name === 'VP8 ') return false;
    const size = bytes.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return false;
}
