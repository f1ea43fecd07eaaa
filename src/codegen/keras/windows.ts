import {
  hasEdges,
  isSame,
  kernelReach,
  type ConvTransposeOp,
  type Edges,
  type OpOf,
  type Padding,
  type PoolOp,
} from '../../ir/operations/ops.js';
import { cropOfTransposed, isSameTransposed } from '../tfjs/window-placement.js';

export type Windowed = OpOf<'conv' | 'depthwise_conv'>;

/** What Keras calls the padding of windows; edges are zeros of a layer before it. */
export type KerasPadding = 'valid' | 'same' | Edges;

/** How the windows of a convolution are placed. */
export interface Placement {
  readonly padding: KerasPadding;
  /**
   * Whether windows lie at every pixel, and every stride-th one is picked afterwards: Keras
   * refuses strides with dilations, and on TensorFlow two strides of a depthwise convolution.
   */
  readonly isPicked: boolean;
}

const isOne = ([vertical, horizontal]: readonly [number, number]): boolean =>
  vertical === 1 && horizontal === 1;

export function placementOf(op: Windowed): Placement {
  const { kind, padding, stride, dilation } = op;
  const isUneven = kind === 'depthwise_conv' && stride[0] !== stride[1];
  const isPicked = isUneven || (!isOne(stride) && !isOne(dilation));
  return { padding: wordOf(padding, [kernelReach(op, 0), kernelReach(op, 1)], stride), isPicked };
}

function wordOf(padding: Padding, reach: PoolOp['size'], stride: PoolOp['stride']): KerasPadding {
  if (isSame(padding, reach, stride)) return 'same';
  return padding !== 'same' && hasEdges(padding) ? padding : 'valid';
}

/** How a pool is said: in Keras' word, or by a layer of the file. */
export function poolPlacement(op: PoolOp): 'valid' | 'same' | 'own' {
  const isWord = isSame(op.padding, op.size, op.stride);
  if (op.padding !== 'same' && !hasEdges(op.padding)) {
    return op.rounding === 'floor' ? 'valid' : 'own';
  }
  const isFloor = op.padding === 'same' || op.rounding === 'floor';
  // Means of Keras on PyTorch count pixels that do not exist.
  return isWord && isFloor && op.kind === 'max_pool' ? 'same' : 'own';
}

/** What Keras calls a transposed convolution, and what is then cut off. */
export function transposedPlacement(op: ConvTransposeOp): {
  readonly padding: 'valid' | 'same';
  readonly crop: Edges | undefined;
} {
  if (isSameTransposed(op)) return { padding: 'same', crop: undefined };
  const crop = cropOfTransposed(op);
  return { padding: 'valid', crop: hasEdges(crop) ? crop : undefined };
}
