import * as tf from '../tensorflow.js';
import {
  cutWindows,
  joinWindows,
  relativeWeights,
  sidesApart,
  type AttentionWindows,
} from './attention-windows.js';

/** How pixels attend. */
export interface AttentionOptions {
  /** Parts of the channels, each with weights of its own. */
  readonly heads: number;
  /** Whether products are divided by the root of the channels of a head. */
  readonly scaled: boolean;
  /** Windows in which pixels look at each other; without, each looks at all. */
  readonly windows?: AttentionWindows | undefined;
}

/**
 * Multi-head attention (Vaswani et al. 2017) of queries [n, h, w, c], keys [n, y, x, c] and
 * values [n, y, x, v]: [n, h, w, v]. A table [(2 s - 1)^2, heads] adds to products of pixels
 * in windows of s x s what it has for the difference of their places (Liu et al. 2021).
 */
export function attend(
  queries: tf.Tensor4D,
  keys: tf.Tensor4D,
  values: tf.Tensor4D,
  options: AttentionOptions,
  table?: tf.Tensor2D,
): tf.Tensor4D {
  const { windows } = options;
  const { shape } = queries;
  return tf.tidy(() => {
    if (windows === undefined) {
      const taken = attendRows(rowsOf(queries), rowsOf(keys), rowsOf(values), options);
      return tf.reshape(taken, [shape[0], shape[1], shape[2], values.shape[3]]);
    }
    const [q, k, v] = [queries, keys, values].map((each) => cutWindows(each, windows));
    const added = [
      ...(table === undefined ? [] : [tf.expandDims(relativeWeights(table, windows.size), 0)]),
      ...[sidesApart(shape, windows) ?? []].flat().map((sides) => tf.expandDims(sides, 1)),
    ];
    return joinWindows(attendRows(q!, k!, v!, options, added), shape, windows);
  });
}

/** The pixels of an image in a row: [n, h * w, c]. */
const rowsOf = (x: tf.Tensor4D): tf.Tensor3D =>
  tf.reshape(x, [x.shape[0], x.shape[1] * x.shape[2], x.shape[3]]);

/**
 * Of [n, l, c], [n, m, c] and [n, m, v]. What is added to products is [w, heads, l, m], where
 * axes of length 1 are stretched, for the w windows of each image.
 */
function attendRows(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { heads, scaled }: AttentionOptions,
  added: readonly tf.Tensor[] = [],
): tf.Tensor3D {
  const [count, length, channels] = queries.shape;
  const scale = scaled ? 1 / Math.sqrt(channels / heads) : 1;
  const scaledQueries = tf.mul(partsOf(queries, heads), scale);
  let products = tf.matMul(scaledQueries, partsOf(keys, heads), false, true);
  for (const each of added) {
    const [windows = 1] = each.shape;
    const byImage = [count / windows, windows, ...products.shape.slice(1)];
    const sum = tf.add(tf.reshape(products, byImage), tf.expandDims(each, 0));
    products = tf.reshape(sum, products.shape);
  }
  const taken = tf.matMul(tf.softmax(products, -1), partsOf(values, heads));
  const shape: [number, number, number] = [count, length, values.shape[2]];
  return tf.reshape(tf.transpose(taken, [0, 2, 1, 3]), shape);
}

/** [n, l, c] as [n, heads, l, c / heads]. */
const partsOf = (x: tf.Tensor3D, heads: number): tf.Tensor4D => {
  const [count, length, channels] = x.shape;
  const shape: [number, number, number, number] = [count, length, heads, channels / heads];
  return tf.transpose(tf.reshape(x, shape), [0, 2, 1, 3]);
};
