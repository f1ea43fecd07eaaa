import type { BuiltinLayer, CustomLayer } from '../tfjs/layer-call.js';

/** How emitted functions write the configuration of one layer. */
export interface LayerKeys {
  /** Keys that a layer cannot be made without, or that are written without their name. */
  readonly positional?: readonly string[];
  /** Keys that every call states, because they are what the layer is about. */
  readonly stated?: readonly string[];
  /** Keys that layers leave out at their default, but that an expression must reach; with that default. */
  readonly silent?: Readonly<Record<string, number | 'poolSize'>>;
}

/** What the names of layers are in code: factories of `tf.layers`, and classes of our own. */
export type LayerWord = BuiltinLayer | CustomLayer;

const pool: LayerKeys = { positional: ['poolSize'], silent: { strides: 'poolSize' } };
const dropout: LayerKeys = { positional: ['rate'], stated: ['rate'] };

const table: Readonly<Record<LayerWord, LayerKeys>> = {
  activation: {},
  add: {},
  average: {},
  averagePooling2d: pool,
  batchNormalization: { silent: { momentum: 0.99, epsilon: 1e-3 } },
  concatenate: {},
  conv2d: {
    positional: ['filters', 'kernelSize'],
    stated: ['filters', 'kernelSize'],
    silent: { strides: 1 },
  },
  conv2dTranspose: {
    positional: ['filters', 'kernelSize'],
    stated: ['filters'],
    silent: { strides: 1 },
  },
  depthwiseConv2d: {
    positional: ['kernelSize'],
    stated: ['kernelSize'],
    silent: { strides: 1, depthMultiplier: 1 },
  },
  dropout,
  globalAveragePooling2d: {},
  globalMaxPooling2d: {},
  leakyReLU: { positional: ['alpha'] },
  maxPooling2d: pool,
  multiply: {},
  reshape: {},
  upSampling2d: { positional: ['size'] },
  zeroPadding2d: { positional: ['padding'] },
  AdaptiveAveragePooling2D: { positional: ['size'] },
  BilinearUpsampling2D: { positional: ['size'] },
  ChannelPReLU: { positional: ['start'] },
  CropEdges2D: { positional: ['cropping'] },
  CropTo2D: {},
  DilatedDepthwiseConv2D: {
    positional: ['kernelSize'],
    stated: ['kernelSize'],
    silent: { strides: 1, depthMultiplier: 1 },
  },
  GroupNormalization2D: { positional: ['groups'] },
  GroupedConv2D: {
    positional: ['filters', 'kernelSize'],
    stated: ['filters', 'kernelSize'],
    silent: { strides: 1, dilationRate: 1, groups: 1 },
  },
  HardSwish: {},
  IsLargest: {},
  PadTo2D: {},
  PaddedPooling2D: { ...pool, positional: ['poolSize', 'padding'] },
  PixelShuffle2D: { positional: ['factor'] },
  ReflectionPadding2D: { positional: ['padding'] },
  ResizeTo2D: {},
  SpatialDropout2D: dropout,
  Subtract: {},
};

export const layerKeysOf = (layer: LayerWord): LayerKeys => table[layer];
