import type { ComponentCall, ScalingCall, SizePolicyName } from '../../ir/recipe.js';
import type { ImageValues } from '../data/check-brightness.js';
import type { MaskEncoding } from '../data/mask-encoding.js';
import type { OptimizerState } from '../network/optimizers/optimizer.js';
import type { PlateauState } from '../training/plateau.js';
import type { RunSpec } from '../training/run-spec.js';

/** The two checkpoints of a run: the best validation so far, and the state to go on from. */
export type CheckpointName = 'best' | 'last';

export const checkpointNames: readonly CheckpointName[] = ['best', 'last'];

/** The format that this version writes and reads. */
export const checkpointFormat = 2;

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
  /** The same for each output where there are several, unweighted. */
  readonly outputLossSums: Readonly<Record<string, number>>;
  /** Where the learning rate follows from validations; absent before the first one. */
  readonly plateau?: PlateauState | undefined;
}

/** The best epoch so far. */
export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** The metric that decides, as logs call it. */
  readonly metric: string;
  /** Absent where no class but the first was in the masks or found. */
  readonly value?: number | undefined;
  /** The mean loss over the validation images, which decides between equal values; absent where it is not a number. */
  readonly validationLoss?: number | undefined;
  /** Classes that no validation pixel was predicted as. */
  readonly unpredicted: readonly UnpredictedClass[];
}

/** A class that masks have and that is never predicted. */
export interface UnpredictedClass {
  /** Counted from 0, the background. */
  readonly class: number;
  /** How many pixels have it, of all that have a class. */
  readonly pixels: number;
  readonly of: number;
}

/** What decides the bits of a run besides its spec: with the same, they come out the same. */
export interface RunConditions {
  /** The version of unetc. */
  readonly unetc: string;
  /** The version of TensorFlow.js. */
  readonly tensorflow: string;
  /** The engine's name, with its threads where their number changes bits (`conditionOfEngine`). */
  readonly engine: string;
  /** The fingerprint of the data (`describeData`). */
  readonly data: string;
}

/** What every checkpoint says of itself. */
export interface CheckpointFacts {
  /** Which run it belongs to: one value for all files of a run, from what decided its bits at its start. */
  readonly run: string;
  /** What it was trained under, last of all; "best": what its values were measured under. */
  readonly conditions: RunConditions;
  readonly spec: RunSpec;
  /** What a program that does not compile the spec needs to feed the network. */
  readonly preprocessing: Preprocessing;
  readonly progress: TrainingProgress;
  readonly best: BestEpoch | undefined;
}

/** How images become input, and masks classes. */
export interface Preprocessing {
  readonly channels: number;
  readonly scaling: ScalingCall;
  readonly sizes: Pick<ComponentCall<SizePolicyName>, 'name' | 'options'>;
  readonly masks: MaskEncoding;
  /** What the values of the training images were, by depth; older checkpoints lack it. */
  readonly images?: readonly ImageValues[] | undefined;
  /** The pixels of each class in all training masks, class 0 first; older checkpoints lack it. */
  readonly classPixels?: readonly number[] | undefined;
}

/** A checkpoint in memory. */
export interface Checkpoint extends CheckpointFacts {
  /** The checksum of the file `model.json`, which names and seals the others. */
  readonly seal: string;
  /** What `model.json` holds, for whoever compares it with the spec (`describeMisfit`). */
  readonly stored: CheckpointModel;
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
 * The part of a checkpoint's `model.json` that is ours:
 * `userDefinedMetadata.unetc`, which TensorFlow.js hands through.
 */
export interface CheckpointMetadata extends CheckpointFacts {
  readonly kind: 'unetc-checkpoint';
  readonly format: typeof checkpointFormat;
  /** The graph's names of the weights, in the order of the weights manifest. */
  readonly weightNames: readonly string[];
  readonly weightsFile: CheckpointFile;
  /** The SHA-256 of `network.js`, which may be missing: unetc itself does not need it. */
  readonly networkModule: string;
  readonly optimizer: StoredOptimizer | undefined;
}

/** What `model.json` says of the optimizer's file. */
export interface StoredOptimizer {
  readonly step: number;
  readonly file: CheckpointFile;
  /** Names and lengths of the slots, in the order of the file. */
  readonly slots: readonly { readonly name: string; readonly length: number }[];
}

/** A tensor in the weights file, as TensorFlow.js describes it. */
export interface StoredWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
}

/** A checkpoint's `model.json` as far as it is read back. */
export interface CheckpointModel {
  readonly format: 'layers-model';
  readonly generatedBy: string;
  readonly convertedBy: null;
  /** The business of TensorFlow.js: the graph is compiled from the spec. */
  readonly modelTopology: unknown;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly StoredWeight[];
  }[];
  readonly userDefinedMetadata: {
    readonly unetc: CheckpointMetadata;
    /** For programs that open the model (`describeNetwork`); older checkpoints lack it. */
    readonly network?: unknown;
  };
  /** Of the bytes of `model.json` itself (`sealJson`). */
  readonly sha256: string;
}
