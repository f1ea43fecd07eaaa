import * as tf from '@tensorflow/tfjs';
import { hasEdges, type CropToOp, type Edges, type PadOp } from '../../ir/operations/ops.js';
import { copyImage, copyingAxis } from './axis-sampling.js';

/** Cuts fixed edges off x [n, h, w, c]. */
export function crop(x: tf.Tensor4D, edges: Edges): tf.Tensor4D {
  if (!hasEdges(edges)) return tf.clone(x);
  const [batch, height, width, channels] = x.shape;
  return tf.slice(
    x,
    [0, edges.top, edges.left, 0],
    [batch, height - edges.top - edges.bottom, width - edges.left - edges.right, channels],
  );
}

/** Adds edges of zeros, or of the pixels mirrored at the outermost one (which is not repeated). */
export function pad(x: tf.Tensor4D, edges: Edges, mode: PadOp['mode']): tf.Tensor4D {
  if (!hasEdges(edges)) return tf.clone(x);
  switch (mode) {
    case 'zero':
      return padWith(x, edges, 0);
    case 'reflect': {
      const [, height, width] = x.shape;
      const rows = copyingAxis(height, reflected(height, edges.top, edges.bottom));
      const columns = copyingAxis(width, reflected(width, edges.left, edges.right));
      return copyImage(x, rows, columns);
    }
  }
}

/** Adds edges of one value. */
export function padWith(x: tf.Tensor4D, edges: Edges, value: number): tf.Tensor4D {
  const { top, bottom, left, right } = edges;
  const paddings: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return tf.pad(x, paddings, value);
}

/** Cuts x to the height and width of `target`; see `CropToOp` for the odd pixel. */
export function cropTo(
  x: tf.Tensor4D,
  target: tf.Tensor4D,
  rounding: CropToOp['rounding'],
): tf.Tensor4D {
  const extraRows = x.shape[1] - target.shape[1];
  const extraColumns = x.shape[2] - target.shape[2];
  const top = halve(extraRows, rounding);
  const left = halve(extraColumns, rounding);
  return crop(x, { top, bottom: extraRows - top, left, right: extraColumns - left });
}

/** Surrounds x with zeros to the height and width of `target`; the odd row or column goes below or right. */
export function padTo(x: tf.Tensor4D, target: tf.Tensor4D): tf.Tensor4D {
  const missingRows = target.shape[1] - x.shape[1];
  const missingColumns = target.shape[2] - x.shape[2];
  const top = Math.floor(missingRows / 2);
  const left = Math.floor(missingColumns / 2);
  return pad(x, { top, bottom: missingRows - top, left, right: missingColumns - left }, 'zero');
}

function halve(size: number, rounding: CropToOp['rounding']): number {
  const half = Math.floor(size / 2);
  const roundsUp = rounding === 'half_even' && size % 2 === 1 && half % 2 === 1;
  return roundsUp ? half + 1 : half;
}

/** Source positions of an axis mirrored at both ends, as numpy's 'reflect'. */
function reflected(size: number, before: number, after: number): number[] {
  if (before >= size || after >= size) {
    throw new RangeError(`cannot reflect ${Math.max(before, after)} pixels of an axis of ${size}`);
  }
  return Array.from({ length: before + size + after }, (_, index) => {
    const position = Math.abs(index - before);
    return position < size ? position : 2 * (size - 1) - position;
  });
}
