import * as tf from '../tensorflow.js';
import type { ComponentCall, LossName } from '../../ir/recipe.js';
import { meanOverClasses, weighPixels, type ClassWeights } from './class-weights.js';
import type { Head } from './head.js';
import { msSsimLoss, type Luminance } from './ms-ssim.js';
import {
  binaryCrossEntropy,
  crossEntropy,
  focalLoss,
  softDiceHybrid,
  sumOverPixels,
  type PixelLoss,
} from './pixel-losses.js';
import {
  bareIouLoss,
  classSums,
  diceLoss,
  focalTverskyLoss,
  iouLoss,
  tverskyLoss,
  type RegionLoss,
  type SumRange,
} from './region-losses.js';
import type { LossTarget } from './target.js';

/** What a loss of the catalogue is computed from. */
export interface LossInputs {
  readonly head: Head;
  /** [n, h, w, c], as the head gives it. */
  readonly output: tf.Tensor4D;
  readonly target: LossTarget;
  /** [n, h, w, 1], the product of the weight maps around the loss. */
  readonly map: tf.Tensor4D | undefined;
}

/** What a loss sums over pixels. Those of the parts of an image add up to those of the image. */
interface LossSums {
  readonly tensors: readonly tf.Tensor[];
  /** The values that counted: pixels by independent channels. */
  readonly counted: number;
}

/** A loss of sums over pixels, and how it is made of them. */
interface SummedLoss {
  readonly kind: 'sums';
  sums(inputs: LossInputs): LossSums;
  value(sums: LossSums): tf.Scalar;
}

/** A loss that looks at images as wholes. */
interface WholeLoss {
  readonly kind: 'whole';
  value(inputs: LossInputs): tf.Scalar;
}

/** A loss of the catalogue with its options. Values are scalars, differentiable in the output. */
export type BuiltLoss = SummedLoss | WholeLoss;

type LossBuilder = (options: LossOptions) => BuiltLoss;

const builders: { readonly [N in LossName]: LossBuilder } = {
  bce: (options) =>
    overPixels(
      binaryCrossEntropy({
        labelSmoothing: options.number('label_smoothing', 0),
        clip: options.optionalNumber('clip'),
      }),
      options,
    ),
  cross_entropy: (options) =>
    overPixels(crossEntropy({ labelSmoothing: options.number('label_smoothing', 0) }), options),
  focal: (options) =>
    overPixels(
      focalLoss({ gamma: options.number('gamma'), alpha: options.optionalNumber('alpha') }),
      options,
    ),
  soft_dice_hybrid: (options) =>
    overPixels(softDiceHybrid({ background: options.boolean('background', true) }), options),
  dice: (options) => overRegions(diceLoss(options.number('epsilon')), options),
  iou: (options) => overRegions(iouLoss(options.number('epsilon')), options),
  tversky: (options) =>
    overRegions(
      tverskyLoss({ alpha: options.number('alpha'), epsilon: options.number('epsilon') }),
      options,
    ),
  focal_tversky: (options) =>
    overRegions(
      focalTverskyLoss({
        alpha: options.number('alpha'),
        gamma: options.number('gamma'),
        epsilon: options.number('epsilon'),
      }),
      options,
    ),
  bce_iou: (options) => {
    const pixels = overPixels(binaryCrossEntropy({ labelSmoothing: 0, clip: undefined }), options);
    const regions = overRegions(bareIouLoss(options.number('epsilon')), options);
    return {
      kind: 'sums',
      sums: (inputs) => {
        const { tensors, counted } = pixels.sums(inputs);
        return { tensors: [...tensors, ...regions.sums(inputs).tensors], counted };
      },
      value: ({ tensors: [first, ...rest], counted }) =>
        tf.add(
          pixels.value({ tensors: [first!], counted }),
          regions.value({ tensors: rest, counted }),
        ),
    };
  },
  ms_ssim: (options) => {
    const settings = {
      window: options.number('window', 11),
      sigma: options.number('sigma', 1.5),
      luminance: options.word<Luminance>('luminance', 'last'),
      normalize: options.boolean('normalize', false),
      classWeights: options.classWeights(),
    };
    return {
      kind: 'whole',
      value: ({ output, target, head }) => msSsimLoss(output, target, head, settings),
    };
  },
};

/** A loss as a recipe calls it. */
export function buildLoss(call: ComponentCall<LossName>): BuiltLoss {
  return builders[call.name](new LossOptions(call));
}

/** The value of a loss of the catalogue: a scalar, differentiable in the output. */
export function namedLoss(call: ComponentCall<LossName>, inputs: LossInputs): tf.Scalar {
  const loss = buildLoss(call);
  return loss.kind === 'whole' ? loss.value(inputs) : loss.value(loss.sums(inputs));
}

/** The mean over the pixels that count; where none does, 0. */
function overPixels(loss: PixelLoss, options: LossOptions): SummedLoss {
  const weights = options.classWeights();
  return {
    kind: 'sums',
    sums: ({ output, target, head, map }) => {
      const losses = weighPixels(loss(output, target, head), target.truth, weights);
      const counted = target.pixels * losses.shape[3];
      return { tensors: [sumOverPixels(losses, target, map)], counted };
    },
    value: ({ tensors: [total], counted }) => tf.div(total!, Math.max(1, counted)),
  };
}

function overRegions(loss: RegionLoss, options: LossOptions): SummedLoss {
  const range = options.word<SumRange>('per', 'batch');
  const weights = options.classWeights();
  return {
    kind: 'sums',
    sums: ({ output, target, head }) => {
      const { overlap, predicted, actual } = classSums(output, target, head, range);
      return { tensors: [overlap, predicted, actual], counted: 0 };
    },
    value: ({ tensors: [overlap, predicted, actual] }) =>
      meanOverClasses(loss({ overlap: overlap!, predicted: predicted!, actual: actual! }), weights),
  };
}

/** The options of a call, which the catalogue's schemas have checked. */
class LossOptions {
  readonly #call: ComponentCall<LossName>;

  constructor(call: ComponentCall<LossName>) {
    this.#call = call;
  }

  /** Throws where neither the call nor `otherwise` gives one. */
  number(name: string, otherwise?: number): number {
    const found = this.optionalNumber(name) ?? otherwise;
    if (found === undefined) throw new Error(`"${this.#call.name}" without the number "${name}"`);
    return found;
  }

  optionalNumber(name: string): number | undefined {
    const found = this.#call.options[name];
    return typeof found === 'number' ? found : undefined;
  }

  boolean(name: string, otherwise: boolean): boolean {
    const found = this.#call.options[name];
    return typeof found === 'boolean' ? found : otherwise;
  }

  word<Word extends string>(name: string, otherwise: Word): Word {
    return (this.#call.options[name] as Word | undefined) ?? otherwise;
  }

  classWeights(): ClassWeights {
    return this.#call.options['class_weights'] as ClassWeights;
  }
}
