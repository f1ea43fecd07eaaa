import { crc32 } from '../../../files/index.js';

/** A file to put into an archive, its content in pieces. */
export interface ZipMember {
  readonly name: string;
  readonly content: readonly Uint8Array[];
}

/** The archive would need the large form of the format, which is not written. */
export class ZipTooLarge extends Error {}

/** Numbers of bytes and places have 32 bits. */
const most = 0xffffffff;
const storedVersion = 20;
/** The first day that the format can say: equal input gives equal bytes. */
const firstDay = 0x21;
const usesUtf8 = 0x800;

/**
 * A zip archive (PKWARE's APPNOTE.TXT) of files as they are, not packed, in pieces that lie
 * behind each other. Throws `ZipTooLarge` from 4 GiB on.
 *
 * @param alignment every content begins at a multiple of so many bytes, for whoever maps the
 * file into memory.
 */
export function zipFile(members: readonly ZipMember[], alignment = 1): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const list: Uint8Array[] = [];
  let at = 0;
  const add = (piece: Uint8Array): void => {
    pieces.push(piece);
    at += piece.byteLength;
  };
  for (const { name, content } of members) {
    const size = content.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const crc = content.reduce((before, piece) => crc32(piece, before), 0);
    const place = at;
    if (place > most || size > most) throw new ZipTooLarge();
    const text = new TextEncoder().encode(name);
    const facts: readonly (readonly [2 | 4, number])[] = [
      [2, storedVersion],
      [2, usesUtf8],
      [2, 0],
      [2, 0],
      [2, firstDay],
      [4, crc],
      [4, size],
      [4, size],
      [2, text.length],
    ];
    const extra = padding(place + localLength + text.length, alignment);
    add(record(localMark, [...facts, [2, extra.length]]));
    add(text);
    add(extra);
    content.forEach(add);
    list.push(
      record(listedMark, [
        [2, storedVersion],
        ...facts,
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, place],
      ]),
      text,
    );
  }
  const start = at;
  list.forEach(add);
  if (at > most || members.length > 0xffff) throw new ZipTooLarge();
  const count = members.length;
  add(
    record(endMark, [
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, at - start],
      [4, start],
      [2, 0],
    ]),
  );
  return pieces;
}

const localMark = 0x04034b50;
const listedMark = 0x02014b50;
const endMark = 0x06054b50;
const localLength = 30;

/** A mark and numbers of 2 or 4 bytes, the lowest byte first. */
function record(mark: number, fields: readonly (readonly [2 | 4, number])[]): Uint8Array {
  const bytes = Buffer.alloc(4 + fields.reduce((sum, [length]) => sum + length, 0));
  let at = bytes.writeUInt32LE(mark);
  for (const [length, value] of fields) at = bytes.writeUIntLE(value, at, length);
  return bytes;
}

/** A field of its own that fills up to the next multiple; PyTorch writes the same two letters. */
function padding(at: number, alignment: number): Uint8Array {
  const missing = (alignment - (at % alignment)) % alignment;
  if (missing === 0) return new Uint8Array();
  const length = missing < 4 ? missing + alignment : missing;
  const field = Buffer.alloc(length, 'Z');
  field.write('FB', 0, 'latin1');
  field.writeUInt16LE(length - 4, 2);
  return field;
}
