import { factsEntry } from '../exports/weights/facts-entry.js';
import { isObject, objectOf, parseJson } from '../../files/index.js';
import { floats, readNumbers, whole, type NumberType } from './number-types.js';
import { sizeOf, TensorFileError, type TensorFile } from './tensor-file.js';
import { readTrainedFacts, type TrainedFacts } from './trained-facts.js';

/** Larger than any table of contents: the format's own limit. */
const headerLimit = 100_000_000;

const numberTypes: Readonly<Record<string, NumberType>> = {
  F64: floats.f64,
  F32: floats.f32,
  F16: floats.f16,
  BF16: floats.bf16,
  F8_E4M3: { bytes: 1 },
  F8_E5M2: { bytes: 1 },
  I64: whole(8),
  U64: whole(8),
  I32: whole(4),
  U32: whole(4),
  I16: whole(2),
  U16: whole(2),
  I8: whole(1),
  U8: whole(1),
  BOOL: whole(1),
};

/** Whether a file begins as safetensors do: a length, then a JSON object of about that length. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(headerLimit) && bytes[8] === 0x7b;
}

/**
 * Reads a safetensors file (github.com/huggingface/safetensors): eight bytes of
 * length, a JSON object of names with type, shape and place, then the values, one
 * tensor right behind the other. Throws `TensorFileError` for one that is cut short or
 * contradicts itself.
 */
export function openSafetensors(bytes: Uint8Array): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, start } = openHeader(bytes);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => checkEntry(name, entry));
  checkPlaces(entries, bytes.length - start);
  const tensors = entries.map(({ name, dtype, shape, data_offsets: [from] }) => ({
    name,
    shape,
    isWhole: numberTypes[dtype]?.isWhole === true,
    read: () => readValues(view, name, dtype, start + from, sizeOf(shape)),
  }));
  const facts = readFacts(header['__metadata__']);
  return { format: 'safetensors', tensors, facts, close: () => undefined };
}

/**
 * A text that the metadata of a safetensors file hold, which is not read further. Throws
 * `TensorFileError` where the table of contents is cut short or none.
 */
export function metadataEntry(bytes: Uint8Array, name: string): string | undefined {
  const metadata = openHeader(bytes).header['__metadata__'];
  const text: unknown = isObject(metadata) ? metadata[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** The table of contents, and where the values start. */
function openHeader(bytes: Uint8Array): {
  readonly header: Readonly<Record<string, unknown>>;
  readonly start: number;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  if (start > bytes.length) throw new TensorFileError('it is cut short in its table of contents');
  return { header: readHeader(bytes.subarray(8, start)), start };
}

function readFacts(metadata: unknown): TrainedFacts | undefined {
  const text: unknown = isObject(metadata) ? metadata[factsEntry] : undefined;
  const network = typeof text === 'string' ? objectOf(parseJson(text)) : undefined;
  return network && readTrainedFacts({ network });
}

type NamedEntry = Entry & { readonly name: string };

function checkEntry(name: string, entry: unknown): NamedEntry {
  if (!isEntry(entry)) {
    throw new TensorFileError(`its table of contents says nothing usable of "${name}"`);
  }
  const { dtype, shape, data_offsets: place } = entry;
  const type = numberTypes[dtype];
  if (type !== undefined && place[1] - place[0] !== sizeOf(shape) * type.bytes) {
    throw new TensorFileError(`"${name}" has another size than its shape says`);
  }
  return { name, dtype, shape, data_offsets: place };
}

/** The format's rule: the tensors fill the rest of the file, without gaps and without overlaps. */
function checkPlaces(entries: readonly NamedEntry[], size: number): void {
  const inOrder = [...entries].sort(
    ({ data_offsets: one }, { data_offsets: other }) => one[0] - other[0] || one[1] - other[1],
  );
  let end = 0;
  let last = '';
  for (const { name, data_offsets: place } of inOrder) {
    if (place[1] > size) throw new TensorFileError(`it is cut short: "${name}" is not whole`);
    if (place[0] < end) throw new TensorFileError(`"${name}" and "${last}" overlap`);
    if (place[0] > end) throw new TensorFileError(`there is a gap before "${name}"`);
    end = place[1];
    last = name;
  }
  if (end < size) {
    throw new TensorFileError(`${size - end} bytes at its end belong to no tensor`);
  }
}

function readValues(
  view: DataView,
  name: string,
  dtype: string,
  from: number,
  count: number,
): Float32Array {
  const type = numberTypes[dtype];
  const { read } = type ?? {};
  if (type === undefined || read === undefined) {
    const known = Object.keys(numberTypes).filter((each) => numberTypes[each]!.read !== undefined);
    const expected = known.join(', ');
    throw new TensorFileError(`"${name}" holds numbers of type ${dtype}; expected ${expected}`);
  }
  return readNumbers(view, { ...type, read }, from, count);
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
    if (isObject(header)) return header;
  } catch {
    // Told below like any other header that is none.
  }
  throw new TensorFileError('its table of contents is not a JSON object');
}
