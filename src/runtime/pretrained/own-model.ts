import { objectOf, textOf, type JsonObject } from '../../files/index.js';
import { layerName } from '../../codegen/tfjs/layer-names.js';
import type { WeightGroup } from '../network/weights-manifest.js';
import { openSealedJson } from '../runs/sealed-json.js';
import { digestOf } from '../runs/stored-file.js';
import { TensorFileError } from './tensor-file.js';
import { readTrainedFacts, type TrainedFacts } from './trained-facts.js';

/** What a layers model that unetc wrote says of its weights. */
export interface OwnModel {
  /** The network's own name of each weight, in the order of the manifest. */
  readonly names: readonly (string | undefined)[];
  /** Throws `TensorFileError` where a file of weights is not the one that was written. */
  readonly checkWeights: (bytes: Uint8Array) => void;
  readonly facts: TrainedFacts;
}

/**
 * Reads what unetc has written into a layers model, whose bytes are `bytes`; undefined for
 * models of others. A checkpoint must be as it was written, and names must be those of
 * the weights that they stand beside. Throws `TensorFileError`.
 */
export function readOwnModel(
  model: JsonObject,
  bytes: Buffer,
  groups: readonly WeightGroup[],
): OwnModel | undefined {
  const metadata = objectOf(model['userDefinedMetadata']);
  const unetc = objectOf(metadata?.['unetc']);
  const given = unetc?.['weightNames'];
  if (unetc === undefined || !Array.isArray(given)) return undefined;
  const names = given.map(textOf);
  // Checkpoints of the first format have no checksum of their own.
  const isSealed = unetc['kind'] === 'unetc-checkpoint' && model['sha256'] !== undefined;
  if (isSealed) {
    const opened = openSealedJson(bytes);
    if ('problem' in opened) throw new TensorFileError(`it is damaged: ${opened.problem}`);
  }
  const stored = groups.flatMap(({ weights }) => weights);
  if (stored.length !== names.length) {
    throw new TensorFileError(`it has ${stored.length} weights and ${names.length} names for them`);
  }
  for (const [at, { name }] of stored.entries()) {
    const own = names[at];
    if (own === undefined || !isSameWeight(name, own)) {
      throw new TensorFileError(`its weight "${name}" stands under the name "${own ?? ''}"`);
    }
  }
  const digest = isSealed ? textOf(objectOf(unetc['weightsFile'])?.['sha256']) : undefined;
  return {
    names,
    checkWeights: (content) => {
      if (digest === undefined || digestOf(content) === digest) return;
      throw new TensorFileError('its weights differ from what was written');
    },
    facts: readTrainedFacts(metadata),
  };
}

/** Whether a weight of a layer is the one of a node: its layer has the node's name, or that with a suffix. */
export function isSameWeight(stored: string, own: string): boolean {
  const end = own.lastIndexOf('/');
  const layer = layerName(own.slice(0, end));
  const inLayer = stored.startsWith(`${layer}/`) || stored.startsWith(`${layer}.`);
  return inLayer && stored.endsWith(own.slice(end + 1));
}
