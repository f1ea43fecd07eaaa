import * as tf from '@tensorflow/tfjs';
import type { ComponentCall, LossExpression, WeightMapName } from '../../ir/recipe.js';
import type { Head } from './head.js';
import { namedLoss } from './named-loss.js';
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
