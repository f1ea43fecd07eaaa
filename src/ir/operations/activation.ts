import { pointwise, type OperationRules } from './rules.js';

export type ActivationFunction =
  | 'relu'
  | 'relu6'
  | 'leaky_relu'
  | 'elu'
  | 'selu'
  | 'silu'
  | 'hard_swish'
  | 'gelu'
  | 'mish'
  | 'softplus'
  | 'sigmoid'
  | 'tanh';

/** An element-wise function. `alpha` is the slope of leaky_relu below zero. */
export type ActivationOp =
  | { readonly kind: 'activation'; readonly function: Exclude<ActivationFunction, 'leaky_relu'> }
  | { readonly kind: 'activation'; readonly function: 'leaky_relu'; readonly alpha: number };

/** x above zero, alpha * x below, with a trained alpha for each channel that begins at `start`. */
export interface PReluOp {
  readonly kind: 'prelu';
  readonly start: number;
}

/** Softmax over the channels. */
export interface SoftmaxOp {
  readonly kind: 'softmax';
}

export const activation: OperationRules<ActivationOp> = { ...pointwise, values: 'activated' };

export const prelu: OperationRules<PReluOp> = {
  ...pointwise,
  values: 'activated',
  weights: ({ start }, channels) => [{ role: 'slope', axes: { channels }, trainable: true, start }],
};

export const softmax: OperationRules<SoftmaxOp> = { ...pointwise, values: 'activated' };
