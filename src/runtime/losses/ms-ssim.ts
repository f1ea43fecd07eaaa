import * as tf from '../tensorflow.js';
import { meanOverClasses, type ClassWeights } from './class-weights.js';
import type { Head } from './head.js';
import { probabilitiesOf } from './region-losses.js';
import type { LossTarget } from './target.js';

/**
 * Where the luminance enters the product over scales 1 to M:
 *
 * - `last`: prod over m < M of cs_m^w_m, times ssim_M^w_M (Wang et al. 2003)
 * - `every`: prod of l_m^w_m cs_m^w_m (as the UNet 3+ paper prints it)
 * - `repeated`: as `last`, the last factor to the power M - 1 (a widely copied
 *   program takes the product of a vector that holds it already)
 */
export type Luminance = 'last' | 'every' | 'repeated';

export interface MsSsimOptions {
  /** Side of the Gaussian window in pixels; 11 in the paper. */
  readonly window: number;
  /** Standard deviation of the window in pixels; 1.5 in the paper. */
  readonly sigma: number;
  readonly luminance: Luminance;
  /** Whether cs and ssim are mapped from [-1, 1] to [0, 1], (x + 1) / 2, before their powers. */
  readonly normalize: boolean;
  readonly classWeights: ClassWeights;
}

/** Exponents of the scales, the finest first (Wang et al. 2003). */
const exponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
/** (K L)^2 of Wang et al. 2004 for values from 0 to 1. */
const luminanceConstant = 0.01 ** 2;
const contrastConstant = 0.03 ** 2;

/**
 * 1 - MS-SSIM of probabilities and truth, by sample and channel, then the mean
 * (Wang et al. 2003; as a loss in Huang et al. 2020, UNet 3+).
 *
 * On every scale means, variances and the covariance are taken under a Gaussian
 * window that lies inside the image whole; the next scale is the mean of 2 x 2
 * pixels, odd last rows and columns left out. The window shrinks to min(window,
 * height, width) where a scale is smaller than it, which happens below 176
 * pixels; scales of which nothing is left (below 16 pixels) are left out and the
 * other exponents grow to the same sum. A negative similarity counts as 0 and
 * then gives no gradient. Pixels that do not count are 0 in both images.
 */
export function msSsimLoss(
  output: tf.Tensor4D,
  target: Pick<LossTarget, 'truth' | 'weights'>,
  head: Head,
  options: MsSsimOptions,
): tf.Scalar {
  const predicted = tf.mul<tf.Tensor4D>(probabilitiesOf(output, head), target.weights);
  const similarity = msSsim(predicted, target.truth, options);
  return meanOverClasses(tf.sub(1, similarity), options.classWeights);
}

/** MS-SSIM of two images [n, h, w, c] of values from 0 to 1: [n, c]. */
export function msSsim(
  one: tf.Tensor4D,
  other: tf.Tensor4D,
  { window, sigma, luminance, normalize }: Omit<MsSsimOptions, 'classWeights'>,
): tf.Tensor2D {
  const weights = exponentsFor(one.shape[1], one.shape[2]);
  const last = weights.length - 1;
  const unit = (x: tf.Tensor2D): tf.Tensor2D => (normalize ? tf.div(tf.add(x, 1), 2) : x);
  const factors: tf.Tensor2D[] = [];
  // Shifted to -0.5 to 0.5, where float32 variances keep more digits.
  let [a, b] = [tf.sub<tf.Tensor4D>(one, 0.5), tf.sub<tf.Tensor4D>(other, 0.5)];
  for (const [scale, weight] of weights.entries()) {
    const similarity = similarityOf(a, b, window, sigma);
    if (luminance === 'every') factors.push(power(similarity.luminance(), weight));
    if (luminance === 'every' || scale < last) {
      factors.push(power(unit(similarity.contrast()), weight));
    } else {
      const times = luminance === 'repeated' ? last : 1;
      factors.push(power(unit(similarity.both()), weight * times));
    }
    if (scale < last) [a, b] = [halve(a), halve(b)];
  }
  return factors.reduce((product, factor) => tf.mul(product, factor));
}

/** The exponents of the scales that an image of that size has. */
function exponentsFor(height: number, width: number): readonly number[] {
  const scales = Math.min(exponents.length, Math.floor(Math.log2(Math.min(height, width))) + 1);
  const used = exponents.slice(0, scales);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  return used.map((value) => (value * sum(exponents)) / sum(used));
}

