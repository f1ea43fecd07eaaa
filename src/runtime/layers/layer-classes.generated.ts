// Made by `npm run generate` from src/codegen/tfjs/layer-table.ts; edits are lost.
import { Absolute } from './absolute.js';
import { AdaptiveAveragePooling2D } from './adaptive-average-pooling-2d.js';
import { AdaptiveMaxPooling2D } from './adaptive-max-pooling-2d.js';
import { Attention2D } from './attention-2d.js';
import { BilinearUpsampling2D } from './bilinear-upsampling-2d.js';
import { ChannelPReLU } from './channel-prelu.js';
import { ChannelPadding } from './channel-padding.js';
import { ChannelPart } from './channel-part.js';
import { ChannelPooling } from './channel-pooling.js';
import { ChannelShuffle } from './channel-shuffle.js';
import { ChannelSlice } from './channel-slice.js';
import { ChannelScale } from './channel-scale.js';
import { CropEdges2D } from './crop-edges-2d.js';
import { CropTo2D } from './crop-to-2d.js';
import { DilatedDepthwiseConv2D } from './dilated-depthwise-conv-2d.js';
import { DropPath } from './drop-path.js';
import { EdgePadding2D } from './edge-padding-2d.js';
import { GroupNormalization2D } from './group-normalization-2d.js';
import { GroupedConv2D } from './grouped-conv-2d.js';
import { HardSwish } from './hard-swish.js';
import { IsLargest } from './is-largest.js';
import { MaxUnpooling2D } from './max-unpooling-2d.js';
import { PadTo2D } from './pad-to-2d.js';
import { PaddedPooling2D } from './padded-pooling-2d.js';
import { PixelShuffle2D } from './pixel-shuffle-2d.js';
import { PositionTable2D } from './position-table-2d.js';
import { ReflectionPadding2D } from './reflection-padding-2d.js';
import { ResizeTo2D } from './resize-to-2d.js';
import { SpaceToDepth2D } from './space-to-depth-2d.js';
import { SpatialDropout2D } from './spatial-dropout-2d.js';
import { Subtract } from './subtract.js';

/** Each layer class that TensorFlow.js lacks. */
export const layerClasses = {
  Absolute,
  AdaptiveAveragePooling2D,
  AdaptiveMaxPooling2D,
  Attention2D,
  BilinearUpsampling2D,
  ChannelPReLU,
  ChannelPadding,
  ChannelPart,
  ChannelPooling,
  ChannelShuffle,
  ChannelSlice,
  ChannelScale,
  CropEdges2D,
  CropTo2D,
  DilatedDepthwiseConv2D,
  DropPath,
  EdgePadding2D,
  GroupNormalization2D,
  GroupedConv2D,
  HardSwish,
  IsLargest,
  MaxUnpooling2D,
  PadTo2D,
  PaddedPooling2D,
  PixelShuffle2D,
  PositionTable2D,
  ReflectionPadding2D,
  ResizeTo2D,
  SpaceToDepth2D,
  SpatialDropout2D,
  Subtract,
} as const;
