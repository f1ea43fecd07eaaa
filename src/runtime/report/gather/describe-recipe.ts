import type { LossExpression, TrainRecipe } from '../../../ir/recipe.js';
import { isObject } from '../../../files/index.js';

/** A setting in words: `optimizer` is `adam(lr: 0.001)`. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** What is said elsewhere, or says where things stand in the text. */
const leftOut: readonly string[] = ['model', 'loss', 'origin', 'classes', 'colours'];

/** All settings of a recipe with their defaults, in its order. */
export function describeRecipe(recipe: TrainRecipe): readonly Setting[] {
  return Object.entries(recipe).flatMap(([name, value]): readonly Setting[] => {
    if (leftOut.includes(name) || value === undefined) return [];
    if (name !== 'losses') return [{ name, value: describeSetting(value) }];
    const losses = Object.entries(recipe.losses);
    return losses.map(([head, loss]) => ({
      name: losses.length === 1 ? 'loss' : `loss of ${head}`,
      value: describeLoss(loss),
    }));
  });
}

function describeSetting(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeSetting).join(', ') || 'none';
  if (!isObject(value)) return String(value);
  const { name, options } = value;
  if (typeof name === 'string' && isObject(options)) {
    const given = Object.entries(options).filter(([, each]) => each !== undefined);
    const words = given.map(([key, each]) => `${key}: ${describeOption(each)}`);
    return words.length === 0 ? name : `${name}(${words.join(', ')})`;
  }
  const fields = Object.entries(value).filter(([key]) => key !== 'origin');
  return fields.map(([key, each]) => `${key}: ${describeOption(each)}`).join(', ');
}

const describeOption = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(describeSetting).join(', ')}]` : describeSetting(value);

function describeLoss(loss: LossExpression): string {
  switch (loss.kind) {
    case 'loss':
      return describeSetting(loss.loss);
    case 'sum':
      return loss.terms.map(describeLoss).join(' + ');
    case 'scale':
      return `${loss.factor} * ${inner(loss.loss)}`;
    case 'map':
      return `${inner(loss.loss)} * ${describeSetting(loss.map)}`;
  }
}

const inner = (loss: LossExpression): string =>
  loss.kind === 'sum' ? `(${describeLoss(loss)})` : describeLoss(loss);
