/** Factories of `tf.layers` in use; the method of that name makes the layer. */
export type BuiltinLayer =
  | 'activation'
  | 'add'
  | 'average'
  | 'averagePooling2d'
  | 'batchNormalization'
  | 'concatenate'
  | 'conv2d'
  | 'conv2dTranspose'
  | 'depthwiseConv2d'
  | 'dropout'
  | 'globalAveragePooling2d'
  | 'globalMaxPooling2d'
  | 'leakyReLU'
  | 'maxPooling2d'
  | 'multiply'
  | 'reshape'
  | 'upSampling2d'
  | 'zeroPadding2d';

/**
 * Layer classes that TensorFlow.js lacks, with the file that defines each: a
 * self-contained module whose text an emitter may copy.
 */
export const customLayerFiles = {
  AdaptiveAveragePooling2D: 'adaptive-average-pooling-2d.ts',
  BilinearUpsampling2D: 'bilinear-upsampling-2d.ts',
  ChannelPReLU: 'channel-prelu.ts',
  CropEdges2D: 'crop-edges-2d.ts',
  CropTo2D: 'crop-to-2d.ts',
  DilatedDepthwiseConv2D: 'dilated-depthwise-conv-2d.ts',
  GroupNormalization2D: 'group-normalization-2d.ts',
  GroupedConv2D: 'grouped-conv-2d.ts',
  HardSwish: 'hard-swish.ts',
  IsLargest: 'is-largest.ts',
  PadTo2D: 'pad-to-2d.ts',
  PaddedPooling2D: 'padded-pooling-2d.ts',
  PixelShuffle2D: 'pixel-shuffle-2d.ts',
  ReflectionPadding2D: 'reflection-padding-2d.ts',
  ResizeTo2D: 'resize-to-2d.ts',
  SpatialDropout2D: 'spatial-dropout-2d.ts',
  Subtract: 'subtract.ts',
} as const;

export type CustomLayer = keyof typeof customLayerFiles;

/** A value of a layer's configuration: a JSON value without objects. */
export type ConfigValue = number | string | boolean | readonly ConfigValue[];
export type LayerConfig = Readonly<Record<string, ConfigValue>>;

/** Where the class of a layer comes from. */
export type LayerClass =
  | { readonly kind: 'builtin'; readonly factory: BuiltinLayer }
  | { readonly kind: 'custom'; readonly className: CustomLayer };

/** One layer to make. `config` leaves out what equals TensorFlow.js' default; it has no `name`. */
export interface LayerCall {
  readonly layer: LayerClass;
  readonly name: string;
  /** How the name ends that begins with the node's: empty for the layer that makes the node's value. */
  readonly suffix: string;
  readonly config: LayerConfig;
  /** True for the one layer of a node that holds the node's weights, in the order of `weightsOf`. */
  readonly holdsWeights: boolean;
}