/** Means over an image, [n, c] each, made when they are asked for. */
interface Similarity {
  /** l = (2 m1 m2 + C1) / (m1^2 + m2^2 + C1) */
  luminance(): tf.Tensor2D;
  /** cs = (2 v12 + C2) / (v1 + v2 + C2) */
  contrast(): tf.Tensor2D;
  /** ssim = l cs, pixel by pixel */
  both(): tf.Tensor2D;
}

/** The local similarity of two images that were shifted by -0.5. */
function similarityOf(a: tf.Tensor4D, b: tf.Tensor4D, window: number, sigma: number): Similarity {
  // One call for all, stacked as samples: on WASM a stack of channels takes far
  // longer. The second image stands alone, for it needs no gradient.
  const [m1, s1, s12] = tf.split(
    blur(tf.concat([a, tf.square(a), tf.mul<tf.Tensor4D>(a, b)], 0), window, sigma),
    3,
  ) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const [m2, s2] = tf.split(blur(tf.concat([b, tf.square(b)], 0), window, sigma), 2) as [
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  const covariance = tf.sub(s12, tf.mul(m1, m2));
  const variances = tf.sub(tf.add(s1, s2), tf.add(tf.square(m1), tf.square(m2)));
  const contrast = tf.div<tf.Tensor4D>(
    tf.add(tf.mul(covariance, 2), contrastConstant),
    tf.add(variances, contrastConstant),
  );
  const [mean1, mean2] = [tf.add(m1, 0.5), tf.add(m2, 0.5)];
  const luminance = (): tf.Tensor4D =>
    tf.div(
      tf.add(tf.mul(tf.mul(mean1, mean2), 2), luminanceConstant),
      tf.add(tf.add(tf.square(mean1), tf.square(mean2)), luminanceConstant),
    );
  return {
    luminance: () => meanOverImage(luminance()),
    contrast: () => meanOverImage(contrast),
    both: () => meanOverImage(tf.mul<tf.Tensor4D>(luminance(), contrast)),
  };
}

/** Rows before columns, so that a float32 running sum stays short. */
function meanOverImage(values: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(tf.mean(values, 2), 1);
}

/** A valid convolution with a Gaussian window, one axis after the other. */
function blur(image: tf.Tensor4D, window: number, sigma: number): tf.Tensor4D {
  const [, height, width, channels] = image.shape;
  const taps = gaussianWindow(Math.min(window, height, width), sigma);
  const { length } = taps;
  const values = taps.flatMap((tap) => new Array<number>(channels).fill(tap));
  const down = tf.tensor4d(values, [length, 1, channels, 1]);
  const across = tf.tensor4d(values, [1, length, channels, 1]);
  return tf.depthwiseConv2d(tf.depthwiseConv2d(image, down, 1, 'valid'), across, 1, 'valid');
}

/** exp(-(i - floor(length / 2))^2 / (2 sigma^2)), made to sum to 1. */
export function gaussianWindow(length: number, sigma: number): readonly number[] {
  const centre = Math.floor(length / 2);
  const values = Array.from({ length }, (_, i) =>
    Math.exp(-((i - centre) ** 2) / (2 * sigma ** 2)),
  );
  const sum = values.reduce((all, value) => all + value, 0);
  return values.map((value) => value / sum);
}

/** The mean of 2 x 2 pixels; odd last rows and columns are left out. */
function halve(image: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(image, 2, 2, 'valid');
}

/** x^exponent, 0 without a slope where x is not above 0. */
function power(base: tf.Tensor2D, exponent: number): tf.Tensor2D {
  const where = (x: tf.Tensor, positive: (safe: tf.Tensor) => tf.Tensor): tf.Tensor => {
    const isPositive = tf.greater(x, 0);
    const value = positive(tf.where(isPositive, x, tf.onesLike(x)));
    return tf.where(isPositive, value, tf.zerosLike(x));
  };
  const run = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([x]);
    return {
      value: where(x, (safe) => tf.pow(safe, exponent)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(
          dy,
          where(saved[0]!, (safe) => tf.mul(tf.pow(safe, exponent - 1), exponent)),
        ),
    };
  });
  return run(base) as tf.Tensor2D;
}
