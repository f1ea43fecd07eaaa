import { ownValue } from '../../../diagnostics/own-value.js';
import { floats, readNumbers, whole, type NumberType } from '../number-types.js';
import { sizeOf, TensorFileError, type StoredTensor } from '../tensor-file.js';
import { globalName, isKind, itemsOf, type PickleValue } from './pickle-values.js';

/** Gives the bytes of a storage by its key; undefined where the file has none. */
export type StorageBytes = (key: string) => Buffer | undefined;

/** What PyTorch calls storages of each type: `torch.FloatStorage`. */
const storageTypes: Readonly<Record<string, NumberType>> = {
  DoubleStorage: floats.f64,
  FloatStorage: floats.f32,
  HalfStorage: floats.f16,
  BFloat16Storage: floats.bf16,
  LongStorage: whole(8),
  IntStorage: whole(4),
  ShortStorage: whole(2),
  CharStorage: whole(1),
  ByteStorage: whole(1),
  BoolStorage: whole(1),
};

/** A storage as a pickle refers to it. */
interface Storage {
  readonly key: PickleValue | undefined;
  /** How many numbers it has. */
  readonly length: PickleValue | undefined;
  /** What they are called: `FloatStorage`. */
  readonly typeName: string;
  /** Undefined where that is not known. */
  readonly type: NumberType | undefined;
}

/** What is said of a storage: `("storage", torch.FloatStorage, "0", "cpu", 432)`. */
export function storageOf(to: PickleValue | undefined): Storage {
  const [, kind, key, , length] = itemsOf(to);
  const typeName = (globalName(kind) ?? '').replace(/^torch\./, '');
  return { key, length, typeName, type: ownValue(storageTypes, typeName) };
}

/** Functions of PyTorch that make a tensor of a storage; the first arguments are alike. */
const rebuilders = new Set(['torch._utils._rebuild_tensor', 'torch._utils._rebuild_tensor_v2']);
/** Functions that wrap what is made, their first argument. */
const wrappers = new Set([
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
]);

/**
 * The tensor that a call in a pickle would make, below a name; undefined where it would make
 * something else.
 */
export function tensorOf(
  name: string,
  value: PickleValue | undefined,
  bytesOf: StorageBytes,
): StoredTensor | undefined {
  if (!isKind(value, 'object')) return undefined;
  const callee = globalName(value.callee) ?? '';
  if (wrappers.has(callee)) return tensorOf(name, value.args[0], bytesOf);
  if (callee === 'torch._tensor._rebuild_from_type_v2') {
    const made = { ...value, callee: value.args[0]!, args: itemsOf(value.args[2]) };
    return tensorOf(name, made, bytesOf);
  }
  if (!rebuilders.has(callee)) return undefined;
  const [storage, offset, size, stride] = value.args;
  const shape = countsOf(size);
  const strides = countsOf(stride);
  const stored = storageOf(isKind(storage, 'reference') ? storage.to : undefined);
  const { key, length, type, typeName } = stored;
  const isUsable =
    shape !== undefined &&
    strides?.length === shape.length &&
    typeof key === 'string' &&
    typeof length === 'number' &&
    typeof offset === 'number';
  if (!isUsable) throw new TensorFileError(`its pickle says nothing usable of "${name}"`);
  const place = { offset, shape, strides };
  return {
    name,
    shape,
    isWhole: type?.isWhole === true,
    read: () => {
      if (type?.read === undefined) {
        const expected = 'DoubleStorage, FloatStorage, HalfStorage, BFloat16Storage';
        throw new TensorFileError(`"${name}" is in a ${typeName}; expected ${expected}`);
      }
      const bytes = bytesOf(key);
      if (bytes === undefined || bytes.length < length * type.bytes) {
        throw new TensorFileError(`the numbers of "${name}" are missing or cut short`);
      }
      return readStrided(name, bytes, { ...type, read: type.read }, length, place);
    },
  };
}

function countsOf(value: PickleValue | undefined): readonly number[] | undefined {
  if (!isKind(value, 'list')) return undefined;
  const isCount = (item: PickleValue): item is number => typeof item === 'number' && item >= 0;
  return value.items.every(isCount) ? value.items : undefined;
}

interface Place {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The numbers of a tensor in row-major order, wherever they lie in its storage. */
function readStrided(
  name: string,
  bytes: Buffer,
  type: Parameters<typeof readNumbers>[1],
  length: number,
  { offset, shape, strides }: Place,
): Float32Array {
  const size = sizeOf(shape);
  const last = shape.reduce((sum, count, axis) => sum + (count - 1) * strides[axis]!, offset);
  if (size > 0 && last >= length) {
    throw new TensorFileError(`"${name}" reaches beyond the end of its numbers`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isRowMajor(shape, strides)) return readNumbers(view, type, offset * type.bytes, size);
  const values = new Float32Array(size);
  const at = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < size; to++) {
    values[to] = type.read(view, from * type.bytes);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      at[axis]! += 1;
      if (at[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
  return values;
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  return [...shape.keys()].reverse().every((axis) => {
    const isNext = shape[axis] === 1 || strides[axis] === step;
    step *= shape[axis]!;
    return isNext;
  });
}
