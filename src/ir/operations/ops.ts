import type { ActivationOp, PReluOp, SoftmaxOp } from './activation.js';
import type { ConvOp, ConvTransposeOp, DepthwiseConvOp } from './convolution.js';
import type { DropoutOp } from './dropout.js';
import type { CropOp, CropToOp, PadOp, PadToOp } from './edges.js';
import type { InputOp } from './input.js';
import type { IsLargestOp } from './is-largest.js';
import type { ConcatOp, MultiplyOp, SubtractOp, SumOp } from './merge.js';
import type { BatchNormOp, GroupNormOp, InstanceNormOp, LayerNormOp } from './normalization.js';
import type { PixelShuffleOp } from './pixel-shuffle.js';
import type { AdaptivePoolOp, GlobalPoolOp, PoolOp } from './pooling.js';
import type { ResizeToOp, UpsampleOp } from './resizing.js';

export type { ActivationFunction } from './activation.js';
export { hasEdges, isSame, noEdges, sameEdges } from './basics.js';
export type { Axis, Edges, Initializer, Padding, Pair } from './basics.js';
export { kernelReach } from './convolution.js';
export type { RunningStatistics } from './normalization.js';
export type { Coordinates, Sampling } from './resizing.js';
export type {
  ActivationOp,
  BatchNormOp,
  ConvOp,
  ConvTransposeOp,
  CropToOp,
  DepthwiseConvOp,
  PadOp,
  PixelShuffleOp,
  PoolOp,
};

/** An operation with its attributes. What each is stands in its file: `operation-rules.ts` has them all. */
export type Op =
  | InputOp
  | ConvOp
  | DepthwiseConvOp
  | ConvTransposeOp
  | PoolOp
  | GlobalPoolOp
  | AdaptivePoolOp
  | UpsampleOp
  | ResizeToOp
  | CropToOp
  | PadToOp
  | CropOp
  | PadOp
  | PixelShuffleOp
  | BatchNormOp
  | InstanceNormOp
  | GroupNormOp
  | LayerNormOp
  | ActivationOp
  | PReluOp
  | SoftmaxOp
  | DropoutOp
  | ConcatOp
  | SumOp
  | SubtractOp
  | MultiplyOp
  | IsLargestOp;

export type OpKind = Op['kind'];

/** The operation type of one kind. */
export type OpOf<K extends OpKind> = Extract<Op, { readonly kind: K }>;
