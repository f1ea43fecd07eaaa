import * as tf from '@tensorflow/tfjs';
import type { ComponentCall, LossName } from '../../ir/recipe.js';
import { meanOverClasses, weighPixels, type ClassWeights } from './class-weights.js';
import type { Head } from './head.js';
import { msSsimLoss, type Luminance } from './ms-ssim.js';
import {
  binaryCrossEntropy,
  crossEntropy,
  focalLoss,
  meanOverPixels,
  softDiceHybrid,
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

type LossBuilder = (options: LossOptions) => (inputs: LossInputs) => tf.Scalar;

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
    return (inputs) => tf.add(pixels(inputs), regions(inputs));
  },
  ms_ssim: (options) => {
    const settings = {
      window: options.number('window', 11),
      sigma: options.number('sigma', 1.5),
      luminance: options.word<Luminance>('luminance', 'last'),
      normalize: options.boolean('normalize', false),
      classWeights: options.classWeights(),
    };
    return ({ output, target, head }) => msSsimLoss(output, target, head, settings);
  },
};

/** The value of a loss of the catalogue: a scalar, differentiable in the output. */
export function namedLoss(call: ComponentCall<LossName>, inputs: LossInputs): tf.Scalar {
  return builders[call.name](new LossOptions(call))(inputs);
}

function overPixels(loss: PixelLoss, options: LossOptions): (inputs: LossInputs) => tf.Scalar {
  const weights = options.classWeights();
  return ({ output, target, head, map }) => {
    const losses = weighPixels(loss(output, target, head), target.truth, weights);
    return meanOverPixels(losses, target, map);
  };
}

function overRegions(loss: RegionLoss, options: LossOptions): (inputs: LossInputs) => tf.Scalar {
  const range = options.word<SumRange>('sums', 'batch');
  const weights = options.classWeights();
  return ({ output, target, head }) =>
    meanOverClasses(loss(classSums(output, target, head, range)), weights);
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
