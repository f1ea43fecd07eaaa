import { dirname, join } from 'node:path';
import * as tf from '../tensorflow.js';
import { FileError, objectOf, readBytesSync, type JsonObject } from '../../files/index.js';
import { readManifest, type WeightGroup } from '../network/weights-manifest.js';
import { readCalls } from './keras-calls.js';
import { readOwnModel } from './own-model.js';
import { TensorFileError, type TensorFile } from './tensor-file.js';

/**
 * Reads the weights of a TensorFlow.js layers model: `model` is its `model.json` at
 * `path`, `bytes` the same as it is stored, and the files beside it that its manifest names; quantised ones are brought
 * back to what they stand for. A checkpoint of unetc has the network's own names.
 * Needs an engine. Throws `TensorFileError`.
 */
export async function openLayersModel(
  path: string,
  model: JsonObject,
  bytes: Buffer,
): Promise<TensorFile> {
  if (
    model['format'] === 'graph-model' ||
    objectOf(model['modelTopology'])?.['node'] !== undefined
  ) {
    throw new TensorFileError(
      'it is a graph model, whose normalisations are folded into other weights',
      ['Convert the Keras model with "--output_format tfjs_layers_model" instead.'],
    );
  }
  const groups = readManifest(model['weightsManifest']);
  if (groups.kind === 'wrong') throw new TensorFileError(groups.reason);
  const own = readOwnModel(model, bytes, groups.groups);
  const values: Decoded[] = [];
  for (const group of groups.groups) {
    const content = readParts(path, group);
    own?.checkWeights(content);
    values.push(...(await decode(content, group)));
  }
  const tensors = values.map(({ name, shape, data, isWhole }, at) => ({
    name: own?.names[at] ?? name,
    shape,
    isWhole,
    read: () => data,
  }));
  const calls = readCalls(model['modelTopology']);
  const facts = own?.facts;
  return { format: 'TensorFlow.js layers model', tensors, calls, facts, close: () => undefined };
}

/** The files of a group, one behind the other. They lie below the folder of the model, or are not read. */
function readParts(model: string, { paths }: WeightGroup): Buffer {
  const within = dirname(model);
  return Buffer.concat(
    paths.map((name) => {
      const file = join(within, name);
      try {
        return readBytesSync(file, 'weights', { within });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        const reason = error.problem === 'missing' ? 'there is no such file' : error.message;
        throw new TensorFileError(`"${file}" cannot be read: ${reason}`);
      }
    }),
  );
}

interface Decoded {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether it holds whole numbers that nothing scales. */
  readonly isWhole: boolean;
  readonly data: Float32Array;
}

async function decode(bytes: Buffer, { weights }: WeightGroup): Promise<readonly Decoded[]> {
  let decoded: tf.NamedTensorMap;
  try {
    decoded = tf.io.decodeWeights(Uint8Array.from(bytes).buffer, [...weights]);
  } catch (error) {
    const reported = error instanceof Error ? error.message : String(error);
    throw new TensorFileError(
      `its weights do not fit its manifest: ${reported.replace(/\.$/, '')}`,
    );
  }
  const values: Decoded[] = [];
  for (const { name, dtype, quantization } of weights) {
    const tensor = decoded[name]!;
    // Texts are no numbers, and come out as such.
    const data = Float32Array.from(await tensor.data());
    const isWhole = dtype !== 'float32' && quantization === undefined;
    values.push({ name, shape: tensor.shape, isWhole, data });
    tensor.dispose();
  }
  return values;
}
