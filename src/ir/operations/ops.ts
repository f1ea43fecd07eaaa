/** What rooms outside the IR say of operations: their types, and the terms these share. */
export type { ActivationFunction, ActivationOp } from './activation.js';
export type { AttentionOp } from './attention.js';
export { hasEdges, isSame, noEdges, sameEdges } from './basics.js';
export type { Axis, Edges, Initializer, Padding, Pair } from './basics.js';
export { kernelReach } from './convolution.js';
export type { ConvOp, ConvTransposeOp, DepthwiseConvOp } from './convolution.js';
export type { DropoutOp } from './dropout.js';
export type { CropToOp, PadOp } from './edges.js';
export type { BatchNormOp, RunningStatistics } from './normalization.js';
export type { Op, OpKind, OpOf } from './operation-rules.js';
export type { PixelShuffleOp, SpaceToDepthOp } from './pixel-shuffle.js';
export { isPadded } from './pooling.js';
export type { PoolOp, PoolWindows } from './pooling.js';
export type { Coordinates, Sampling } from './sampling.js';
export { overlaps } from './unpooling.js';
