import { basename, join } from 'node:path';
import {
  explainMissing,
  FileError,
  isFile,
  isFolder,
  readBytes,
  type ReadOptions,
} from '../../files/index.js';
import { openHdf5 } from './hdf5-file.js';
import { openLayersModel } from './layers-model-file.js';
import { looksLikeSafetensors, openSafetensors } from './safetensors.js';
import { TensorFileError, type TensorFile } from './tensor-file.js';

/** What files begin with that hold weights in ways that are not read here. */
const refused: readonly (readonly [bytes: string, what: string])[] = [
  ['PK', 'it is a zip archive, as files of PyTorch are'],
  ['\u0080\u0002', 'it is a Python pickle, which could run any program'],
];

const converting =
  'Convert it where it was made: "safetensors.torch.save_file(model.state_dict(), \'model.safetensors\')".';

/** What an archive of Keras 3 calls its weights, also in the list at its end. */
const kerasMember = 'model.weights.h5';

/** Bytes at the end of an archive that list its members, at most. */
const listLength = 2 ** 16;

const hdf5Mark = '\u0089HDF\r\n\u001a\n';

/**
 * Opens a file of weights by what it holds, whatever its name: safetensors, HDF5
 * of Keras, `model.json` of a TensorFlow.js layers model, or a folder with one: a
 * model, a checkpoint, or a run, whose best checkpoint is taken. `within` is the folder
 * that all of it must lie in, where a spec and not a person named it. Throws
 * `TensorFileError`.
 */
export async function openTensorFile(path: string, options: ReadOptions = {}): Promise<TensorFile> {
  const file = fileOf(path);
  const bytes = await readWeights(file, options);
  const start = bytes.subarray(0, hdf5Mark.length).toString('latin1');
  if (start === hdf5Mark) return openHdf5(bytes);
  if (looksLikeSafetensors(bytes)) return openSafetensors(bytes);
  if (/^\s*\{/.test(bytes.subarray(0, 64).toString('utf8'))) return openLayersModel(file, bytes);
  if (start.startsWith('PK') && bytes.subarray(-listLength).includes(kerasMember)) {
    throw new TensorFileError(`it is an archive of Keras, which holds them as "${kerasMember}"`, [
      `Take them out and give that file: "unzip ${basename(file)} ${kerasMember}".`,
    ]);
  }
  for (const [mark, what] of refused) {
    if (start.startsWith(mark)) throw new TensorFileError(what, [converting]);
  }
  throw new TensorFileError(
    bytes.length === 0
      ? 'it is empty'
      : 'it is neither safetensors, HDF5 of Keras, nor a TensorFlow.js layers model',
  );
}

/** The `model.json` of a folder. */
function fileOf(path: string): string {
  if (!isFolder(path)) return path;
  const inside = ['model.json', join('best', 'model.json')].map((name) => join(path, name));
  const found = inside.find((file) => isFile(file));
  if (found !== undefined) return found;
  throw new TensorFileError('the folder has no "model.json" in it, and no checkpoint "best"');
}

async function readWeights(path: string, options: ReadOptions): Promise<Buffer> {
  try {
    return await readBytes(path, 'weights', options);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.problem !== 'missing') throw new TensorFileError(error.message);
    throw new TensorFileError('there is no such file', explainMissing(path));
  }
}
