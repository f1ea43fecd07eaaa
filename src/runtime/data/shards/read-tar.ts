import { FileError, withOpenFile, type FilePart, type OpenFile } from '../../../files/index.js';

/** A regular file in a tar archive. */
export interface TarMember {
  /** Its path in the archive. */
  readonly name: string;
  readonly part: FilePart;
}

/** Bytes of a block, which everything in a tar archive is a multiple of. */
const block = 512;

/** Members without bytes: links, devices, folders, pipes. */
const withoutBytes: ReadonlySet<string> = new Set(['1', '2', '3', '4', '5', '6']);

/** Regular files: of POSIX, of the archives before it, and contiguous ones. */
const regular: ReadonlySet<string> = new Set(['0', '\0', '7']);

/** More bytes than that are no name. */
const mostBytesOfRecord = 2 ** 20;

/** What records before a member say of it in place of its header. */
interface Said {
  readonly name?: string | undefined;
  readonly size?: number | undefined;
}

/**
 * The regular files of a tar archive in their order, found by its headers alone: `ustar` and
 * `pax` (POSIX 1003.1-2001), and GNU's long names and large sizes. Throws `FileError` where
 * it is damaged or its end is missing, since members may then be missing, too.
 */
export function listTar(path: string): readonly TarMember[] {
  return withOpenFile(path, (file) => {
    const members: TarMember[] = [];
    let said: Said = {};
    for (let at = 0; ;) {
      const header = readHeader(path, file.read(at, block), at);
      if (header === undefined) return members;
      const { type } = header;
      const isRecord = 'xXgLK'.includes(type);
      const size = withoutBytes.has(type) ? 0 : ((isRecord ? undefined : said.size) ?? header.size);
      const offset = at + block;
      if (offset + size > file.size) {
        throw damaged(path, `it is cut off: it has ${file.size} bytes of ${offset + size}`);
      }
      at = offset + Math.ceil(size / block) * block;
      if (isRecord) {
        said = { ...said, ...readRecord(path, file, type, { file: path, offset, size }) };
        continue;
      }
      const name = said.name ?? header.name;
      said = {};
      if (type === 'S') throw damaged(path, `"${name}" in it is stored with holes ("sparse")`);
      if (regular.has(type) && !name.endsWith('/')) {
        members.push({ name, part: { file: path, offset, size } });
      }
    }
  });
}

const damaged = (path: string, reason: string): FileError => new FileError(path, 'system', reason);

interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** The header at a place; undefined for the zeros that end an archive. */
function readHeader(path: string, bytes: Buffer, at: number): Header | undefined {
  if (bytes.length < block) {
    throw damaged(path, `it is cut off: the zeros that end a tar archive are missing`);
  }
  if (bytes.every((byte) => byte === 0)) return undefined;
  // The sum of all bytes, with blanks in the place of the sum.
  let sum = 8 * 0x20;
  for (const [index, byte] of bytes.entries()) if (index < 148 || index >= 156) sum += byte;
  const size = numberOf(bytes.subarray(124, 136));
  if (numberOf(bytes.subarray(148, 156)) !== sum || size === undefined) {
    throw damaged(path, `no header of a tar archive is at byte ${at}`);
  }
  const isPosix = bytes.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? textOf(bytes.subarray(345, 500)) : '';
  const name = textOf(bytes.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    type: bytes.toString('latin1', 156, 157),
  };
}

/** A text up to its first zero. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** A number in octal digits, or, where its first bit is set, in binary ones, as GNU has it. */
function numberOf(bytes: Buffer): number | undefined {
  if (bytes[0] === 0x80) {
    const value = bytes.subarray(1).reduce((total, byte) => total * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = textOf(bytes).trim();
  return /^[0-7]*$/.test(digits) ? parseInt(`0${digits}`, 8) : undefined;
}

/** What a record says of the member after it. */
function readRecord(path: string, file: OpenFile, type: string, part: FilePart): Said {
  // A longer target of a link, and what holds for all members: names and sizes are of one.
  if (type === 'K' || type === 'g') return {};
  if (part.size > mostBytesOfRecord) {
    throw damaged(path, `a record in it has ${part.size} bytes`);
  }
  const bytes = file.read(part.offset, part.size);
  if (type === 'L') return { name: textOf(bytes) };
  const values = readPax(bytes);
  if (values === undefined) throw damaged(path, `the record at byte ${part.offset} is damaged`);
  const sparse = [...values.keys()].find((key) => key.startsWith('GNU.sparse.'));
  if (sparse !== undefined) {
    throw damaged(path, `"${values.get('path') ?? ''}" in it is stored with holes ("sparse")`);
  }
  const [name, size] = [values.get('path'), values.get('size')];
  return {
    ...(name !== undefined && { name }),
    ...(size !== undefined && { size: Number(size) }),
  };
}

/** The entries of a `pax` record, each "length key=value\n"; undefined where it is damaged. */
function readPax(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(' ', at);
    const length = blank < 0 ? NaN : Number(bytes.toString('latin1', at, blank));
    const entry = bytes.toString('utf8', blank + 1, at + length - 1);
    const middle = entry.indexOf('=');
    if (!(length > blank - at) || at + length > bytes.length || middle < 0) return undefined;
    values.set(entry.slice(0, middle), entry.slice(middle + 1));
    at += length;
  }
  const size = values.get('size');
  return size === undefined || /^\d{1,15}$/.test(size) ? values : undefined;
}
