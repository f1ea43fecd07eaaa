import { counted } from '../../diagnostics/counted.js';
import type { ComponentCall } from '../../ir/recipe.js';
import type { ImageValues } from '../data/check-brightness.js';
import type { MaskEncoding } from '../data/mask-encoding.js';
import type { PlateauState } from '../training/plateau.js';
import type { RunSettings, RunSpec } from '../training/run-spec.js';
import {
  checkpointFormat,
  type BestEpoch,
  type CheckpointFile,
  type CheckpointMetadata,
  type CheckpointModel,
  type Preprocessing,
  type RunConditions,
  type StoredOptimizer,
  type StoredWeight,
  type TrainingProgress,
  type UnpredictedClass,
} from './checkpoint.js';
import {
  anything,
  byKind,
  finite,
  list,
  nothing,
  object,
  oneOf,
  optional,
  table,
  text,
  textLike,
  where,
  whole,
  type Shape,
} from './shape.js';

/** A SHA-256 in hexadecimal digits. */
export const digest = textLike(/^[0-9a-f]{64}$/, '64 hexadecimal digits');

export const runConditionsShape: Shape<RunConditions> = object<RunConditions>({
  unetc: text,
  tensorflow: text,
  engine: text,
  data: digest,
});

export const runSettingsShape: Shape<RunSettings> = object<RunSettings>({
  epochs: whole(1),
  batch: whole(1),
  seed: whole(0),
  fold: optional(whole(0)),
});

const runSpec = object<RunSpec>({
  text,
  imports: optional(table(text)),
  model: text,
  set: table(text),
  settings: runSettingsShape,
});

const level = whole(0);
const masks = byKind<MaskEncoding>({
  index: object<Extract<MaskEncoding, { kind: 'index' }>>({
    kind: oneOf(['index']),
    classCount: whole(2),
    ignore: optional(list(level)),
  }),
  pair: object<Extract<MaskEncoding, { kind: 'pair' }>>({
    kind: oneOf(['pair']),
    low: level,
    high: level,
    ignore: optional(list(level)),
  }),
  colours: object<Extract<MaskEncoding, { kind: 'colours' }>>({
    kind: oneOf(['colours']),
    table: list(level),
    ignore: optional(list(level)),
  }),
});

/** A component by name; whether it is the one of the spec is seen when that is compiled. */
const component = <T extends Pick<ComponentCall, 'name' | 'options'>>(): Shape<T> =>
  object<Pick<ComponentCall, 'name' | 'options'>>({
    name: text,
    options: table(anything),
  }) as Shape<T>;

const preprocessing = object<Preprocessing>({
  channels: whole(1),
  scaling: component<Preprocessing['scaling']>(),
  sizes: component<Preprocessing['sizes']>(),
  masks,
  images: optional(
    list(
      where(
        object<ImageValues>({
          depth: oneOf([8, 16, 32]),
          low: finite,
          high: finite,
        }),
        ({ depth, low, high }) =>
          low <= high && (depth === 32 || (low >= 0 && high < 2 ** depth))
            ? undefined
            : `images of ${depth} bits have values from ${low} to ${high}`,
      ),
    ),
  ),
  classPixels: optional(list(whole(0))),
});

const progress = where(
  object<TrainingProgress>({
    epoch: whole(0),
    batch: whole(0),
    step: whole(0),
    lossSum: finite,
    outputLossSums: table(finite),
    plateau: optional(
      object<PlateauState>({ factor: finite, waited: whole(0), resting: whole(0) }),
    ),
  }),
  ({ epoch, batch, step, lossSum, outputLossSums }) => {
    // An epoch has one step at least.
    if (step < epoch + batch) {
      return `${counted(step, 'step')} cannot be ${counted(epoch, 'epoch')} and ${batch} of the next one`;
    }
    const isBegun = lossSum !== 0 || Object.keys(outputLossSums).length > 0;
    return batch === 0 && isBegun ? 'losses of an epoch that has not begun' : undefined;
  },
);

