import { join } from 'node:path';
import { removeFile, replaceFile } from '../../files/index.js';
import {
  checkpointFormat,
  type Checkpoint,
  type CheckpointFile,
  type CheckpointMetadata,
} from './checkpoint.js';
import { networkModuleFile } from '../exports/describe-network.js';
import { networkModule } from '../exports/network-module.js';
import { modelGenerator } from '../tensorflow-version.js';
import type { Topology } from '../training/topology.js';
import { clearCheckpoint, valuesFile } from './left-overs.js';
import { sealJson } from './sealed-json.js';
import { digestOf, modelFile, readStored, type WriteFile } from './stored-file.js';

/** A checkpoint as it is given to be written. */
export type WrittenCheckpoint = Omit<Checkpoint, 'seal' | 'stored'>;

/**
 * Writes a checkpoint into a folder. Values go to files named after the step;
 * `model.json`, which names them, is replaced last and in one go, so that at
 * every moment the folder holds the old checkpoint or the new one, whole. What
 * it no longer names is deleted afterwards. Throws what the system throws.
 *
 * `model.json` is a layers model that `tf.loadLayersModel` opens; ours is in
 * its `userDefinedMetadata.unetc`, and a checksum of the whole at its end. Equal
 * checkpoints give equal bytes.
 */
export async function writeCheckpoint(
  folder: string,
  topology: Topology,
  checkpoint: WrittenCheckpoint,
  write: WriteFile = replaceFile,
): Promise<void> {
  const { run, conditions, spec, preprocessing, progress, best, optimizer } = checkpoint;
  const store = async (name: string, arrays: readonly Float32Array[]): Promise<CheckpointFile> => {
    const bytes = joinValues(arrays);
    await write(join(folder, name), bytes);
    return { name, bytes: bytes.byteLength, sha256: digestOf(bytes) };
  };
  const weights = topology.weightNames.map((name) => valuesOf(checkpoint, name));
  const weightsFile = await store(valuesFile('weights', progress.step), weights);
  const slots = optimizer === undefined ? [] : [...optimizer.slots];
  const module = Buffer.from(networkModule(topology.network));
  const metadata: CheckpointMetadata = {
    kind: 'unetc-checkpoint',
    format: checkpointFormat,
    run,
    conditions,
    spec,
    preprocessing,
    progress,
    best,
    weightNames: topology.weightNames,
    weightsFile,
    networkModule: digestOf(module),
    optimizer:
      optimizer === undefined
        ? undefined
        : {
            step: optimizer.step,
            file: await store(
              valuesFile('optimizer', progress.step),
              slots.map(([, values]) => values),
            ),
            slots: slots.map(([name, values]) => ({ name, length: values.length })),
          },
  };
  const json = {
    format: 'layers-model',
    generatedBy: modelGenerator(),
    convertedBy: null,
    modelTopology: topology.modelTopology,
    weightsManifest: [{ paths: [weightsFile.name], weights: topology.weightSpecs }],
    userDefinedMetadata: { unetc: metadata, network: topology.network },
  };
  const stored = await readStored(folder, networkModuleFile, 'text');
  const isSame = stored.kind === 'read' && stored.bytes.equals(module);
  const path = join(folder, networkModuleFile);
  // Neither model.json stands beside the module of the other, which is a damage; beside none it may.
  if (stored.kind === 'missing') await write(path, module);
  else if (!isSame) removeFile(path);
  await write(join(folder, modelFile), sealJson(json));
  if (stored.kind !== 'missing' && !isSame) await write(path, module);
  await clearCheckpoint(folder);
}

function valuesOf({ weights }: Pick<Checkpoint, 'weights'>, name: string): Float32Array {
  const values = weights.get(name);
  if (values === undefined) throw new Error(`the checkpoint lacks the weight "${name}"`);
  return values;
}

function joinValues(arrays: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(
    arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}
