import type { ComponentCall, ScalingName, SizePolicyName } from '../../ir/recipe.js';
import type { MaskEncoding } from '../data/mask-encoding.js';
import type { OptimizerState } from '../network/optimizers/optimizer.js';
import type { RunSpec } from '../training/run-spec.js';

/** The two checkpoints of a run: the best validation so far, and the state to go on from. */
export type CheckpointName = 'best' | 'last';

export const checkpointNames: readonly CheckpointName[] = ['best', 'last'];

/** The format that this version writes and reads. */
export const checkpointFormat = 1;

/** How far a run has come. All randomness follows from the seed and these counts. */
export interface TrainingProgress {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Batches done of the epoch that follows. */
  readonly batch: number;
  /** Steps done in all. */
  readonly step: number;
  /** The sum of the losses of the batches done of the epoch under way. */
  readonly lossSum: number;
  /** The same for each output where there are several, unweighted; absent in old checkpoints. */
  readonly outputLossSums?: Readonly<Record<string, number>>;
}

/** The best epoch so far. */
export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** The metric that decides, as logs call it. */
  readonly metric: string;
  readonly value: number;
}

/** What every checkpoint says of itself. */
export interface CheckpointFacts {
  /** The version of unetc that wrote it. */
  readonly unetc: string;
  readonly spec: RunSpec;
  /** What a program that does not compile the spec needs to feed the network. */
  readonly preprocessing: Preprocessing;
  readonly progress: TrainingProgress;
  readonly best: BestEpoch | undefined;
}

/** How images become input, and masks classes. */
export interface Preprocessing {
  readonly channels: number;
  /** Checkpoints of old versions have its name alone. */
  readonly scaling: Pick<ComponentCall<ScalingName>, 'name' | 'options'>;
  readonly sizes: Pick<ComponentCall<SizePolicyName>, 'name' | 'options'>;
  readonly masks: MaskEncoding;
}

/** A checkpoint in memory. */
export interface Checkpoint extends CheckpointFacts {
  /** By the graph's names. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Present where training can go on. */
  readonly optimizer: OptimizerState | undefined;
}

/** A file that belongs to a checkpoint. */
export interface CheckpointFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The part of a checkpoint's `model.json` that is ours: its
 * `userDefinedMetadata`, which TensorFlow.js hands through.
 */
export interface CheckpointMetadata extends CheckpointFacts {
  readonly kind: 'unetc-checkpoint';
  readonly format: typeof checkpointFormat;
  /** The graph's names of the weights, in the order of the weights manifest. */
  readonly weightNames: readonly string[];
  readonly weightsFile: CheckpointFile;
  readonly optimizer:
    | {
        readonly step: number;
        readonly file: CheckpointFile;
        /** Names and lengths of the slots, in the order of the file. */
        readonly slots: readonly { readonly name: string; readonly length: number }[];
      }
    | undefined;
}
