import * as tf from '../tensorflow.js';
import type { ClassWeights } from './class-weights.js';
import { clampedLog } from './elementwise.js';
import type { Head } from './head.js';
import { probabilitiesOf, type SumRange } from './region-losses.js';
import type { LossTarget } from './target.js';

export interface LovaszOptions {
  /** Over which pixels errors are sorted: all of the batch, or those of each image. */
  readonly range: SumRange;
  readonly classWeights: ClassWeights;
}

/**
 * The Lovász hinge (Berman et al. 2018, section 3.2): errors max(0, 1 - x s) of logits x with
 * s = 1 where a channel is true, else -1; logits of probabilities are log p - log(1 - p).
 */
export function lovaszHinge(
  output: tf.Tensor4D,
  target: LossTarget,
  head: Head,
  { range, classWeights }: LovaszOptions,
): tf.Scalar {
  const signs = tf.sub(tf.mul(target.truth, 2), 1);
  const logits =
    head.gives === 'logits'
      ? output
      : tf.sub(clampedLog(output), clampedLog(tf.sub<tf.Tensor4D>(1, output)));
  const hinge = tf.relu(tf.sub<tf.Tensor4D>(1, tf.mul(logits, signs)));
  const values = lossesOfRegions(tf.mul(hinge, target.weights), target.truth, range);
  return meanOfImages(values, weightsLike(values, classWeights));
}

/**
 * The Lovász softmax (Berman et al. 2018, section 3.3): errors |t - p| of probabilities.
 *
 * @param options `onlyPresent`: of exclusive classes those alone that are in the masks.
 */
export function lovaszSoftmax(
  output: tf.Tensor4D,
  { truth, weights }: LossTarget,
  head: Head,
  { range, classWeights, onlyPresent }: LovaszOptions & { readonly onlyPresent: boolean },
): tf.Scalar {
  const p = tf.mul(probabilitiesOf(output, head), weights);
  const errors = tf.add<tf.Tensor4D>(truth, tf.mul(p, tf.sub(1, tf.mul(truth, 2))));
  const values = lossesOfRegions(errors, truth, range);
  const factors = weightsLike(values, classWeights);
  if (!onlyPresent || head.activation !== 'softmax') return meanOfImages(values, factors);
  const isPresent = tf.any(tf.cast(rowsOf(truth, range), 'bool'), 1);
  const present = tf.reshape(tf.cast(isPresent, 'float32'), values.shape);
  return meanOfImages(values, tf.mul<tf.Tensor2D>(factors, present));
}

/** The mean over classes of values [n, c] by their weights, which may all be 0; then over images. */
function meanOfImages(values: tf.Tensor2D, weights: tf.Tensor2D): tf.Scalar {
  const sums = tf.sum(tf.mul(values, weights), 1);
  const totals = tf.sum(weights, 1);
  return tf.mean(tf.div(sums, tf.where(tf.greater(totals, 0), totals, tf.onesLike(totals))));
}

function weightsLike(
  { shape: [count, channels] }: tf.Tensor2D,
  weights: ClassWeights,
): tf.Tensor2D {
  if (weights === undefined) return tf.ones([count, channels]);
  return tf.tile(tf.tensor2d([...weights], [1, channels]), [count, 1]);
}

/** The Lovász extension of the Jaccard loss by image and class: [n, c], n = 1 over a batch. */
function lossesOfRegions(errors: tf.Tensor4D, truth: tf.Tensor4D, range: SumRange): tf.Tensor2D {
  const images = range === 'batch' ? 1 : errors.shape[0];
  const losses = lovaszExtension(rowsOf(errors, range), rowsOf(truth, range));
  return tf.reshape(losses, [images, errors.shape[3]]);
}

/** [n, h, w, c] as rows of pixels: of each channel, or of each channel of each image. */
function rowsOf(values: tf.Tensor4D, range: SumRange): tf.Tensor2D {
  const [count, height, width, channels] = values.shape;
  const isBatch = range === 'batch';
  const first = tf.transpose(values, isBatch ? [3, 0, 1, 2] : [0, 3, 1, 2]);
  const rows = isBatch ? channels : count * channels;
  return tf.reshape(first, [rows, (count * height * width * channels) / rows]);
}

/**
 * The Lovász extension of the Jaccard loss, row by row: errors, the largest first, times what
 * each adds to the Jaccard loss of all before it. The order follows from the errors and has
 * no slope; errors of 0 add nothing, whatever is true.
 *
 * @param errors [rows, n], 0 or more; differentiable in them.
 * @param truth [rows, n], 0 or 1.
 * @returns [rows]
 */
function lovaszExtension(errors: tf.Tensor2D, truth: tf.Tensor2D): tf.Tensor1D {
  const run = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const slopes = slopesOf(x, truth);
    save([slopes]);
    return {
      value: tf.sum(tf.mul(x, slopes), 1),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.reshape(dy, [-1, 1]), saved[0]!),
    };
  });
  return run(errors) as tf.Tensor1D;
}

function slopesOf(errors: tf.Tensor2D, truth: tf.Tensor2D): tf.Tensor2D {
  const rows = tf.unstack(errors) as tf.Tensor1D[];
  const truths = tf.unstack(truth) as tf.Tensor1D[];
  return tf.stack(rows.map((row, at) => slopesOfRow(row, truths[at]!))) as tf.Tensor2D;
}

/**
 * What each error adds, in the place of the error. With P true pixels, of which the first k
 * have found f, the Jaccard loss of k errors is 1 - I / U, I = P - f, U = P + k - f: a true
 * pixel adds 1 / U, another one I / (U (U - 1)). Where nothing is true the first adds 1.
 */
function slopesOfRow(errors: tf.Tensor1D, truth: tf.Tensor1D): tf.Tensor1D {
  const { size } = errors;
  if (size === 1) return tf.onesLike(errors);
  const order = tf.topk(errors, size).indices as tf.Tensor1D;
  const sorted = tf.gather(truth, order);
  const positives = tf.sum(sorted);
  const found = tf.cumsum(sorted);
  const place = tf.range(1, size + 1, 1, 'float32');
  const missed = tf.sub(positives, found);
  const union = tf.add(missed, place);
  const ofTrue = tf.div(sorted, union);
  const before = tf.maximum(tf.sub(union, 1), 1);
  const ofOthers = tf.div(tf.mul(tf.sub(1, sorted), missed), tf.mul(union, before));
  const isFirst = tf.cast(tf.equal(place, 1), 'float32');
  const ofNothing = tf.mul(isFirst, tf.cast(tf.equal(positives, 0), 'float32'));
  const slopes = tf.add<tf.Tensor1D>(tf.add(ofTrue, ofOthers), ofNothing);
  return tf.scatterND(tf.reshape(order, [size, 1]), slopes, [size]);
}
