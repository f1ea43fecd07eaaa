import * as tf from '@tensorflow/tfjs';
import type { ComponentCall, LossExpression, LossName, WeightMapName } from '../../ir/recipe.js';
import type { Head } from './head.js';
import {
  binaryCrossEntropy,
  crossEntropy,
  focalLoss,
  meanOverPixels,
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
} from './region-losses.js';
import type { LossTarget } from './target.js';

/** A call of a weight map in a loss. */
export type WeightMapCall = ComponentCall<WeightMapName>;

/** The weight maps of a loss, in the order in which a target holds them. */
export function weightMapsOf(loss: LossExpression): readonly WeightMapCall[] {
  switch (loss.kind) {
    case 'loss':
      return [];
    case 'sum':
      return loss.terms.flatMap(weightMapsOf);
    case 'scale':
      return weightMapsOf(loss.loss);
    case 'map':
      return [loss.map, ...weightMapsOf(loss.loss)];
  }
}

/**
 * The loss of one head's output [n, h, w, c] against a target of the same
 * size: a scalar, differentiable in the output. Region losses take their sums
 * over the whole batch; pixels of weight 0 count nowhere.
 */
export function lossOfHead(
  expression: LossExpression,
  head: Head,
  output: tf.Tensor4D,
  target: LossTarget,
): tf.Scalar {
  const maps = weightMapsOf(expression);
  return value(expression, undefined);

  function value(part: LossExpression, map: tf.Tensor4D | undefined): tf.Scalar {
    switch (part.kind) {
      case 'loss':
        return namedLoss(part.loss, head, output, target, map);
      case 'sum':
        return part.terms.map((term) => value(term, map)).reduce((sum, term) => tf.add(sum, term));
      case 'scale':
        return tf.mul(value(part.loss, map), part.factor);
      case 'map': {
        const own = target.maps[maps.indexOf(part.map)];
        if (own === undefined) throw new Error(`the target lacks the map "${part.map.name}"`);
        return value(part.loss, map === undefined ? own : tf.mul<tf.Tensor4D>(map, own));
      }
    }
  }
}

/** The mean of a loss over all heads: deep supervision averages its depths. */
export function lossOfHeads(
  expression: LossExpression,
  heads: readonly Head[],
  outputs: ReadonlyMap<string, tf.Tensor4D>,
  targets: ReadonlyMap<string, LossTarget>,
): tf.Scalar {
  const losses = heads.map((head) =>
    lossOfHead(expression, head, outputs.get(head.name)!, targets.get(head.name)!),
  );
  const total = losses.reduce((sum, loss) => tf.add(sum, loss));
  return losses.length === 1 ? total : tf.div(total, losses.length);
}

function namedLoss(
  call: ComponentCall<LossName>,
  head: Head,
  output: tf.Tensor4D,
  target: LossTarget,
  map: tf.Tensor4D | undefined,
): tf.Scalar {
  const number = (option: string): number => readNumber(call, option);
  switch (call.name) {
    case 'bce':
      return overPixels(binaryCrossEntropy);
    case 'cross_entropy':
      return overPixels(crossEntropy);
    case 'focal': {
      const alpha = call.options['alpha'];
      const gamma = number('gamma');
      return overPixels(focalLoss({ gamma, alpha: typeof alpha === 'number' ? alpha : undefined }));
    }
    case 'dice':
      return overRegions(diceLoss(number('epsilon')));
    case 'iou':
      return overRegions(iouLoss(number('epsilon')));
    case 'tversky':
      return overRegions(tverskyLoss({ alpha: number('alpha'), epsilon: number('epsilon') }));
    case 'focal_tversky':
      return overRegions(
        focalTverskyLoss({
          alpha: number('alpha'),
          gamma: number('gamma'),
          epsilon: number('epsilon'),
        }),
      );
    case 'bce_iou':
      return tf.add(overPixels(binaryCrossEntropy), overRegions(bareIouLoss(number('epsilon'))));
  }

  function overPixels(loss: PixelLoss): tf.Scalar {
    return meanOverPixels(loss(output, target, head), target, map);
  }

  function overRegions(loss: RegionLoss): tf.Scalar {
    return loss(classSums(output, target, head));
  }
}

function readNumber(call: ComponentCall, option: string): number {
  const found = call.options[option];
  if (typeof found !== 'number') throw new Error(`"${call.name}" without the number "${option}"`);
  return found;
}
