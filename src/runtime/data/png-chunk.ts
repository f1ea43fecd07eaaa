import { crc32 } from '../../files/index.js';

/** The bytes that every PNG begins with. */
export const pngSignature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A chunk of a PNG: its length, type, content and checksum; PNG specification section 5.3. */
export function pngChunk(type: string, content: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(content, 8);
  const end = 8 + content.length;
  chunk.writeUInt32BE(crc32(chunk.subarray(4, end)), end);
  return chunk;
}
