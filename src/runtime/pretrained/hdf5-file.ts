import type { Dataset, File } from 'h5wasm';
import { textIn } from './hdf5-members.js';
import type { LayerCallRecord } from './keras-calls.js';
import { readKeras } from './keras-hdf5.js';
import { TensorFileError, type TensorFile } from './tensor-file.js';

/**
 * Reads an HDF5 file, as Keras writes them. Throws `TensorFileError`.
 *
 * @param model the calls of the model's layers, where they stand beside the file.
 */
export async function openHdf5(
  bytes: Uint8Array,
  model?: readonly LayerCallRecord[],
): Promise<TensorFile> {
  const { File: Hdf5File, ready } = await import('h5wasm');
  const library = await ready;
  // Problems are thrown, not printed.
  library.activate_throwing_error_handler();
  // The library reads files of its own, in memory: this one has been read already.
  const name = `/weights-${opened++}.h5`;
  // It may keep the bytes as they are, without a copy, which its types do not say.
  const options: { readonly canOwn: boolean; flags?: string } = { canOwn: true };
  library.FS.writeFile(name, bytes, options);
  let file: File;
  try {
    file = new Hdf5File(name, 'r');
  } catch {
    library.FS.unlink(name);
    throw new TensorFileError('it begins as HDF5, but is damaged or cut short');
  }
  const close = (): void => {
    file.close();
    library.FS.unlink(name);
  };
  try {
    const { sets, calls } = readKeras(file, model);
    const tensors = sets.map(({ name, set, place }) => ({
      name,
      shape: set.shape ?? [],
      ...(place === undefined ? {} : { place }),
      isWhole: isWhole(set),
      read: () => readValues(name, set),
    }));
    return { format: 'HDF5', tensors, calls, close };
  } catch (error) {
    close();
    throw error instanceof TensorFileError ? error : damaged(error);
  }
}

/** Counts the files opened, for names. */
let opened = 0;

function damaged(error: unknown): TensorFileError {
  const reported = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return new TensorFileError(`its content cannot be read: ${reported.replace(/\.$/, '')}`);
}

/** HDF5 has no bfloat16: Keras keeps its bits as whole numbers, and says so beside them. */
const isBfloat = (set: Dataset): boolean => textIn(set, 'dtype') === 'bfloat16';

/** Classes of HDF5's types: 0 are whole numbers, 1 floats. */
const isWhole = (set: Dataset): boolean => set.metadata.type === 0 && !isBfloat(set);

function readValues(name: string, set: Dataset): Float32Array {
  let value: unknown;
  try {
    value = set.value;
  } catch (error) {
    throw damaged(error);
  }
  if (typeof value === 'number') return Float32Array.of(value);
  if (!isNumbers(value)) throw new TensorFileError(`"${name}" holds no numbers`);
  return isBfloat(set) ? fromBfloat(value) : Float32Array.from(value);
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat(bits: ArrayLike<number>): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => (half & 0xffff) << 16).buffer);
}

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView) &&
  !(value instanceof BigInt64Array) &&
  !(value instanceof BigUint64Array);
