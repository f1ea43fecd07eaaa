import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { describeSystemError } from '../../host-node.js';
import { TensorFileError, type TensorFile } from './tensor-file.js';

/** What is read of a `model.json`. */
interface ModelFile {
  readonly format?: string;
  readonly modelTopology?: { readonly node?: unknown };
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: tf.io.WeightsManifestEntry[];
  }[];
  readonly userDefinedMetadata?: { readonly unetc?: { readonly weightNames?: readonly string[] } };
}

/**
 * Reads the weights of a TensorFlow.js layers model, `model.json` and the files
 * its manifest names; quantised ones are brought back to what they stand for. A
 * checkpoint of unetc has the network's own names. Needs an engine. Throws
 * `TensorFileError`.
 */
export function openLayersModel(path: string): TensorFile {
  const model = readModel(path);
  if (model.format === 'graph-model' || model.modelTopology?.node !== undefined) {
    throw new TensorFileError(
      'it is a graph model, whose normalisations are folded into other weights',
      ['Convert the Keras model with "--output_format tfjs_layers_model" instead.'],
    );
  }
  const groups = model.weightsManifest;
  if (groups === undefined) throw new TensorFileError('it has no "weightsManifest"');
  const names = model.userDefinedMetadata?.unetc?.weightNames;
  const values = groups.flatMap(({ paths, weights }) => {
    const bytes = Buffer.concat(paths.map((file) => readPart(join(dirname(path), file))));
    return decode(bytes, weights);
  });
  const tensors = values.map(({ name, shape, data }, at) => ({
    name: names?.[at] ?? name,
    shape,
    read: () => data,
  }));
  return { format: 'TensorFlow.js layers model', tensors, close: () => undefined };
}

function readModel(path: string): ModelFile {
  const text = readPart(path).toString('utf8');
  try {
    const model: unknown = JSON.parse(text);
    if (typeof model === 'object' && model !== null) return model;
  } catch {
    // Told below.
  }
  throw new TensorFileError('it is cut short, or no JSON');
}

function readPart(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TensorFileError(`"${path}" cannot be read: ${describeSystemError(error)}`);
  }
}

interface Decoded {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

function decode(bytes: Buffer, weights: tf.io.WeightsManifestEntry[]): readonly Decoded[] {
  let decoded: tf.NamedTensorMap;
  try {
    decoded = tf.io.decodeWeights(Uint8Array.from(bytes).buffer, weights);
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    throw new TensorFileError(`its weights do not fit its manifest: ${told.replace(/\.$/, '')}`);
  }
  return weights.map(({ name }) => {
    const tensor = decoded[name]!;
    const data = Float32Array.from(tensor.dataSync());
    const { shape } = tensor;
    tensor.dispose();
    return { name, shape, data };
  });
}
