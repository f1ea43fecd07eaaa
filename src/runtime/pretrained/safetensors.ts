import { sizeOf, TensorFileError, type StoredTensor, type TensorFile } from './tensor-file.js';

/** Larger than any table of contents: the format's own limit. */
const headerLimit = 100_000_000;

/** Bytes of one value, and how values are read from where they start. */
interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

const numberTypes: Readonly<Record<string, NumberType>> = {
  F64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  BF16: { bytes: 2, read: bfloatToNumber },
  I64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  I32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  I16: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  I8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  U8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  BOOL: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** Whether a file begins as safetensors do: a length, then a JSON object of about that length. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(headerLimit) && bytes[8] === 0x7b;
}

/**
 * Reads a safetensors file (github.com/huggingface/safetensors): eight bytes of
 * length, a JSON object of names with type, shape and place, then the values.
 * Throws `TensorFileError` for one that is cut short or contradicts itself.
 */
export function openSafetensors(bytes: Uint8Array): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const start = 8 + headerLength;
  if (start > bytes.length) throw new TensorFileError('it is cut short in its table of contents');
  const header = readHeader(bytes.subarray(8, start));
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => readEntry(name, entry));
  return { format: 'safetensors', tensors, close: () => undefined };

  function readEntry(name: string, entry: unknown): StoredTensor {
    if (!isEntry(entry)) {
      throw new TensorFileError(`its table of contents says nothing usable of "${name}"`);
    }
    const { dtype, shape, data_offsets: place } = entry;
    const type = numberTypes[dtype];
    const [from, to] = [start + place[0], start + place[1]];
    if (to > bytes.length) throw new TensorFileError(`it is cut short: "${name}" is not whole`);
    if (type !== undefined && to - from !== sizeOf(shape) * type.bytes) {
      throw new TensorFileError(`"${name}" has another size than its shape says`);
    }
    return { name, shape, read: () => readValues(name, dtype, from, sizeOf(shape)) };
  }

  function readValues(name: string, dtype: string, from: number, count: number): Float32Array {
    const type = numberTypes[dtype];
    if (type === undefined) {
      const known = Object.keys(numberTypes).join(', ');
      throw new TensorFileError(`"${name}" holds numbers of type ${dtype}; expected ${known}`);
    }
    return Float32Array.from({ length: count }, (_, at) => type.read(view, from + at * type.bytes));
  }
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function isEntry(entry: unknown): entry is Entry {
  const { dtype, shape, data_offsets: place } = (entry ?? {}) as Partial<Entry>;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  return (
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(place) &&
    place.length === 2 &&
    place.every(isCount) &&
    place[0] <= place[1]
  );
}

function readHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return header as Readonly<Record<string, unknown>>;
    }
  } catch {
    // Told below like any other header that is none.
  }
  throw new TensorFileError('its table of contents is no JSON object');
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const part = bits & 0x3ff;
  if (exponent === 0) return sign * part * 2 ** -24;
  if (exponent === 31) return part === 0 ? sign * Infinity : NaN;
  return sign * (1 + part / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** A bfloat16 is the upper half of a float32. */
function bfloatToNumber(view: DataView, at: number): number {
  scratch.setUint32(0, view.getUint16(at, true) << 16);
  return scratch.getFloat32(0);
}
