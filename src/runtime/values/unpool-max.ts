import * as tf from '../tensorflow.js';
import { padImage } from './pad-image.js';
import { cropWindows, padForWindows, type Windows } from './windows.js';

/**
 * Puts values [n, oh, ow, c] where an image [n, h, w, c] has the largest value of each of the
 * oh x ow windows that lie on it, the first of equals, and zeros elsewhere: [n, h, w, c].
 */
export type SpreadValues = (
  values: tf.Tensor4D,
  image: tf.Tensor4D,
  windows: Pick<Windows, 'size' | 'strides'>,
) => tf.Tensor4D;

/**
 * Puts each value of x [n, oh, ow, c] where `image` [n, h, w, c] has the largest value of its
 * window, the first of equals, and zeros elsewhere: [n, h, w, c]. The windows are those of a max
 * pooling of the image that makes maps as large as x; they share no pixel. The gradient of x
 * is dy at these places; none flows to the image, as none flows through places.
 */
export function unpoolMax(
  x: tf.Tensor4D,
  image: tf.Tensor4D,
  windows: Windows,
  spread: SpreadValues = spreadBlocks,
): tf.Tensor4D {
  const { size, strides } = windows;
  const { shape } = x;
  const lowest = -3.4028234663852886e38;
  const spreadOver = (values: tf.Tensor4D, read: tf.Tensor4D): tf.Tensor4D => {
    const whole = spread(values, padForWindows(read, windows, lowest), windows);
    return cropWindows(whole, read.shape, windows);
  };
  const unpool = tf.customGrad((values, read, save) => {
    (save as tf.GradSaveFunc)([read as tf.Tensor]);
    return {
      value: spreadOver(values as tf.Tensor4D, read as tf.Tensor4D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage] = saved as [tf.Tensor4D];
        const places = spreadOver(tf.ones(shape), savedImage);
        const taken = padForWindows(tf.mul(dy, places), windows);
        const means = tf.avgPool(taken, size, strides, 'valid');
        return [tf.mul(means, size[0] * size[1]), tf.zerosLike(savedImage)];
      },
    };
  });
  return tf.tidy(() => unpool(x, image) as tf.Tensor4D);
}

/**
 * Windows that share no pixel are blocks of an image. TensorFlow.js' kernel for the gradient of
 * max pooling would do the same, but puts some values elsewhere on its WebAssembly engine.
 */
function spreadBlocks(
  values: tf.Tensor4D,
  image: tf.Tensor4D,
  { size: [tall, wide], strides: [down, across] }: Pick<Windows, 'size' | 'strides'>,
): tf.Tensor4D {
  const [batch, rows, columns, channels] = values.shape;
  const fitted = fitImage(image, rows * down, columns * across);
  const seen = cutSecond(
    tf.reshape(cutSecond(tf.reshape(fitted, [batch * rows, down, -1]), tall), [
      -1,
      across,
      channels,
    ]),
    wide,
  );
  const blocks = tf.transpose(tf.reshape(seen, [batch, rows, tall, columns, wide, channels]), [
    ...[0, 1, 3, 5, 2, 4],
  ]);
  const places = tf.argMax(tf.reshape(blocks, [-1, tall * wide]), 1);
  // Marks made as numbers with a fraction are all 0 on the WebAssembly engine.
  const marks = tf.cast(tf.oneHot(places, tall * wide), 'float32');
  const spread = tf.mul(marks, tf.reshape(values, [-1, 1]));
  const back = tf.transpose(tf.reshape(spread, [batch, rows, columns, channels, tall, wide]), [
    ...[0, 1, 4, 2, 5, 3],
  ]);
  const broad = growSecond(tf.reshape(back, [-1, wide, channels]), across);
  const whole = growSecond(tf.reshape(broad, [batch * rows, tall, -1]), down);
  const laid: tf.Tensor4D = tf.reshape(whole, [batch, rows * down, columns * across, channels]);
  return fitImage(laid, image.shape[1], image.shape[2]);
}

/** The first `count` of the second axis of [a, b, c]. */
function cutSecond(x: tf.Tensor, count: number): tf.Tensor {
  return x.shape[1] === count ? x : tf.slice(x, [0, 0, 0], [-1, count, -1]);
}

/** [a, b, c] with zeros behind until the second axis has `count`. */
function growSecond(x: tf.Tensor, count: number): tf.Tensor {
  const missing = count - x.shape[1]!;
  if (missing === 0) return x;
  return tf.pad(x, [
    [0, 0],
    [0, missing],
    [0, 0],
  ]);
}

/** An image [n, h, w, c] cut off, or with zeros, below and right. */
function fitImage(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const [batch, tall, wide, channels] = x.shape;
  const kept: [number, number] = [Math.min(tall, height), Math.min(wide, width)];
  const isWhole = kept[0] === tall && kept[1] === wide;
  const cut: tf.Tensor4D = isWhole ? x : tf.slice(x, [0, 0, 0, 0], [batch, ...kept, channels]);
  const [below, right] = [height - kept[0], width - kept[1]];
  return below === 0 && right === 0
    ? cut
    : padImage(cut, [
        [0, below],
        [0, right],
      ]);
}
