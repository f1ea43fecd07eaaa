import * as tf from '../tensorflow.js';
import type { LossExpression } from '../../ir/recipe.js';
import type { Head, TrainedOutput } from './head.js';
import { weightMapsOf } from './loss-terms.js';
import { namedLoss } from './named-loss.js';
import type { LossTarget } from './target.js';

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
        return namedLoss(part.loss, { head, output, target, map });
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

/**
 * The sum of the losses of all heads. That of a head is the weighted mean over its
 * outputs: deep supervision averages its depths.
 *
 * @param onLoss is told the loss of each output before it is weighted; the tensor
 *   lives as long as the caller keeps it.
 */
export function lossOfOutputs(
  trained: readonly TrainedOutput[],
  outputs: ReadonlyMap<string, tf.Tensor4D>,
  targets: ReadonlyMap<string, LossTarget>,
  onLoss: (output: string, loss: tf.Scalar) => void = () => undefined,
): tf.Scalar {
  return trained
    .map(({ head, loss, weight }) => {
      const own = lossOfHead(loss, head, outputs.get(head.name)!, targets.get(head.name)!);
      onLoss(head.name, own);
      return weight === 1 ? own : tf.mul<tf.Scalar>(own, weight);
    })
    .reduce((sum, loss) => tf.add(sum, loss));
}
