import type {
  ComponentCall,
  LossExpression,
  LossName,
  WeightMapName,
} from '../../../../ir/recipe.js';
import { printNumber } from '../../../python/formulas.js';

/** A loss inside an expression. */
export interface LossTerm {
  readonly loss: ComponentCall<LossName>;
  /** What it is multiplied by. */
  readonly factor: number;
  /** Places of the weight maps around it among those of the expression. */
  readonly maps: readonly number[];
}

/** The weight maps of a loss, in the order in which a batch has them. */
export function mapsOfLoss(loss: LossExpression): readonly ComponentCall<WeightMapName>[] {
  switch (loss.kind) {
    case 'loss':
      return [];
    case 'sum':
      return loss.terms.flatMap(mapsOfLoss);
    case 'scale':
      return mapsOfLoss(loss.loss);
    case 'map':
      return [loss.map, ...mapsOfLoss(loss.loss)];
  }
}

/** The losses of which an expression is the sum, in order. */
export function termsOfLoss(expression: LossExpression): readonly LossTerm[] {
  const maps = mapsOfLoss(expression);
  const read = (
    part: LossExpression,
    factor: number,
    around: readonly number[],
  ): readonly LossTerm[] => {
    switch (part.kind) {
      case 'loss':
        return [{ loss: part.loss, factor, maps: around }];
      case 'sum':
        return part.terms.flatMap((term) => read(term, factor, around));
      case 'scale':
        return read(part.loss, factor * part.factor, around);
      case 'map':
        return read(part.loss, factor, [...around, maps.indexOf(part.map)]);
    }
  };
  return read(expression, 1, []);
}

/** A loss in words: `0.5 bce + dice`. */
export function describeLoss(loss: LossExpression): string {
  const maps = mapsOfLoss(loss);
  return termsOfLoss(loss)
    .map(({ loss: { name }, factor, maps: around }) => {
      const weights = around.map((at) => ` * ${maps[at]!.name}`).join('');
      return `${factor === 1 ? '' : `${printNumber(factor)} `}${name}${weights}`;
    })
    .join(' + ');
}
