import type { WeightRole } from '../../ir/operations/weights.js';
import type { Attributes } from './model.js';

/**
 * What makes the value of an operation: an operator on other expressions, down to the
 * operation's inputs, its weights and constants. One that is read twice is one object, and
 * becomes one node.
 */
export type Expression =
  | Applied
  /** The operation's input of that number. */
  | { readonly kind: 'input'; readonly number: number }
  /** A weight of the operation; for `isPerPixel`, with two axes of length 1 behind its channels. */
  | { readonly kind: 'weight'; readonly role: WeightRole; readonly isPerPixel: boolean }
  /** Whole numbers in a row, or a single one. */
  | { readonly kind: 'integers'; readonly values: number | readonly number[] }
  /** Numbers with a fraction. */
  | { readonly kind: 'floats'; readonly values: number | readonly number[] }
  /** An input of an operator that is left out. */
  | { readonly kind: 'nothing' };

export interface Applied {
  readonly kind: 'applied';
  readonly type: string;
  readonly inputs: readonly Expression[];
  readonly attributes: Attributes;
  /** Which of the values that the operator makes this is. */
  readonly output: 'first' | 'second';
}

export const apply = (
  type: string,
  inputs: readonly Expression[],
  attributes: Attributes = {},
): Applied => ({ kind: 'applied', type, inputs, attributes, output: 'first' });

/** The second value that an operator makes. */
export const secondOf = (applied: Applied): Applied => ({ ...applied, output: 'second' });

export const input = (number: number): Expression => ({ kind: 'input', number });

export const weight = (role: WeightRole): Expression => ({
  kind: 'weight',
  role,
  isPerPixel: false,
});

/** A weight of each channel that multiplies or moves every pixel: [channels, 1, 1]. */
export const pixelWeight = (role: WeightRole): Expression => ({
  kind: 'weight',
  role,
  isPerPixel: true,
});

export const integers = (values: number | readonly number[]): Expression => ({
  kind: 'integers',
  values,
});

export const floats = (values: number | readonly number[]): Expression => ({
  kind: 'floats',
  values,
});

export const nothing: Expression = { kind: 'nothing' };

/** Some axes of a value's shape [batch, channels, height, width], in a row. */
export const shapeOf = (value: Expression, start: number, end: number): Expression =>
  apply('Shape', [value], { start: { integer: start }, end: { integer: end } });

/** An image with so many [rows, columns] of zeros, half of them before it, the odd ones behind. */
export function paddedBy(image: Expression, added: Expression): Expression {
  const before = apply('Div', [added, integers(2)]);
  const after = apply('Sub', [added, before]);
  const none = integers([0, 0]);
  const pads = apply('Concat', [none, before, none, after], { axis: { integer: 0 } });
  return apply('Pad', [image, pads, floats(0)], { mode: { text: 'constant' } });
}
