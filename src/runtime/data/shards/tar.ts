/** Bytes of a block, which everything in a tar archive is a multiple of. */
const block = 512;
/** The longest name that the header of POSIX 1003.1-1990 (`ustar`) holds. */
const longestName = 100;

/**
 * The header of a member of a tar archive, as POSIX's `ustar` has it, with rights 0644, no
 * owner and no date, so that equal files give equal bytes. A name that is longer than 100
 * bytes or not ASCII stands in a record before it (`pax`, POSIX 1003.1-2001).
 */
export function tarHeader(name: string, size: number): Buffer {
  const bytes = Buffer.from(name);
  const isPlain = bytes.length <= longestName && /^[\x20-\x7e]*$/.test(name);
  if (isPlain) return header(bytes, size, '0');
  const record = paxRecord('path', name);
  return Buffer.concat([
    header(Buffer.from('pax'), record.length, 'x'),
    record,
    tarPadding(record.length),
    header(Buffer.from(name.replace(/[^\x20-\x7e]/g, '_')).subarray(0, longestName), size, '0'),
  ]);
}

/** What fills the last block of a member of `size` bytes. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block);

/** What ends an archive. */
export const tarEnd = Buffer.alloc(2 * block);

/** Bytes that a member takes, with its header. */
export const sizeInTar = (name: string, size: number): number =>
  tarHeader(name, size).length + size + tarPadding(size).length;

function header(name: Buffer, size: number, type: string): Buffer {
  const bytes = Buffer.alloc(block);
  name.copy(bytes, 0);
  const octal = (value: number, at: number, digits: number): void => {
    bytes.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  };
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  bytes.write(' '.repeat(8), 148, 'latin1');
  bytes.write(type, 156, 'latin1');
  bytes.write('ustar\u000000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1');
  return bytes;
}

/** A record that begins with its own length, in digits that count themselves. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length;
  }
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
