import type {
  ComponentCall,
  HeadLosses,
  LossExpression,
  LossName,
  WeightMapName,
} from '../../ir/recipe.js';

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
