import { describeHalos, type OutputHalo } from '../../codegen/onnx/halo.js';
import { describeModel, type AxisFacts, type ModelFacts } from '../../codegen/model-facts.js';
import type { MaskStep, Separation } from '../../ir/post-processing.js';
import type { AxisSizes } from '../../ir/recipe.js';
import { axisGeometry } from '../../ir/sizes/geometry.js';
import type { SizePolicy } from '../../ir/sizes/size-policy.js';
import { version } from '../../version.js';
import { maskRule } from '../post/mask-rule.js';
import { legendOf, type LegendEntry } from '../prediction/legend.js';
import type { TrainedNetwork } from '../prediction/trained-network.js';
import type { StoredEvaluation, StoredMetrics } from '../runs/evaluation-file.js';

/** The file of a package that says what its network takes and gives. */
export const factsFile = 'network.json';

/** What an output covers of an input along one axis, at all legal sizes of one remainder. */
export interface AxisCover {
  readonly remainder: number;
  /** Pixels that the output stands for fewer than the input has; half of them lie before. */
  readonly taken: number;
  /** Pixels of the output for one pixel of what it stands for. */
  readonly scale: number;
}

/** What a program must know to predict as unetc does. */
export interface PredictionFacts {
  /** The output that is predicted. */
  readonly head: string;
  /** Whether it gives one value a channel for the whole image. */
  readonly classifiesImages: boolean;
  /** What becomes of images of other sizes. */
  readonly sizes: SizePolicy;
  readonly cover: { readonly height: readonly AxisCover[]; readonly width: readonly AxisCover[] };
  /** Of one channel: the probability above which a pixel is of class 1. */
  readonly threshold: number;
  /** What is done to the mask then, and how its objects are told apart. */
  readonly post: readonly MaskStep[];
  readonly objects?: Separation;
  /** The classes, class 0 first, with their colours in overlays. */
  readonly legend: readonly LegendEntry[];
}

/** What the weights did on the validation images of their training; no names of images. */
export interface MeasuredFacts {
  readonly epoch: number;
  readonly images: number;
  readonly loss: number | null;
  readonly metrics: StoredMetrics;
}

/** The files with which a program checks that it predicts alike; paths in the package. */
export interface SampleFacts {
  readonly image: string;
  /** Whether the image was drawn by a program, and is no photograph. */
  readonly isSynthetic: boolean;
  /** Float32, [height, width, channels] of the head. */
  readonly probabilities: string;
  /** Bytes, [height, width]; absent where the network classifies whole images. */
  readonly classes?: string;
}

/** The content of `network.json`. */
export interface PackageFacts extends ModelFacts {
  readonly kind: 'unetc-package';
  /** The version of unetc that wrote it. */
  readonly unetc: string;
  /** As the person says who made the package. */
  readonly license?: string;
  /** What pixels of an image see that is cut into tiles, by the names of outputs. */
  readonly halo: Readonly<Record<string, OutputHalo>>;
  readonly prediction: PredictionFacts;
  readonly measured?: MeasuredFacts;
  readonly sample: SampleFacts;
}

/** What the facts of a package are gathered from. */
export interface FactSources {
  readonly trained: TrainedNetwork;
  readonly evaluation: StoredEvaluation | undefined;
  readonly sample: SampleFacts;
  readonly license: string | undefined;
}

/** Gathers what a package says of its network. */
export function packageFacts({ trained, evaluation, sample, license }: FactSources): PackageFacts {
  const { model, recipe } = trained.run;
  const described = describeModel({ ...model, recipe });
  return {
    kind: 'unetc-package',
    unetc: version,
    ...described,
    ...(license !== undefined && { license }),
    halo: describeHalos(model.graph, model.sizes),
    prediction: predictionFacts(trained, described),
    ...(evaluation && { measured: measuredFacts(evaluation) }),
    sample,
  };
}

function predictionFacts({ run, network, found }: TrainedNetwork, facts: ModelFacts) {
  const { recipe } = run;
  const { head, sizes, policy } = network;
  const { threshold, steps, objects } = maskRule(recipe, found.threshold);
  const coverOf = (axis: AxisSizes, { legal }: AxisFacts): readonly AxisCover[] =>
    legal.map(({ remainder, from }) => {
      const { input, cover, output } = axisGeometry(axis, head.name, from);
      return { remainder, taken: input - cover, scale: output / cover };
    });
  return {
    head: head.name,
    classifiesImages: head.classifiesImages,
    sizes: policy,
    cover: {
      height: coverOf(sizes.height, facts.input.height),
      width: coverOf(sizes.width, facts.input.width),
    },
    threshold,
    post: steps,
    ...(objects && { objects }),
    legend: legendOf(head.classCount, recipe),
  } satisfies PredictionFacts;
}

const measuredFacts = ({ epoch, images, loss, metrics }: StoredEvaluation): MeasuredFacts => ({
  ...{ epoch, images: images.length, loss, metrics },
});
