import * as tf from '../tensorflow.js';

/** Height, width and channels-last sizes, or those of a filter [kh, kw, in, out]. */
export type Shape4D = [number, number, number, number];

/** Where the windows of a convolution lie, as TensorFlow.js says it. */
export interface ConvolutionAttributes {
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The same of a convolution whose taps may lie apart. */
export interface DilatedConvolutionAttributes extends ConvolutionAttributes {
  /** Null, as TensorFlow.js' layers give it, is 1. */
  readonly dilations: [number, number] | null;
}

/** What the gradient of an image needs besides dy and the filter. */
export interface InputGradientAttributes extends ConvolutionAttributes {
  readonly inputShape: Shape4D;
}

/** What the gradient of a filter needs besides x and dy. */
export interface FilterGradientAttributes extends ConvolutionAttributes {
  readonly filterShape: Shape4D;
}

/** What the gradient of an image through a depthwise convolution needs besides dy and the filter. */
export interface DepthwiseInputGradientAttributes extends DilatedConvolutionAttributes {
  readonly inputShape: Shape4D;
}

/** What the gradient of the filter of a depthwise convolution needs besides x and dy. */
export interface DepthwiseFilterGradientAttributes extends DilatedConvolutionAttributes {
  readonly filterShape: Shape4D;
}

/** Sizes and padding of a depthwise convolution. */
export function depthwiseInfo(
  inputShape: Shape4D,
  filterShape: Shape4D,
  { strides, dilations, pad, dimRoundingMode }: DilatedConvolutionAttributes,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
}

/** Sizes and padding of a convolution without dilation. */
export function convolutionInfo(
  inputShape: Shape4D,
  filterShape: Shape4D,
  { strides, pad, dimRoundingMode }: ConvolutionAttributes,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}
