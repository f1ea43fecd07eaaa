import type { ObjectScores } from '../instances/object-counter.js';
import type { ReliabilityBin } from '../metrics/reliability.js';
import { digest } from './checkpoint-shape.js';
import { openSealedJson, sealJson } from './sealed-json.js';
import {
  finite,
  hasShape,
  list,
  object,
  oneOf,
  optional,
  table,
  text,
  whole,
  type Shape,
} from './shape.js';
import { readStored } from './stored-file.js';

/** The file with what the best weights of a run do on its validation images. */
export const evaluationFile = 'evaluation.json';

/** A number; null where there is nothing to measure, or no number. */
type Measured = number | null;

/** A metric: the mean, and the values by class. */
export interface StoredMetric {
  readonly mean: Measured;
  readonly classes: readonly Measured[];
}

/** Metrics by the names they are reported under, in the recipe's order. */
export type StoredMetrics = Readonly<Record<string, StoredMetric>>;

/** How objects were found, by the names of `ObjectScores`. */
export type StoredObjects = { readonly [Name in keyof ObjectScores]: Measured };

/** How one validation image was predicted. */
export interface EvaluatedImage {
  readonly name: string;
  readonly loss: Measured;
  readonly metrics: StoredMetrics;
  /** Of heads with targets of their own, by name; the values are by channel. */
  readonly targets?: Readonly<Record<string, StoredMetrics>> | undefined;
  /** How its objects were found, where the recipe tells them apart. */
  readonly objects?: StoredObjects | undefined;
}

/** How far probabilities of a class can be taken at their word. */
export interface Reliability {
  /** The class; null where the bins are of the likeliest class of each pixel, whatever it is. */
  readonly class: number | null;
  /** Bins of equal width from 0 to 1; those without a pixel are null. */
  readonly bins: readonly (ReliabilityBin | null)[];
  /**
   * The expected calibration error: the mean over pixels of the distance between `probability`
   * and `right` of their bins (Naeini et al. 2015, Guo et al. 2017).
   */
  readonly error: number;
}

/** Why an image is shown. */
export const sampleKinds = ['worst', 'random', 'best'] as const;
export type SampleKind = (typeof sampleKinds)[number];

/** A validation image to look at. Pictures are base64, all of one size. */
export interface EvaluatedSample {
  readonly name: string;
  readonly kind: SampleKind;
  readonly width: number;
  readonly height: number;
  /** The image as WebP, dark ones brightened. */
  readonly image: string;
  /** The true classes, tinted and outlined, as a transparent PNG; absent where whole images are classified. */
  readonly truth?: string | undefined;
  /** The same of the predicted ones. */
  readonly prediction?: string | undefined;
  /** What heads with targets of their own give, where that is no mask of classes. */
  readonly targets?: readonly EvaluatedTarget[] | undefined;
}

/** One channel of a head with a target of its own, as grey PNGs in base64. */
export interface EvaluatedTarget {
  /** What it is called. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The value that is black, and the one that is white. */
  readonly low: number;
  readonly high: number;
  readonly truth: string;
  readonly prediction: string;
}

/** The machine that evaluated. */
export interface EvaluationMachine {
  /** Operating system and processor type: `linux x64`. */
  readonly system: string;
  /** The processor in words, where the system tells. */
  readonly processor: string;
  readonly cores: number;
  /** Of memory. */
  readonly bytes: number;
}

/** The content of `evaluation.json`. */
export interface StoredEvaluation {
  readonly kind: 'unetc-evaluation';
  readonly run: string;
  /** The best epoch, whose weights were evaluated. */
  readonly epoch: number;
  /** The SHA-256 of the file of these weights. */
  readonly weights: string;
  /** The fingerprint of the data that were evaluated. */
  readonly data: string;
  /** The head that is predicted. */
  readonly head: string;
  /** Names of the classes, as messages call them. */
  readonly classes: readonly string[];
  /** Their colours in pictures, such as `#e69f00`; null for class 0, which is not tinted. */
  readonly colours: readonly (string | null)[];
  readonly loss: Measured;
  readonly metrics: StoredMetrics;
  /** Of heads with targets of their own, by name; the values are by channel. */
  readonly targets?: Readonly<Record<string, StoredMetrics>> | undefined;
  /** How the objects of all images were found, where the recipe tells them apart. */
  readonly objects?: StoredObjects | undefined;
  readonly images: readonly EvaluatedImage[];
  /** Pixels by their true class, the rows, and the predicted one; null where whole images are classified. */
  readonly confusion: readonly (readonly number[])[] | null;
  readonly calibration: readonly Reliability[];
  readonly samples: readonly EvaluatedSample[];
  readonly machine: EvaluationMachine;
  /** What the evaluation took. */
  readonly seconds: number;
}

const either = <T>(shape: Shape<T>): Shape<T | null> => ({
  problemOf: (value, path) => (value === null ? undefined : shape.problemOf(value, path)),
});
const measured: Shape<Measured> = either(finite);
const metrics = table(object<StoredMetric>({ mean: measured, classes: list(measured) }));
const objects = optional(
  object<StoredObjects>({
    ...{ true: measured, found: measured, ap50: measured, ap: measured, pq: measured },
    dice: measured,
  }),
);
const bin = object<ReliabilityBin>({ count: whole(1), probability: finite, right: finite });

const shape = object<StoredEvaluation & { readonly sha256: string }>({
  kind: oneOf(['unetc-evaluation']),
  run: digest,
  epoch: whole(1),
  weights: digest,
  data: digest,
  head: text,
  classes: list(text),
  colours: list(either(text)),
  loss: measured,
  metrics,
  targets: optional(table(metrics)),
  objects,
  images: list(
    object<EvaluatedImage>({
      ...{ name: text, loss: measured, metrics, objects },
      targets: optional(table(metrics)),
    }),
  ),
  confusion: either(list(list(whole(0)))),
  calibration: list(
    object<Reliability>({ class: either(whole(0)), bins: list(either(bin)), error: finite }),
  ),
  samples: list(
    object<EvaluatedSample>({
      name: text,
      kind: oneOf(sampleKinds),
      width: whole(1),
      height: whole(1),
      image: text,
      truth: optional(text),
      prediction: optional(text),
      targets: optional(
        list(
          object<EvaluatedTarget>({
            name: text,
            width: whole(1),
            height: whole(1),
            low: finite,
            high: finite,
            truth: text,
            prediction: text,
          }),
        ),
      ),
    }),
  ),
  machine: object<EvaluationMachine>({
    system: text,
    processor: text,
    cores: whole(1),
    bytes: whole(1),
  }),
  seconds: finite,
  sha256: digest,
});

/** The bytes of `evaluation.json`. */
export function storeEvaluation(evaluation: StoredEvaluation): Buffer {
  return sealJson({ ...evaluation });
}

/** Reads `evaluation.json` of a run; undefined where it is missing or damaged. */
export async function readEvaluation(run: string): Promise<StoredEvaluation | undefined> {
  const stored = await readStored(run, evaluationFile);
  if (stored.kind !== 'read') return undefined;
  const opened = openSealedJson(stored.bytes);
  if ('problem' in opened) return undefined;
  const checked = hasShape(opened.value, shape);
  return 'problem' in checked ? undefined : checked.value;
}
