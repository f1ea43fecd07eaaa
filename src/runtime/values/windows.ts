import * as tf from '../tensorflow.js';
import { padImage, type Edges } from './pad-image.js';
import type { Pair } from './pair.js';

/** Where windows lie on an image. */
export interface Windows {
  /** Pixels from the first to the last that a window reads. */
  readonly size: Pair;
  readonly strides: Pair;
  /** `same`: ceil(size / stride) windows, the odd pixel below and right; `valid`: no edges. */
  readonly padding: 'same' | 'valid' | Edges;
  /** `ceil` keeps a last, partial window that begins inside; `floor` by default. */
  readonly rounding?: 'floor' | 'ceil';
}

/** How many windows lie along an axis; unknown for an unknown size. */
export function countWindows(size: number | null, axis: 0 | 1, windows: Windows): number | null {
  if (size === null) return null;
  const [before, after] = windowEdges(size, axis, windows);
  return Math.floor((size + before + after - windows.size[axis]) / windows.strides[axis]) + 1;
}

/** x [n, h, w, c] with the edges that its windows read, of one value; x itself where there are none. */
export function padForWindows(x: tf.Tensor4D, windows: Windows, value = 0): tf.Tensor4D {
  const rows = windowEdges(x.shape[1], 0, windows);
  const columns = windowEdges(x.shape[2], 1, windows);
  const isInside = [...rows, ...columns].every((pixels) => pixels === 0);
  return isInside ? x : padImage(x, [rows, columns], value);
}

/** The part of a padded image that lies over an image of `shape`: the inverse of `padForWindows`. */
export function cropWindows(
  padded: tf.Tensor4D,
  shape: tf.Tensor4D['shape'],
  windows: Windows,
): tf.Tensor4D {
  const [top] = windowEdges(shape[1], 0, windows);
  const [left] = windowEdges(shape[2], 1, windows);
  return tf.slice(padded, [0, top, left, 0], shape);
}

/** Pixels before and after an axis that make all of its windows whole. */
function windowEdges(size: number, axis: 0 | 1, windows: Windows): Pair {
  const { padding } = windows;
  const [window, stride] = [windows.size[axis], windows.strides[axis]];
  if (padding === 'same') {
    const total = Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const [before, after] = padding === 'valid' ? [0, 0] : padding[axis];
  if (windows.rounding !== 'ceil') return [before, after];
  const steps = Math.ceil((size + before + after - window) / stride);
  const last = Math.min(steps, Math.ceil((size + before) / stride) - 1);
  return [before, Math.max(after, last * stride + window - size - before)];
}
