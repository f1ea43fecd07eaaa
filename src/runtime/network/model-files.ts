import path from 'node:path';
import * as tf from '../tensorflow.js';
import { FileError, objectOf, readBytes, readJsonSync, replaceFile } from '../../files/index.js';
// Loading a model needs our layer classes registered.
import '../layers/custom-layers.js';
import { networkModuleFile, type NetworkFacts } from '../exports/describe-network.js';
import { networkModule } from '../exports/network-module.js';
import { modelGenerator } from '../tensorflow-version.js';
import { readManifest } from './weights-manifest.js';

const topologyFile = 'model.json';
const weightsFile = 'weights.bin';

/** The files that `saveLayersModel` writes into a folder. */
export function modelFiles(folder: string): readonly string[] {
  return [topologyFile, weightsFile, networkModuleFile].map((name) => path.join(folder, name));
}

/** The content of a `model.json` as TensorFlow.js' own savers write it. */
interface ModelJson {
  readonly format: 'layers-model';
  readonly generatedBy: string;
  readonly convertedBy: null;
  readonly modelTopology: unknown;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: tf.io.WeightsManifestEntry[];
  }[];
  readonly userDefinedMetadata?: Readonly<Record<string, unknown>>;
}

/** What is saved beside a model. */
export interface SaveOptions {
  /** The graph's name of each weight, by the name that TensorFlow.js saves it under. */
  readonly weightNames?: ReadonlyMap<string, string>;
  /** For the metadata, and for the module that opens the model. */
  readonly network?: NetworkFacts;
}

/** A file of a saved model, by its name in the folder. */
export interface SavedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * A model as `model.json` and `weights.bin`; with `network` there is `network.js` too. The one that
 * names the others is the last. Readable by `tf.loadLayersModel` anywhere, once that module is
 * imported where `network.layers` names some.
 */
export async function layersModelFiles(
  model: tf.LayersModel,
  { weightNames, network }: SaveOptions = {},
): Promise<readonly SavedFile[]> {
  const files: SavedFile[] = [];
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      const weights = joined(artifacts.weightData);
      const specs = artifacts.weightSpecs ?? [];
      const names = specs.map(({ name }) => weightNames?.get(name) ?? name);
      const unetc = { kind: 'unetc-model', weightNames: names };
      const json: ModelJson = {
        format: 'layers-model',
        generatedBy: modelGenerator(),
        convertedBy: null,
        modelTopology: artifacts.modelTopology,
        weightsManifest: [{ paths: [weightsFile], weights: specs }],
        userDefinedMetadata: network && { unetc, network },
      };
      if (network !== undefined) {
        files.push({ name: networkModuleFile, bytes: Buffer.from(networkModule(network)) });
      }
      files.push({ name: weightsFile, bytes: weights });
      files.push({ name: topologyFile, bytes: Buffer.from(JSON.stringify(json)) });
      return Promise.resolve({
        modelArtifactsInfo: {
          dateSaved: new Date(),
          modelTopologyType: 'JSON',
          weightDataBytes: weights.byteLength,
        },
      });
    }),
  );
  return files;
}

/**
 * Saves a model in a folder (`layersModelFiles`), which is made if missing. The files are written
 * aside, flushed and renamed, weights before what names them: a crash leaves the old model or the new one.
 *
 * @example
 * ```ts
 * import { compile } from 'unetc';
 * import { buildLayersModel, loadLayersModel, saveLayersModel } from 'unetc/runtime';
 * import { startEngine } from 'unetc/runtime';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * await startEngine('wasm');
 * await saveLayersModel(buildLayersModel(compile({ text }).models[0]!.graph), 'tiny.tfjs');
 * const model = await loadLayersModel('tiny.tfjs');
 * console.log(model.countParams());
 * ```
 *
 * ```text
 * 49
 * ```
 */
export async function saveLayersModel(
  model: tf.LayersModel,
  folder: string,
  options: SaveOptions = {},
): Promise<void> {
  for (const { name, bytes } of await layersModelFiles(model, options)) {
    await replaceFile(path.join(folder, name), bytes);
  }
}

/**
 * Loads what `saveLayersModel` wrote, or any layers model with the files below its
 * folder that its manifest names. Throws `FileError` for one that cannot be read.
 */
export async function loadLayersModel(folder: string): Promise<tf.LayersModel> {
  const file = path.join(folder, topologyFile);
  const json = objectOf(readJsonSync(file));
  const topology = objectOf(json?.['modelTopology']);
  if (topology === undefined) throw new FileError(file, 'system', 'it has no "modelTopology"');
  const manifest = readManifest(json?.['weightsManifest']);
  if (manifest.kind === 'wrong') throw new FileError(file, 'system', manifest.reason);
  const files = manifest.groups.flatMap(({ paths }) => paths);
  const weights = await Promise.all(
    files.map((name) => readBytes(path.join(folder, name), 'weights', { within: folder })),
  );
  const artifacts: tf.io.ModelArtifacts = {
    modelTopology: topology,
    weightSpecs: manifest.groups.flatMap((group) => group.weights),
    weightData: bytesOf(Buffer.concat(weights)),
  };
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}

function joined(data: tf.io.WeightData | undefined): Uint8Array {
  if (data === undefined) return new Uint8Array();
  const parts = Array.isArray(data) ? data : [data];
  return Buffer.concat(parts.map((part) => new Uint8Array(part)));
}

/** A buffer of its own: Node's small buffers share theirs. */
function bytesOf(buffer: Buffer): ArrayBuffer {
  return Uint8Array.from(buffer).buffer;
}
