import * as tf from '../tensorflow.js';
import type { Edges } from './pad-image.js';
import type { Pair } from './pair.js';

/** What edges hold: the outermost pixel again, or the pixels of the other side. */
export type Extension = 'replicate' | 'circular';

/**
 * Surrounds x [n, h, w, c] with its own pixels (PyTorch's pad of those modes). Throws a
 * RangeError for a circular edge wider than the image.
 */
export function extendEdges(
  x: tf.Tensor4D,
  [rows, columns]: Edges,
  extension: Extension,
): tf.Tensor4D {
  return tf.tidy(() =>
    extendAxis(extendAxis(tf.clone(x), 1, rows, extension), 2, columns, extension),
  );
}

function extendAxis(
  x: tf.Tensor4D,
  axis: 1 | 2,
  [before, after]: Pair,
  extension: Extension,
): tf.Tensor4D {
  const size = x.shape[axis];
  if (extension === 'circular' && Math.max(before, after) > size) {
    throw new RangeError(`cannot wrap ${Math.max(before, after)} pixels of an axis of ${size}`);
  }
  const [first, last] =
    extension === 'circular'
      ? [() => partOf(x, axis, size - before, before), () => partOf(x, axis, 0, after)]
      : [() => repeated(x, axis, 0, before), () => repeated(x, axis, size - 1, after)];
  const parts = [...(before > 0 ? [first()] : []), x, ...(after > 0 ? [last()] : [])];
  return parts.length === 1 ? x : tf.concat(parts, axis);
}

function partOf(x: tf.Tensor4D, axis: 1 | 2, start: number, count: number): tf.Tensor4D {
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  const size: [number, number, number, number] = [...x.shape];
  begin[axis] = start;
  size[axis] = count;
  return tf.slice(x, begin, size);
}

/** One row or column, `count` times. */
function repeated(x: tf.Tensor4D, axis: 1 | 2, at: number, count: number): tf.Tensor4D {
  const times: [number, number, number, number] = [1, 1, 1, 1];
  times[axis] = count;
  return tf.tile(partOf(x, axis, at, 1), times);
}
