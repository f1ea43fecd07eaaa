import * as tf from '../tensorflow.js';

/**
 * Cuts the centre of x [n, h, w, c] to the height and width of `target`. Of d rows that
 * are cut, floor(d / 2) lie above, or d / 2 rounded half to even as torchvision's
 * CenterCrop does; of columns as many to the left.
 */
export function cropToSize(
  x: tf.Tensor4D,
  target: tf.Tensor4D,
  rounding: 'floor' | 'halfEven',
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [, outHeight, outWidth] = target.shape;
  const halve = (size: number): number => {
    const half = Math.floor(size / 2);
    const isUp = rounding === 'halfEven' && size % 2 === 1 && half % 2 === 1;
    return isUp ? half + 1 : half;
  };
  const [top, left] = [halve(height - outHeight), halve(width - outWidth)];
  return tf.slice(x, [0, top, left, 0], [batch, outHeight, outWidth, channels]);
}
