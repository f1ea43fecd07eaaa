import type { Image } from './image.js';

/** A byte, then NUMPY. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Whether bytes begin as a file of numpy's format NPY does. */
export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, at) => bytes[at] === byte);

/** How numbers are stored, by the kind and the bytes of numpy's `descr`. */
const readers: Readonly<Record<string, (view: DataView, at: number, isLittle: boolean) => number>> =
  {
    b1: (view, at) => view.getUint8(at),
    u1: (view, at) => view.getUint8(at),
    u2: (view, at, isLittle) => view.getUint16(at, isLittle),
    u4: (view, at, isLittle) => view.getUint32(at, isLittle),
    i1: (view, at) => view.getInt8(at),
    i2: (view, at, isLittle) => view.getInt16(at, isLittle),
    i4: (view, at, isLittle) => view.getInt32(at, isLittle),
    i8: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
    u8: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)),
    f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
    f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
  };

/**
 * Reads an array of numpy as an image: of the shape [H, W], or [H, W, C] with the channels
 * last, in the order of C or Fortran. Truth values and bytes are 8 bits, unsigned numbers of
 * two bytes are 16; all others become float32. The format is that of numpy's "NEP 1", versions
 * 1 to 3. Throws on other files and shapes.
 */
export function readNpy(bytes: Uint8Array): Image {
  const { descr, isFortran, shape, start } = readHeader(bytes);
  const [, order = '', kind = ''] = /^([<>|=])([buif]\d)$/.exec(descr) ?? [];
  const read = Object.hasOwn(readers, kind) ? readers[kind]! : undefined;
  if (read === undefined) throw new Error(`it holds numbers of the type "${descr}"`);
  const [height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || height * width * channels === 0) {
    throw new Error(`its shape is (${shape.join(', ')}); expected (H, W) or (H, W, C)`);
  }
  const size = Number(kind.slice(1));
  const count = height * width * channels;
  if (bytes.length < start + count * size) throw new Error('it is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * size);
  const depth = size === 1 && kind !== 'i1' ? 8 : kind === 'u2' ? 16 : 32;
  const data =
    depth === 8
      ? new Uint8Array(count)
      : depth === 16
        ? new Uint16Array(count)
        : new Float32Array(count);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++, to++) {
        const at = isFortran ? y + height * (x + width * c) : to;
        data[to] = read(view, at * size, order !== '>');
      }
    }
  }
  return { width, height, channels, depth, alpha: false, data };
}

interface Header {
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly start: number;
}

function readHeader(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw new Error('its header is damaged');
  const version = view.getUint8(MAGIC.length);
  const from = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = from + length;
  if (version < 1 || version > 3 || bytes.length < start) throw new Error('its header is damaged');
  const text = new TextDecoder('latin1').decode(bytes.subarray(from, start));
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw new Error('its header is not that of one array of numbers');
  }
  const sizes = shape.match(/\d+/g) ?? [];
  return { descr, isFortran: order === 'True', shape: sizes.map(Number), start };
}

/** What stands before the values of a file of float32 in the order of C, as numpy's version 1.0 has it. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const sizes = `${shape.join(', ')}${shape.length === 1 ? ',' : ''}`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Values begin at a multiple of 64.
  const start = Math.ceil((MAGIC.length + 4 + text.length + 1) / 64) * 64;
  const length = start - MAGIC.length - 4;
  const head = [...MAGIC, 1, 0, length & 255, length >> 8];
  const rest = `${text.padEnd(length - 1)}\n`;
  return Uint8Array.from([...head, ...Array.from(rest, (letter) => letter.charCodeAt(0))]);
}

/** Values as a file of numpy holds them, whatever the machine. */
export function npyValues(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setFloat32(4 * at, value, true);
  return bytes;
}
