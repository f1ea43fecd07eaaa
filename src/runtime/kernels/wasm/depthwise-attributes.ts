import * as tf from '../../tensorflow.js';

export type Shape4D = [number, number, number, number];

/** Attributes that both gradients of a depthwise convolution share. */
export interface DepthwiseAttributes {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Sizes and padding of the forward pass. */
export function depthwiseInfo(
  inputShape: Shape4D,
  filterShape: Shape4D,
  attributes: DepthwiseAttributes,
): tf.backend_util.Conv2DInfo {
  const { strides, dilations, pad, dimRoundingMode } = attributes;
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
}
