/** The bytes that every PNG begins with. */
export const pngSignature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A chunk of a PNG: its length, type, content and checksum; PNG specification section 5.3. */
export function pngChunk(type: string, content: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(content, 8);
  const end = 8 + content.length;
  chunk.writeUInt32BE(checksum(chunk.subarray(4, end)), end);
  return chunk;
}

/** CRC-32 of each byte, PNG specification annex D. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = remainders[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
