import { objectOf, parseJson } from '../../../files/index.js';
import { floats, readNumbers, whole, type NumberType } from '../number-types.js';
import { factsEntry } from '../../exports/weights/facts-entry.js';
import { sizeOf, TensorFileError, type StoredTensor, type TensorFile } from '../tensor-file.js';
import { readTrainedFacts, type TrainedFacts } from '../trained-facts.js';
import { fieldsOf } from './read-protobuf.js';

/** Numbers of fields in `onnx.proto`. */
const fields = {
  model: { graph: 7, metadata: 14 },
  graph: { constant: 5 },
  tensor: { dimension: 1, type: 2, floats: 4, name: 8, bytes: 9, doubles: 10, external: 13 },
  entry: { key: 1, value: 2 },
} as const;

/** Types of elements by their numbers. */
const elementTypes: Readonly<Record<number, NumberType>> = {
  1: floats.f32,
  10: floats.f16,
  11: floats.f64,
  16: floats.bf16,
  ...Object.fromEntries([2, 3, 4, 5, 6, 7, 9, 12, 13].map((type) => [type, whole(0)])),
};

/** Whether a file begins as models of ONNX do: a version of the format, then who made it, or the graph. */
export const looksLikeOnnx = (bytes: Buffer): boolean =>
  bytes[0] === 0x08 && bytes[1]! >= 2 && bytes[1]! < 32 && afterVersion.has(bytes[2] ?? 0);

/** Tags of the fields that may come second. */
const afterVersion = new Set([0x12, 0x1a, 0x22, 0x3a, 0x42]);

/**
 * Reads the constants of an ONNX model by their names; those that unetc or PyTorch has
 * exported are called as in a `state_dict`. Whole numbers are shapes and indices, and left
 * out, as are the small numbers that our own operators come with, whose names have a colon.
 * Throws `TensorFileError`.
 *
 * @param readPart reads a file beside the model, which large models keep their numbers in.
 */
export async function openOnnx(
  bytes: Buffer,
  readPart: (name: string) => Promise<Buffer>,
): Promise<TensorFile> {
  const constants: Constant[] = [];
  const metadata = new Map<string, string>();
  for (const { number, value } of fieldsOf(bytes)) {
    if (typeof value === 'number') continue;
    if (number === fields.model.metadata) metadata.set(...entryOf(value));
    if (number !== fields.model.graph) continue;
    for (const { number: part, value: inner } of fieldsOf(value)) {
      if (part === fields.graph.constant && typeof inner !== 'number') {
        constants.push(readConstant(inner));
      }
    }
  }
  const network = objectOf(parseJson(metadata.get(factsEntry) ?? ''));
  const facts: TrainedFacts | undefined = network && readTrainedFacts({ network });
  const kept = constants.filter(
    ({ name, type }) => type?.isWhole !== true && !(facts !== undefined && name.includes(':')),
  );
  if (kept.length === 0) throw new TensorFileError('it is a model of ONNX without weights');
  const parts = new Map<string, Buffer>();
  for (const place of kept.flatMap(({ external }) => external?.location ?? [])) {
    if (!parts.has(place)) parts.set(place, await readPart(place));
  }
  const tensors = kept.map((constant) => storedTensor(constant, parts));
  return { format: 'ONNX', tensors, facts, close: () => undefined };
}

interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: NumberType | undefined;
  /** The numbers, as they lie; undefined where they are elsewhere. */
  readonly bytes: Buffer | undefined;
  readonly external: External | undefined;
}

/** Where numbers lie in a file beside the model. */
interface External {
  readonly location: string;
  readonly offset: number;
}

function readConstant(message: Buffer): Constant {
  const { tensor } = fields;
  const dimensions: number[] = [];
  const external = new Map<string, string>();
  const numbers: Buffer[] = [];
  let [name, type, bytes]: [string, number, Buffer | undefined] = ['', 0, undefined];
  for (const { number, value } of fieldsOf(message)) {
    if (number === tensor.type && typeof value === 'number') type = value;
    if (number === tensor.dimension) dimensions.push(...packed(value));
    if (typeof value === 'number') continue;
    if (number === tensor.name) name = value.toString('utf8');
    if (number === tensor.bytes) bytes = value;
    // One by one, or all in one field: the same bytes.
    if (number === tensor.floats || number === tensor.doubles) numbers.push(value);
    if (number === tensor.external) external.set(...entryOf(value));
  }
  const location = external.get('location');
  return {
    name,
    shape: dimensions,
    type: elementTypes[type],
    bytes: bytes ?? (numbers.length > 0 ? Buffer.concat(numbers) : undefined),
    external:
      location === undefined
        ? undefined
        : { location, offset: Number(external.get('offset') ?? 0) },
  };
}

/** Numbers of a field that may be repeated: by itself, or all in one. */
function packed(value: number | Buffer): readonly number[] {
  if (typeof value === 'number') return [value];
  const numbers: number[] = [];
  let [number, shift] = [0, 0];
  for (const byte of value) {
    number += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte >= 128) continue;
    numbers.push(number);
    [number, shift] = [0, 0];
  }
  return numbers;
}

function entryOf(message: Buffer): [string, string] {
  const entry: [string, string] = ['', ''];
  for (const { number, value } of fieldsOf(message)) {
    if (typeof value === 'number') continue;
    if (number === fields.entry.key) entry[0] = value.toString('utf8');
    if (number === fields.entry.value) entry[1] = value.toString('utf8');
  }
  return entry;
}

function storedTensor(constant: Constant, parts: ReadonlyMap<string, Buffer>): StoredTensor {
  const { name, shape, type, bytes: inside, external } = constant;
  return {
    name,
    shape,
    isWhole: false,
    read: () => {
      if (type?.read === undefined) {
        throw new TensorFileError(
          `"${name}" holds numbers of a type that is not read; expected FLOAT, DOUBLE, FLOAT16, BFLOAT16`,
        );
      }
      const size = sizeOf(shape);
      const bytes =
        external === undefined
          ? (inside ?? Buffer.alloc(0))
          : parts.get(external.location)!.subarray(external.offset);
      if (bytes.length < size * type.bytes) {
        throw new TensorFileError(`the numbers of "${name}" are missing or cut short`);
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return readNumbers(view, { ...type, read: type.read }, 0, size);
    },
  };
}
