import type * as tf from '@tensorflow/tfjs';
import type { CustomLayer, LayerConfig } from '../../codegen/tfjs/layers.js';
import { AdaptiveAveragePooling2D } from './adaptive-average-pooling-2d.js';
import { BilinearUpsampling2D } from './bilinear-upsampling-2d.js';
import { ChannelPReLU } from './channel-prelu.js';
import { CropEdges2D } from './crop-edges-2d.js';
import { CropTo2D } from './crop-to-2d.js';
import { DilatedDepthwiseConv2D } from './dilated-depthwise-conv-2d.js';
import './former-classes.js';
import { GroupNormalization2D } from './group-normalization-2d.js';
import { GroupedConv2D } from './grouped-conv-2d.js';
import { HardSwish } from './hard-swish.js';
import { IsLargest } from './is-largest.js';
import { PadTo2D } from './pad-to-2d.js';
import { PaddedPooling2D } from './padded-pooling-2d.js';
import { PixelShuffle2D } from './pixel-shuffle-2d.js';
import { ReflectionPadding2D } from './reflection-padding-2d.js';
import { ResizeTo2D } from './resize-to-2d.js';
import { SpatialDropout2D } from './spatial-dropout-2d.js';
import { Subtract } from './subtract.js';

const classes = {
  AdaptiveAveragePooling2D,
  BilinearUpsampling2D,
  ChannelPReLU,
  CropEdges2D,
  CropTo2D,
  DilatedDepthwiseConv2D,
  GroupNormalization2D,
  GroupedConv2D,
  HardSwish,
  IsLargest,
  PadTo2D,
  PaddedPooling2D,
  PixelShuffle2D,
  ReflectionPadding2D,
  ResizeTo2D,
  SpatialDropout2D,
  Subtract,
} as const satisfies { readonly [K in CustomLayer]: unknown };

type AnyLayerClass = new (config: LayerConfig & { readonly name: string }) => tf.layers.Layer;

/**
 * Makes a layer of one of our classes. Importing this module also registers
 * all of them, which loading a saved model needs.
 */
export function makeCustomLayer(
  className: CustomLayer,
  name: string,
  config: LayerConfig,
): tf.layers.Layer {
  // Each class checks nothing: the table in codegen/tfjs/layers.ts makes configurations that fit.
  const LayerClass = classes[className] as unknown as AnyLayerClass;
  return new LayerClass({ ...config, name });
}
