import { inflateRawSync } from 'node:zlib';
import { fileKinds } from '../../files/index.js';
import { TensorFileError } from './tensor-file.js';

/** A zip archive in memory (PKWARE's APPNOTE.TXT, version 6.3), its large form included. */
export interface ZipArchive {
  /** The names of its members, in the order of its list. */
  readonly names: readonly string[];
  /** The bytes of a member; undefined where there is none. Throws `TensorFileError` for a damaged one. */
  read(name: string): Buffer | undefined;
}

interface Member {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  /** Where its own header stands. */
  readonly at: number;
}

/** Marks of the archive's records, as numbers of 32 bits with the lowest byte first. */
const marks = {
  member: 0x04034b50,
  listed: 0x02014b50,
  end: 0x06054b50,
  largeEnd: 0x06064b50,
  largeEndPlace: 0x07064b50,
} as const;

const endLength = 22;
const longestRemark = 2 ** 16;
/** What stands in place of a number that needs 64 bits. */
const large32 = 0xffffffff;

/** Whether a file begins as zip archives do. */
export const looksLikeZip = (bytes: Buffer): boolean =>
  bytes.length >= 4 && bytes.readUInt32LE(0) === marks.member;

const damagedArchive = (): TensorFileError =>
  new TensorFileError('it begins as a zip archive, but is damaged or cut short');

/** Opens an archive that is in memory as a whole. Throws `TensorFileError`. */
export function openZip(bytes: Buffer): ZipArchive {
  const members = new Map<string, Member>();
  readList(bytes, members);
  return {
    names: [...members.keys()],
    read: (name) => {
      const member = members.get(name);
      return member && unpack(bytes, name, member);
    },
  };
}

function readList(bytes: Buffer, members: Map<string, Member>): void {
  const end = findEnd(bytes);
  if (end === undefined) throw damagedArchive();
  let count = number16(bytes, end + 10);
  let at = number32(bytes, end + 16);
  const place = end - 20;
  if (place >= 0 && number32(bytes, place) === marks.largeEndPlace) {
    const largeEnd = numberAt(bytes, place + 8);
    if (number32(bytes, largeEnd) !== marks.largeEnd) throw damagedArchive();
    count = numberAt(bytes, largeEnd + 32);
    at = numberAt(bytes, largeEnd + 48);
  }
  for (let index = 0; index < count; index++) {
    if (number32(bytes, at) !== marks.listed) throw damagedArchive();
    const nameLength = number16(bytes, at + 28);
    const extraLength = number16(bytes, at + 30);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const [size, packed, start] = widened(extra, [
      number32(bytes, at + 24),
      number32(bytes, at + 20),
      number32(bytes, at + 42),
    ]);
    members.set(name, {
      method: number16(bytes, at + 10),
      packed: packed!,
      size: size!,
      at: start!,
    });
    at += 46 + nameLength + extraLength + number16(bytes, at + 32);
  }
}

/** The record at the end, which only a remark may follow. */
function findEnd(bytes: Buffer): number | undefined {
  const last = bytes.length - endLength;
  for (let at = last; at >= Math.max(0, last - longestRemark); at--) {
    if (number32(bytes, at) === marks.end) return at;
  }
  return undefined;
}

/** Numbers of 32 bits, those that are too large from the field behind them. */
function widened(extra: Buffer, numbers: readonly number[]): readonly number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + number16(extra, at + 2)) {
    if (number16(extra, at) !== 1) continue;
    let next = at + 4;
    return numbers.map((each) => {
      if (each !== large32) return each;
      next += 8;
      return numberAt(extra, next - 8);
    });
  }
  return numbers;
}

/** The bytes, where so many are there at a place: a field that leads beyond the end is damaged. */
function within(bytes: Buffer, at: number, length: number): Buffer {
  if (at + length > bytes.length) throw damagedArchive();
  return bytes;
}

const number16 = (bytes: Buffer, at: number): number => within(bytes, at, 2).readUInt16LE(at);
const number32 = (bytes: Buffer, at: number): number => within(bytes, at, 4).readUInt32LE(at);

function numberAt(bytes: Buffer, at: number): number {
  const value = within(bytes, at, 8).readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damagedArchive();
  return Number(value);
}

function unpack(bytes: Buffer, name: string, { method, packed, size, at }: Member): Buffer {
  const damaged = (what: string): TensorFileError =>
    new TensorFileError(`its part "${name}" ${what}`);
  if (size > fileKinds.weights.limit) throw damaged(`has ${size} bytes, more than can be read`);
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== marks.member) {
    throw damaged('is not where its list says');
  }
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const content = bytes.subarray(start, start + packed);
  if (content.length < packed) throw damaged('is cut short');
  if (method === 0 && packed === size) return content;
  if (method !== 8) throw damaged('is packed in a way that is not known');
  try {
    const unpacked = inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
    if (unpacked.length === size) return unpacked;
  } catch {
    // Told below.
  }
  throw damaged('is damaged');
}
