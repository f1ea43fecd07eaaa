import type { ActivationFunction, Coordinates, Initializer } from '../../ir/operations/ops.js';

/** Configuration keys that carry an attribute of the operation under another or the same name. */
export const attributeOfConfigKey: Readonly<Record<string, string>> = {
  filters: 'channels',
  kernelSize: 'kernel',
  strides: 'stride',
  dilationRate: 'dilation',
  groups: 'groups',
  depthMultiplier: 'multiplier',
  poolSize: 'size',
  size: 'factor',
  padding: 'padding',
  rate: 'rate',
  momentum: 'running.keep',
  epsilon: 'epsilon',
  factor: 'factor',
  alpha: 'alpha',
  start: 'start',
  channel: 'channel',
  channels: 'channels',
  parts: 'parts',
};

/** TensorFlow.js' names; its default, also for transposed and depthwise convolutions, is glorotNormal. */
export const initializerNames = {
  he_normal: 'heNormal',
  he_uniform: 'heUniform',
  glorot_normal: undefined,
  glorot_uniform: 'glorotUniform',
} as const satisfies Readonly<Record<Initializer, string | undefined>>;

/** Functions that `tf.layers.activation` knows, by its names. */
export const activationNames = {
  relu: 'relu',
  relu6: 'relu6',
  leaky_relu: undefined,
  elu: 'elu',
  selu: 'selu',
  silu: 'swish',
  hard_swish: undefined,
  gelu: 'gelu',
  mish: 'mish',
  softplus: 'softplus',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  abs: undefined,
} as const satisfies Readonly<Record<ActivationFunction, string | undefined>>;

/** What `ResizeTo2D` calls nearest resizing by each kind of coordinates. */
export const nearestNames: Readonly<Record<Coordinates, string>> = {
  asymmetric: 'nearest',
  half_pixel: 'nearestHalfPixel',
  align_corners: 'nearestAlignCorners',
};

/**
 * Names in configurations are camel case: TensorFlow.js turns every text of a
 * loaded configuration into it. Half-pixel is our layers' default.
 */
export const gridNames = {
  half_pixel: undefined,
  align_corners: 'alignCorners',
  asymmetric: 'legacy',
} as const satisfies Readonly<Record<Coordinates, string | undefined>>;
