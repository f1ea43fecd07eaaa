import type { Checkpoint } from './checkpoint.js';
import { digest } from './checkpoint-shape.js';
import { openSealedJson, sealJson } from './sealed-json.js';
import { finite, hasShape, object, oneOf, type Shape } from './shape.js';
import { readStored } from './stored-file.js';

/** The file with the threshold that a training has found for its best weights. */
export const thresholdFile = 'threshold.json';

/** A threshold, and what it was found for. */
export interface StoredThreshold {
  readonly kind: 'unetc-threshold';
  /** Which run it belongs to. */
  readonly run: string;
  /** The SHA-256 of the file of the weights. */
  readonly weights: string;
  /** The fingerprint of the data whose validation images were predicted. */
  readonly data: string;
  /** The probability above which a pixel is of class 1. */
  readonly threshold: number;
  /** The Dice of class 1 over all validation pixels at the threshold; 0 to 1. */
  readonly dice: number;
  /** The same at 0.5. */
  readonly usual: number;
}

const shape: Shape<StoredThreshold & { readonly sha256: string }> = object({
  kind: oneOf(['unetc-threshold'] as const),
  run: digest,
  weights: digest,
  data: digest,
  threshold: finite,
  dice: finite,
  usual: finite,
  sha256: digest,
});

/** The bytes of `threshold.json`. */
export function storeThreshold(
  { run, conditions, stored }: Checkpoint,
  found: Pick<StoredThreshold, 'threshold' | 'dice' | 'usual'>,
): Buffer {
  const { weightsFile } = stored.userDefinedMetadata.unetc;
  const { threshold, dice, usual } = found;
  const facts: StoredThreshold = {
    ...{ kind: 'unetc-threshold', run, weights: weightsFile.sha256, data: conditions.data },
    ...{ threshold, dice, usual },
  };
  return sealJson({ ...facts }, 2);
}

/** Reads the threshold that was found for a checkpoint; undefined where there is none for its weights. */
export async function readThreshold(
  folder: string,
  { stored: model }: Pick<Checkpoint, 'stored'>,
): Promise<number | undefined> {
  const stored = await readStored(folder, thresholdFile);
  const opened = stored.kind === 'read' ? openSealedJson(stored.bytes) : undefined;
  if (opened === undefined || 'problem' in opened) return undefined;
  const checked = hasShape(opened.value, shape);
  if ('problem' in checked) return undefined;
  const { weights, threshold } = checked.value;
  return weights === model.userDefinedMetadata.unetc.weightsFile.sha256 ? threshold : undefined;
}
