import { basename, dirname, join } from 'node:path';
import {
  explainMissing,
  FileError,
  isFile,
  isFolder,
  objectOf,
  parseJson,
  readBytes,
  type JsonObject,
  type ReadOptions,
} from '../../files/index.js';
import { openHdf5 } from './hdf5-file.js';
import { readCalls, type LayerCallRecord } from './keras-calls.js';
import { describeMissing, describeOther, describeOtherFolder } from './other-formats.js';
import { looksLikeOnnx, openOnnx } from './onnx/onnx-file.js';
import {
  isProgram,
  looksLikeLegacyTorch,
  looksLikeTorch,
  openLegacyTorch,
  openTorchArchive,
} from './pytorch/torch-file.js';
import { looksLikeSafetensors, openSafetensors } from './safetensors.js';
import { joinShards, siblingShards } from './shards.js';
import { TensorFileError, type TensorFile } from './tensor-file.js';
import { looksLikeZip, openZip } from './zip-archive.js';

const hdf5Mark = '\u0089HDF\r\n\u001a\n';

/** What an archive of Keras 3 has its weights and its model in. */
const kerasWeights = 'model.weights.h5';
const kerasConfig = 'config.json';

const bestModel = join('best', 'model.json');

/** What can stand in a folder: a model of TensorFlow.js, a run's best checkpoint, files of Hugging Face, an unpacked archive of Keras 3. */
const inFolders: readonly string[] = [
  'model.json',
  bestModel,
  'model.safetensors',
  'model.safetensors.index.json',
  kerasWeights,
];

/**
 * Opens a file of weights by what it holds, whatever its name: safetensors, also in
 * several parts, PyTorch's, HDF5 and archives of Keras, ONNX, `model.json` of a TensorFlow.js
 * layers model, or a folder with one of them. `within` is the folder that all of it must lie in, where a spec and
 * not a person named it. Throws `TensorFileError`.
 */
export async function openTensorFile(path: string, options: ReadOptions = {}): Promise<TensorFile> {
  const file = fileOf(path);
  for (let bytes = await readWeights(file, options); ;) {
    try {
      return await openBytes(file, bytes, options);
    } catch (error) {
      if (!(error instanceof TensorFileError)) throw error;
      const now = await readWeights(file, options);
      if (now.equals(bytes)) throw withOtherCheckpoint(error, path, file);
      // A training that goes on has replaced the parts: read what is there now.
      bytes = now;
    }
  }
}

/** A run whose best checkpoint is damaged may have a whole one beside it. */
function withOtherCheckpoint(error: TensorFileError, path: string, file: string): TensorFileError {
  const isOfRun = file === join(path, bestModel) && isFile(join(path, 'last', 'model.json'));
  if (!isOfRun) return error;
  const help = 'The run has another checkpoint: give the folder "last" in it.';
  return new TensorFileError(error.reason, [...error.help, help]);
}

/** Opens a file that was read. */
async function openBytes(file: string, bytes: Buffer, options: ReadOptions): Promise<TensorFile> {
  const start = bytes.subarray(0, hdf5Mark.length).toString('latin1');
  if (start === hdf5Mark) return openHdf5(bytes, await readConfig(file, options));
  if (looksLikeZip(bytes)) return openArchive(file, bytes);
  if (looksLikeLegacyTorch(bytes)) return openLegacyTorch(bytes);
  if (looksLikeSafetensors(bytes)) {
    const parts = siblingShards(file);
    if (parts.length < 2) return openSafetensors(bytes);
    return joinShards(parts, (part) => readWeights(part, options));
  }
  if (looksLikeOnnx(bytes)) {
    const within = dirname(file);
    return openOnnx(bytes, (part) => readPart(join(within, part), { within }));
  }
  if (!/^\s*\{/.test(bytes.subarray(0, 64).toString('utf8'))) throw describeOther(file, bytes);
  const json = readJson(bytes);
  const parts = objectOf(json['weight_map']);
  if (parts === undefined) {
    // The only format whose reader needs TensorFlow.js.
    const { openLayersModel } = await import('./layers-model-file.js');
    return openLayersModel(file, json, bytes);
  }
  const names = [...new Set(Object.values(parts))].map(String);
  return joinShards(
    names.map((name) => join(dirname(file), name)),
    (part) => readWeights(part, { within: dirname(file) }),
    Object.keys(parts),
  );
}

/** Opens a zip archive: PyTorch's, or that of Keras 3. */
async function openArchive(file: string, bytes: Buffer): Promise<TensorFile> {
  const archive = openZip(bytes);
  if (looksLikeTorch(archive) && !isProgram(archive)) return openTorchArchive(archive);
  const weights = archive.read(kerasWeights);
  if (weights === undefined) throw describeOther(file, bytes);
  const config = archive.read(kerasConfig);
  return openHdf5(weights, config && readCalls(parseJson(config.toString('utf8'))));
}

/** Reads a file that belongs to another one. */
async function readPart(part: string, options: ReadOptions): Promise<Buffer> {
  try {
    return await readWeights(part, options);
  } catch (error) {
    if (!(error instanceof TensorFileError)) throw error;
    throw new TensorFileError(`its part "${basename(part)}" cannot be read: ${error.reason}`);
  }
}

function readJson(bytes: Buffer): JsonObject {
  const json = objectOf(parseJson(bytes.toString('utf8')));
  if (json === undefined) throw new TensorFileError('it is cut short, or no JSON');
  return json;
}

/** The file meant by a path: itself, or one in the folder. */
function fileOf(path: string): string {
  if (!isFolder(path)) return path;
  const found = inFolders.map((name) => join(path, name)).find((file) => isFile(file));
  if (found !== undefined) return found;
  throw describeOtherFolder(path, (name) => isFile(join(path, name)));
}

/** The calls of the model in an unpacked archive of Keras 3, which keeps them beside its weights. */
async function readConfig(
  weights: string,
  options: ReadOptions,
): Promise<readonly LayerCallRecord[] | undefined> {
  const config = join(dirname(weights), kerasConfig);
  if (!weights.endsWith(kerasWeights) || !isFile(config)) return undefined;
  return readCalls(parseJson((await readWeights(config, options)).toString('utf8')));
}

async function readWeights(path: string, options: ReadOptions): Promise<Buffer> {
  try {
    return await readBytes(path, 'weights', options);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.problem !== 'missing') {
      // What was expected is told of all files of weights alike.
      throw new TensorFileError(error.message.replace(/; expected .*$/, ''));
    }
    throw describeMissing(path, isFile, explainMissing(path));
  }
}
