import * as tf from '../tensorflow.js';
import type { ComponentCall, LossName } from '../../ir/recipe.js';
import { boundaryLoss } from './boundary-loss.js';
import { overPixels, overRegions, type BuiltLoss, type LossInputs } from './built-loss.js';
import { clDiceLoss } from './cl-dice.js';
import { weighPixels } from './class-weights.js';
import { meanOfHardest } from './hardest-pixels.js';
import { LossOptions } from './loss-options.js';
import { lovaszHinge, lovaszSoftmax } from './lovasz.js';
import { msSsimLoss, type Luminance } from './ms-ssim.js';
import { binaryCrossEntropy, crossEntropy, focalLoss, softDiceHybrid } from './pixel-losses.js';
import {
  bareIouLoss,
  diceLoss,
  focalTverskyLoss,
  generalizedDice,
  iouLoss,
  sumsOfAllClasses,
  tverskyLoss,
  type SumRange,
} from './region-losses.js';
import { absoluteError, huberError, ofErrors, squaredError } from './value-losses.js';

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
  mse: (options) => overPixels(ofErrors(squaredError), options),
  mae: (options) => overPixels(ofErrors(absoluteError), options),
  huber: (options) => overPixels(ofErrors(huberError(options.number('delta'))), options),
  topk_cross_entropy: (options) => {
    const labelSmoothing = options.number('label_smoothing', 0);
    const share = options.number('share');
    const [exclusive, independent] = [
      crossEntropy({ labelSmoothing }),
      binaryCrossEntropy({ labelSmoothing, clip: undefined }),
    ];
    return {
      kind: 'whole',
      value: ({ output, target, head }) => {
        const loss = head.activation === 'softmax' ? exclusive : independent;
        const losses = loss(output, target, head);
        const weighed = weighPixels(losses, target.truth, options.classWeights());
        return meanOfHardest(weighed, target, share);
      },
    };
  },
  generalized_dice: (options) => {
    const range = options.word<SumRange>('per', 'batch');
    const loss = generalizedDice(options.number('epsilon'));
    return {
      kind: 'sums',
      sums: ({ output, target, head }) => {
        const { overlap, predicted, actual } = sumsOfAllClasses(output, target, head, range);
        return { tensors: [overlap, predicted, actual], counted: 0 };
      },
      value: ({ tensors: [overlap, predicted, actual] }) =>
        tf.mean(loss({ overlap: overlap!, predicted: predicted!, actual: actual! })),
    };
  },
  lovasz_hinge: (options) => {
    const range = options.word<SumRange>('per', 'image');
    const settings = { range, classWeights: options.classWeights() };
    return {
      kind: 'whole',
      value: ({ output, target, head }) => lovaszHinge(output, target, head, settings),
    };
  },
  lovasz_softmax: (options) => {
    const settings = {
      range: options.word<SumRange>('per', 'batch'),
      classWeights: options.classWeights(),
      onlyPresent: options.word('classes', 'present') === 'present',
    };
    return {
      kind: 'whole',
      value: ({ output, target, head }) => lovaszSoftmax(output, target, head, settings),
    };
  },
  boundary: (options) => ({
    kind: 'whole',
    value: ({ output, target, head }) => boundaryLoss(output, target, head, options.classWeights()),
  }),
  cl_dice: (options) => {
    const settings = {
      iterations: options.number('iterations'),
      epsilon: options.number('epsilon'),
      range: options.word<SumRange>('per', 'batch'),
      classWeights: options.classWeights(),
    };
    return {
      kind: 'whole',
      value: ({ output, target, head }) => clDiceLoss(output, target, head, settings),
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
