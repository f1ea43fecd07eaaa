import { inflateRawSync } from 'node:zlib';

/** A file of a zip, with the fields that decide whether two zips are alike. */
export interface ZipEntry {
  readonly path: string;
  readonly content: Buffer;
  /** Date and time as the format has them. */
  readonly stamp: number;
}

/**
 * The files of a zip in the order of its directory, by the format's specification
 * (APPNOTE 6.3: end record, central directory, local headers). Throws where sizes,
 * names or checksums do not agree.
 */
export function readZip(zip: Buffer): readonly ZipEntry[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    expectSignature(zip, at, 0x02014b50);
    const [method, stamp] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 12)];
    const [sum, packedSize, size] = [16, 20, 24].map((offset) => zip.readUInt32LE(at + offset));
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const local = zip.readUInt32LE(at + 42);
    const path = zip.toString('utf8', at + 46, at + 46 + name!);
    at += 46 + name! + extra! + comment!;

    expectSignature(zip, local, 0x04034b50);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + packedSize!);
    const content = method === 0 ? packed : inflateRawSync(packed);
    const isWhole = content.length === size && checksum(content) === sum;
    if (!isWhole || zip.toString('utf8', local + 30, local + 30 + name!) !== path) {
      throw new Error(`The zip's "${path}" is damaged.`);
    }
    return { path, content, stamp };
  });
}

function expectSignature(zip: Buffer, at: number, signature: number): void {
  if (zip.readUInt32LE(at) !== signature) throw new Error(`No zip header at ${at}.`);
}

/** CRC-32 as zips have it. */
function checksum(content: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of content) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
