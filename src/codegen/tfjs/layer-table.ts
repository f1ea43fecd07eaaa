/** How printed code writes the configuration of one layer. */
export interface LayerKeys {
  /** Keys that a layer cannot be made without, or that are written without their name. */
  readonly positional?: readonly string[];
  /** Keys that every call states, because they are what the layer is about. */
  readonly stated?: readonly string[];
  /** Keys that layers leave out at their default, but that an expression must reach; with that default. */
  readonly silent?: Readonly<Record<string, number | 'poolSize'>>;
}

/** A layer class that TensorFlow.js lacks. */
interface CustomLayerKeys extends LayerKeys {
  /** The file below `src/runtime/layers` that defines it: a self-contained module whose text an emitter may copy. */
  readonly file: string;
}

const pool: LayerKeys = { positional: ['poolSize'], silent: { strides: 'poolSize' } };
const dropout: LayerKeys = { positional: ['rate'], stated: ['rate'] };

/** Factories of `tf.layers` in use; the method of that name makes the layer. */
const builtinLayers = {
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
} as const satisfies Readonly<Record<string, LayerKeys>>;

/** Our own layer classes; `npm run generate` gathers them and their texts. */
export const customLayers = {
  Absolute: { file: 'absolute.ts' },
  AdaptiveAveragePooling2D: { file: 'adaptive-average-pooling-2d.ts', positional: ['size'] },
  AdaptiveMaxPooling2D: { file: 'adaptive-max-pooling-2d.ts', positional: ['size'] },
  Attention2D: { file: 'attention-2d.ts', positional: ['heads'] },
  BilinearUpsampling2D: { file: 'bilinear-upsampling-2d.ts', positional: ['size'] },
  ChannelPReLU: { file: 'channel-prelu.ts', positional: ['start'] },
  ChannelPadding: { file: 'channel-padding.ts', positional: ['channels'] },
  ChannelPart: { file: 'channel-part.ts', positional: ['parts', 'part'] },
  ChannelPooling: { file: 'channel-pooling.ts', positional: ['take'] },
  ChannelShuffle: { file: 'channel-shuffle.ts', positional: ['groups'] },
  ChannelSlice: { file: 'channel-slice.ts', positional: ['from', 'to'] },
  ChannelScale: { file: 'channel-scale.ts', positional: ['start'] },
  CropEdges2D: { file: 'crop-edges-2d.ts', positional: ['cropping'] },
  CropTo2D: { file: 'crop-to-2d.ts' },
  DilatedDepthwiseConv2D: {
    file: 'dilated-depthwise-conv-2d.ts',
    positional: ['kernelSize'],
    stated: ['kernelSize'],
    silent: { strides: 1, depthMultiplier: 1 },
  },
  DropPath: { file: 'drop-path.ts', ...dropout },
  EdgePadding2D: { file: 'edge-padding-2d.ts', positional: ['padding', 'mode'] },
  GroupNormalization2D: { file: 'group-normalization-2d.ts', positional: ['groups'] },
  GroupedConv2D: {
    file: 'grouped-conv-2d.ts',
    positional: ['filters', 'kernelSize'],
    stated: ['filters', 'kernelSize'],
    silent: { strides: 1, dilationRate: 1, groups: 1 },
  },
  HardSwish: { file: 'hard-swish.ts' },
  IsLargest: { file: 'is-largest.ts' },
  MaxUnpooling2D: { file: 'max-unpooling-2d.ts', ...pool },
  PadTo2D: { file: 'pad-to-2d.ts' },
  PaddedPooling2D: { file: 'padded-pooling-2d.ts', ...pool, positional: ['poolSize', 'padding'] },
  PixelShuffle2D: { file: 'pixel-shuffle-2d.ts', positional: ['factor'] },
  PositionTable2D: { file: 'position-table-2d.ts', positional: ['size'] },
  ReflectionPadding2D: { file: 'reflection-padding-2d.ts', positional: ['padding'] },
  ResizeTo2D: { file: 'resize-to-2d.ts' },
  SpaceToDepth2D: { file: 'space-to-depth-2d.ts', positional: ['factor'] },
  SpatialDropout2D: { file: 'spatial-dropout-2d.ts', ...dropout },
  Subtract: { file: 'subtract.ts' },
} as const satisfies Readonly<Record<string, CustomLayerKeys>>;

export type BuiltinLayer = keyof typeof builtinLayers;
export type CustomLayer = keyof typeof customLayers;

/** What the names of layers are in code: factories of `tf.layers`, and classes of our own. */
export type LayerWord = BuiltinLayer | CustomLayer;

const layers: Readonly<Record<LayerWord, LayerKeys & { readonly file?: string }>> = {
  ...builtinLayers,
  ...customLayers,
};

export const layerKeysOf = (layer: LayerWord): LayerKeys => layers[layer];