const best = object<BestEpoch>({
  epoch: whole(1),
  metric: text,
  value: optional(finite),
  validationLoss: optional(finite),
  unpredicted: list(
    where(
      object<UnpredictedClass>({ class: whole(0), pixels: whole(1), of: whole(1) }),
      ({ class: missed, pixels, of }) =>
        pixels <= of ? undefined : `class ${missed} has ${pixels} of ${of} pixels`,
    ),
  ),
});

/** A file beside `model.json`: its name leads to no other folder. */
const fileOf = (kind: 'weights' | 'optimizer'): Shape<CheckpointFile> =>
  object<CheckpointFile>({
    name: textLike(new RegExp(`^${kind}-\\d+\\.bin$`), `the name of the ${kind} file`),
    bytes: whole(0),
    sha256: digest,
  });

const storedOptimizer = where(
  object<StoredOptimizer>({
    step: whole(0),
    file: fileOf('optimizer'),
    slots: list(object<StoredOptimizer['slots'][number]>({ name: text, length: whole(1) })),
  }),
  ({ slots, file }) => {
    if (new Set(slots.map(({ name }) => name)).size < slots.length) {
      return 'two slots of the optimizer have one name';
    }
    const values = slots.reduce((sum, { length }) => sum + length, 0);
    return 4 * values === file.bytes
      ? undefined
      : `the slots of the optimizer hold ${values} values, its file ${file.bytes / 4}`;
  },
);

const metadata = where(
  object<CheckpointMetadata>({
    kind: oneOf(['unetc-checkpoint']),
    format: oneOf([checkpointFormat]),
    run: digest,
    conditions: runConditionsShape,
    spec: runSpec,
    preprocessing,
    progress,
    best: optional(best),
    weightNames: list(text),
    weightsFile: fileOf('weights'),
    networkModule: digest,
    optimizer: optional(storedOptimizer),
  }),
  ({ best: found, progress: done, weightNames, optimizer }) => {
    if (found !== undefined && found.epoch > done.epoch) {
      return `the best epoch is ${found.epoch}, but ${done.epoch} are done`;
    }
    if (optimizer !== undefined && optimizer.step !== done.step) {
      return `the optimizer has done ${counted(optimizer.step, 'step')}, the run ${done.step}`;
    }
    return new Set(weightNames).size < weightNames.length ? 'two weights have one name' : undefined;
  },
);

const weight = object<StoredWeight>({
  name: text,
  shape: list(whole(1)),
  dtype: oneOf(['float32']),
});

/** A checkpoint's `model.json`, with what its parts say of each other. */
export const checkpointModelShape: Shape<CheckpointModel> = where(
  object<CheckpointModel>({
    format: oneOf(['layers-model']),
    generatedBy: text,
    convertedBy: nothing,
    modelTopology: anything,
    weightsManifest: list(
      object<CheckpointModel['weightsManifest'][number]>({
        paths: list(text),
        weights: list(weight),
      }),
    ),
    userDefinedMetadata: object<CheckpointModel['userDefinedMetadata']>({
      unetc: metadata,
      network: optional(anything),
    }),
    sha256: digest,
  }),
  ({ weightsManifest, userDefinedMetadata }) => {
    const { weightNames, weightsFile } = userDefinedMetadata.unetc;
    const [group] = weightsManifest;
    if (weightsManifest.length !== 1 || group!.paths.join() !== weightsFile.name) {
      return `the weights manifest names other files than "${weightsFile.name}"`;
    }
    if (group!.weights.length !== weightNames.length) {
      return `the manifest has ${group!.weights.length} weights, and ${weightNames.length} are named`;
    }
    const values = group!.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return 4 * values === weightsFile.bytes
      ? undefined
      : `the weights have ${values} values, their file ${weightsFile.bytes / 4}`;
  },
);

/** The number of values of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
