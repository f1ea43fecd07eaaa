import { join } from 'node:path';
import type { CompiledModel } from '../../compile.js';
import { isFile, readBytes } from '../../files/index.js';
import { loadWeights } from '../pretrained/load-weights.js';
import { entriesOf, isKind, type PickleValue } from '../pretrained/pytorch/pickle-values.js';
import { readPickle } from '../pretrained/pytorch/read-pickle.js';
import { metadataEntry } from '../pretrained/safetensors.js';
import { openZip } from '../pretrained/zip-archive.js';
import type { BestEpoch, TrainingProgress } from '../runs/checkpoint.js';
import { nowhere } from '../../diagnostics/source.js';

/** What `train.py` goes on from: all of its state. */
export const stateFile = join('last', 'state.pt');
/** The weights of the best epoch, as `train.py` writes them. */
export const bestFile = join('best', 'model.safetensors');

/** How far a training in Python has come. */
export interface TorchState {
  readonly progress: TrainingProgress;
  readonly best: BestEpoch | undefined;
  /** Of one batch. */
  readonly batch: number;
  /** Of one epoch. */
  readonly images: number;
}

/** What a pickle says, as plain data; what is no plain data is left out. */
function plain(value: PickleValue | undefined): unknown {
  if (isKind(value, 'list')) return value.items.map(plain);
  const entries = entriesOf(value);
  if (entries !== undefined) {
    return Object.fromEntries(
      [...entries].flatMap(([key, each]) => (typeof key === 'string' ? [[key, plain(each)]] : [])),
    );
  }
  if (isKind(value, 'dict')) return {};
  return typeof value === 'object' && value !== null ? undefined : (value ?? undefined);
}

interface StoredState {
  readonly settings: { readonly batch: number; readonly images: number };
  readonly progress: {
    readonly epoch: number;
    readonly batch: number;
    readonly step: number;
    readonly sums: readonly number[];
    /** Of a schedule `plateau`. */
    readonly factor?: number;
    readonly waited?: number;
    readonly resting?: number;
  };
  readonly best?: StoredBest;
}

interface StoredBest {
  readonly epoch: number;
  readonly metric: string;
  readonly value?: number;
  readonly validationLoss?: number;
  readonly unpredicted: BestEpoch['unpredicted'];
}

/**
 * Reads how far a training is; undefined where it has saved nothing yet. The pickle is read,
 * not run. Throws `TensorFileError` and `FileError`.
 *
 * @param outputs the names of the network's outputs.
 */
export async function readState(
  folder: string,
  outputs: readonly string[],
): Promise<TorchState | undefined> {
  const path = join(folder, stateFile);
  if (!isFile(path)) return undefined;
  const archive = openZip(await readBytes(path, 'weights'));
  const file = archive.names.find((name) => name.endsWith('data.pkl'))!;
  const { settings, progress, best } = plain(readPickle(archive.read(file)!).value) as StoredState;
  const [lossSum = 0, ...others] = progress.sums;
  const byOutput = outputs.length === 1 ? [] : outputs.map((name, at) => [name, others[at] ?? 0]);
  return {
    progress: {
      ...{ epoch: progress.epoch, batch: progress.batch, step: progress.step, lossSum },
      outputLossSums:
        progress.batch === 0 ? {} : (Object.fromEntries(byOutput) as Record<string, number>),
      ...plateauOf(progress),
    },
    best,
    ...settings,
  };
}

/** The state of a schedule `plateau`, as our own engine has it: from the first validation on. */
function plateauOf({
  epoch,
  factor,
  waited = 0,
  resting = 0,
}: StoredState['progress']): Pick<TrainingProgress, 'plateau'> {
  return factor === undefined || epoch === 0 ? {} : { plateau: { factor, waited, resting } };
}

/** The epoch that the file of the best weights is of; undefined where there is none. */
export async function readBestEpoch(folder: string): Promise<BestEpoch | undefined> {
  const path = join(folder, bestFile);
  if (!isFile(path)) return undefined;
  const best = metadataEntry(await readBytes(path, 'weights'), 'best');
  return best === undefined ? undefined : withoutNulls(JSON.parse(best) as BestEpoch);
}

/** Values that are absent, as unetc has them, for those that Python calls None. */
const withoutNulls = (best: BestEpoch): BestEpoch =>
  Object.fromEntries(
    Object.entries(best).filter(([, value]) => value !== null),
  ) as unknown as BestEpoch;

/** The weights of a network in a file of `train.py`, by the graph's names; throws what keeps them from being read. */
export async function readTorchWeights(
  model: CompiledModel,
  path: string,
): Promise<ReadonlyMap<string, Float32Array>> {
  const source = { path, shown: path, at: nowhere, encoderOnly: false, isPartial: false };
  const { value, diagnostics } = await loadWeights(model, source);
  if (value !== undefined) return value.values;
  throw new Error(diagnostics.map(({ message }) => message).join('\n'));
}
