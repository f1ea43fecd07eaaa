import * as tf from '@tensorflow/tfjs';

/** Configuration of `CeilAveragePooling2D`. */
export interface CeilAveragePooling2DConfig {
  name?: string;
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
}

/**
 * The mean over each window of images [n, h, w, c], where a last, partial window
 * counts too (PyTorch's ceil_mode); its mean is over the pixels that exist.
 * Windows start at the first pixel.
 */
export class CeilAveragePooling2D extends tf.layers.Layer {
  static className = 'CeilAveragePooling2D';
  private readonly poolSize: [number, number];
  private readonly strides: [number, number];

  constructor(config: CeilAveragePooling2DConfig) {
    super(config);
    const { poolSize, strides = poolSize } = config;
    this.poolSize = typeof poolSize === 'number' ? [poolSize, poolSize] : poolSize;
    this.strides = typeof strides === 'number' ? [strides, strides] : strides;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    return [
      batch,
      height === null ? null : this.windows(height, 0),
      width === null ? null : this.windows(width, 1),
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const [, height, width] = image.shape;
    const edges: [number, number][] = [
      [0, 0],
      [0, this.overhang(height, 0)],
      [0, this.overhang(width, 1)],
      [0, 0],
    ];
    return tf.tidy(() => {
      const means = (padded: tf.Tensor4D) =>
        tf.avgPool(padded, this.poolSize, this.strides, 'valid');
      const existing = tf.pad(tf.ones([1, height, width, 1]), edges) as tf.Tensor4D;
      return tf.div(means(tf.pad(image, edges)), means(existing));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), poolSize: this.poolSize, strides: this.strides };
  }

  /** Windows along one axis; the last may stick out if it starts inside. */
  private windows(size: number, axis: 0 | 1): number {
    const count = Math.ceil((size - this.poolSize[axis]) / this.strides[axis]) + 1;
    return (count - 1) * this.strides[axis] >= size ? count - 1 : count;
  }

  /** Pixels by which the last window sticks out. */
  private overhang(size: number, axis: 0 | 1): number {
    const reach = (this.windows(size, axis) - 1) * this.strides[axis] + this.poolSize[axis];
    return Math.max(reach - size, 0);
  }
}
tf.serialization.registerClass(CeilAveragePooling2D);
