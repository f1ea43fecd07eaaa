import * as tf from '../tensorflow.js';
import { meanOverClasses, weighPixels } from './class-weights.js';
import type { Head } from './head.js';
import type { LossOptions } from './loss-options.js';
import { sumOverPixels, type PixelLoss } from './pixel-losses.js';
import { classSums, type RegionLoss, type SumRange } from './region-losses.js';
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
export interface LossSums {
  readonly tensors: readonly tf.Tensor[];
  /** The values that counted: pixels by independent channels. */
  readonly counted: number;
}

/** A loss of sums over pixels, and how it is made of them. */
export interface SummedLoss {
  readonly kind: 'sums';
  sums(inputs: LossInputs): LossSums;
  value(sums: LossSums): tf.Scalar;
}

/** A loss that looks at images as wholes. */
export interface WholeLoss {
  readonly kind: 'whole';
  value(inputs: LossInputs): tf.Scalar;
}

/** A loss of the catalogue with its options. Values are scalars, differentiable in the output. */
export type BuiltLoss = SummedLoss | WholeLoss;

/** The mean over the pixels that count; where none does, 0. */
export function overPixels(loss: PixelLoss, options: LossOptions): SummedLoss {
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

export function overRegions(loss: RegionLoss, options: LossOptions): SummedLoss {
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
