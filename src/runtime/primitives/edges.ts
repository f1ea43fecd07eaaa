import * as tf from '../tensorflow.js';
import { hasEdges, type CropToOp, type Edges, type PadOp } from '../../ir/operations/ops.js';
import { cropImage } from '../values/crop-image.js';
import { cropToSize } from '../values/crop-to-size.js';
import { extendEdges } from '../values/extend-edges.js';
import { padImage, type Edges as EdgePairs } from '../values/pad-image.js';
import { reflectEdges } from '../values/reflect-edges.js';

/** Edges as values take them. */
export const edgePairs = ({ top, bottom, left, right }: Edges): EdgePairs => [
  [top, bottom],
  [left, right],
];

/** Cuts fixed edges off x [n, h, w, c]. */
export function crop(x: tf.Tensor4D, edges: Edges): tf.Tensor4D {
  return hasEdges(edges) ? cropImage(x, edgePairs(edges)) : tf.clone(x);
}

/** Adds edges; see `PadOp` for what they hold. */
export function pad(x: tf.Tensor4D, edges: Edges, mode: PadOp['mode']): tf.Tensor4D {
  if (!hasEdges(edges)) return tf.clone(x);
  const pairs = edgePairs(edges);
  if (mode === 'zero') return padImage(x, pairs);
  return mode === 'reflect' ? reflectEdges(x, pairs) : extendEdges(x, pairs, mode);
}

/** Cuts x to the height and width of `target`; see `CropToOp` for the odd pixel. */
export function cropTo(
  x: tf.Tensor4D,
  target: tf.Tensor4D,
  rounding: CropToOp['rounding'],
): tf.Tensor4D {
  return cropToSize(x, target, rounding === 'half_even' ? 'halfEven' : 'floor');
}

export { padToSize as padTo } from '../values/pad-to-size.js';
