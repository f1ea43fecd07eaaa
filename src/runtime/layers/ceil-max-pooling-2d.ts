import * as tf from '@tensorflow/tfjs';

/** Configuration of `CeilMaxPooling2D`. */
export interface CeilMaxPooling2DConfig {
  name?: string;
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
}

/**
 * The largest value of each window of images [n, h, w, c], where a last, partial
 * window counts too (PyTorch's ceil_mode). Windows start at the first pixel;
 * TensorFlow's 'same' padding would centre them.
 */
export class CeilMaxPooling2D extends tf.layers.Layer {
  static className = 'CeilMaxPooling2D';
  private readonly poolSize: [number, number];
  private readonly strides: [number, number];

  constructor(config: CeilMaxPooling2DConfig) {
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
      const lowest = -3.4028234663852886e38;
      return tf.maxPool(tf.pad(image, edges, lowest), this.poolSize, this.strides, 'valid');
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
tf.serialization.registerClass(CeilMaxPooling2D);
