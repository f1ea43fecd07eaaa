import * as tf from '@tensorflow/tfjs';

/** Configuration of `ReflectionPadding2D`. */
export interface ReflectionPadding2DConfig {
  name?: string;
  /** [[top, bottom], [left, right]] in pixels, each less than the image's size. */
  padding: [[number, number], [number, number]];
}

/**
 * Surrounds images [n, h, w, c] with their own pixels, mirrored at the outermost
 * row or column, which is not repeated. Put together from slices, because the
 * gradient of `tf.mirrorPad` leaves out the mirrored pixels.
 */
export class ReflectionPadding2D extends tf.layers.Layer {
  static className = 'ReflectionPadding2D';
  private readonly padding: [[number, number], [number, number]];

  constructor(config: ReflectionPadding2DConfig) {
    super(config);
    this.padding = config.padding;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    const [[top, bottom], [left, right]] = this.padding;
    return [
      batch,
      height === null ? null : height + top + bottom,
      width === null ? null : width + left + right,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const [rows, columns] = this.padding;
    return tf.tidy(() => this.reflect(this.reflect(image, 1, rows), 2, columns));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }

  private reflect(image: tf.Tensor4D, axis: 1 | 2, [before, after]: [number, number]): tf.Tensor4D {
    const size = image.shape[axis];
    const parts = [image];
    if (before > 0) parts.unshift(this.mirrored(image, axis, 1, before));
    if (after > 0) parts.push(this.mirrored(image, axis, size - 1 - after, after));
    return parts.length === 1 ? image : tf.concat(parts, axis);
  }

  /** `count` rows or columns from `start` on, in reverse order. */
  private mirrored(image: tf.Tensor4D, axis: 1 | 2, start: number, count: number): tf.Tensor4D {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const size: [number, number, number, number] = [...image.shape];
    begin[axis] = start;
    size[axis] = count;
    return tf.reverse(tf.slice(image, begin, size), axis);
  }
}
tf.serialization.registerClass(ReflectionPadding2D);
