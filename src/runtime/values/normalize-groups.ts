import * as tf from '../tensorflow.js';

/** Which values are normalised together. */
export interface GroupNormOptions {
  /** Parts of the channels, each with statistics of its own; it divides them. */
  readonly groups: number;
  /** Whether each pixel has statistics of its own, rather than each image. */
  readonly perPixel: boolean;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Scale and shift of each channel, [c]. */
export interface Affine {
  readonly gamma: tf.Tensor;
  readonly beta: tf.Tensor;
}

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta within each group of channels of
 * x [n, h, w, c], with the biased variance. Instance norm has a group for each channel
 * (Ulyanov et al. 2016), group norm a few (Wu and He 2018), layer norm one for each pixel
 * (Ba et al. 2016).
 */
export function normalizeGroups(
  x: tf.Tensor4D,
  affine: Affine | undefined,
  { groups, perPixel, epsilon }: GroupNormOptions,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const places = perPixel ? [batch * height * width, 1, 1] : [batch, height, width];
  // Rows first: one long sum in float32 loses digits on the WASM engine.
  const meanOf = (values: tf.Tensor) => tf.mean(tf.mean(values, 2, true), [1, 4], true);
  return tf.tidy(() => {
    const grouped = tf.reshape(x, [...places, groups, channels / groups]);
    const centred = tf.sub(grouped, meanOf(grouped));
    const variance = meanOf(tf.square(centred));
    const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
    const values: tf.Tensor4D = tf.reshape(normal, x.shape);
    return affine === undefined ? values : tf.add(tf.mul(values, affine.gamma), affine.beta);
  });
}
