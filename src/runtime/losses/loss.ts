import * as tf from '../tensorflow.js';
import type {
  ComponentCall,
  HeadLosses,
  LossExpression,
  LossName,
  WeightMapName,
} from '../../ir/recipe.js';
import type { Head, TrainedOutput } from './head.js';
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

/** A loss inside an expression. */
export interface LossTerm {
  readonly loss: ComponentCall<LossName>;
  /** What it is multiplied by. */
  readonly factor: number;
  /** Places in `weightMapsOf` of the maps around it. */
  readonly maps: readonly number[];
}

/** The losses of which an expression is the sum, in order. */
export function termsOfLoss(expression: LossExpression): readonly LossTerm[] {
  const maps = weightMapsOf(expression);
  return terms(expression, 1, []);

  function terms(
    part: LossExpression,
    factor: number,
    around: readonly number[],
  ): readonly LossTerm[] {
    switch (part.kind) {
      case 'loss':
        return [{ loss: part.loss, factor, maps: around }];
      case 'sum':
        return part.terms.flatMap((term) => terms(term, factor, around));
      case 'scale':
        return terms(part.loss, factor * part.factor, around);
      case 'map':
        return terms(part.loss, factor, [...around, maps.indexOf(part.map)]);
    }
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

/** The weight maps of all losses, head by head: the planes that a pair carries. */
export function weightMapsOfAll(losses: HeadLosses): readonly WeightMapCall[] {
  return Object.values(losses).flatMap(weightMapsOf);
}

/** Of the planes of all losses those of one head's. */
export function planesOf<Plane>(
  losses: HeadLosses,
  owner: string,
  planes: readonly Plane[],
): readonly Plane[] {
  const names = Object.keys(losses);
  const before = names
    .slice(0, names.indexOf(owner))
    .reduce((sum, name) => sum + weightMapsOf(losses[name]!).length, 0);
  return planes.slice(before, before + weightMapsOf(losses[owner]!).length);
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
