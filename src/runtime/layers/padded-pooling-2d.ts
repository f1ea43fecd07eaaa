import * as tf from '@tensorflow/tfjs';

/** Configuration of `PaddedPooling2D`. */
export interface PaddedPooling2DConfig {
  name?: string;
  /** What is taken of each window. */
  take: 'max' | 'mean';
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
  /** [[top, bottom], [left, right]] in pixels, or `same`: ceil(size / stride) windows. */
  padding: 'same' | [[number, number], [number, number]];
  /** `ceil` keeps a last, partial window; `floor` by default. */
  rounding?: 'floor' | 'ceil';
}

/**
 * The largest or the mean value of each window of images [n, h, w, c], over the
 * pixels that exist: padding only places windows. TensorFlow.js' own pools have
 * wrong gradients for padded windows on some engines.
 */
export class PaddedPooling2D extends tf.layers.Layer {
  static className = 'PaddedPooling2D';
  private readonly poolSize: [number, number];
  private readonly strides: [number, number];

  constructor(private readonly config: PaddedPooling2DConfig) {
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
    const edges: [number, number][] = [[0, 0], this.edges(height, 0), this.edges(width, 1), [0, 0]];
    return tf.tidy(() => {
      if (this.config.take === 'max') {
        const lowest = -3.4028234663852886e38;
        return tf.maxPool(tf.pad(image, edges, lowest), this.poolSize, this.strides, 'valid');
      }
      const means = (padded: tf.Tensor4D) =>
        tf.avgPool(padded, this.poolSize, this.strides, 'valid');
      const existing = tf.pad(tf.ones([1, height, width, 1]), edges) as tf.Tensor4D;
      return tf.div(means(tf.pad(image, edges)), means(existing));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }

  /** Pixels added before and after an axis, the reach of a last, partial window among them. */
  private edges(size: number, axis: 0 | 1): [number, number] {
    const [before, after] = this.padding(size, axis);
    const reach = (this.windows(size, axis) - 1) * this.strides[axis] + this.poolSize[axis];
    return [before, Math.max(after, reach - size - before)];
  }

  private padding(size: number, axis: 0 | 1): [number, number] {
    const { padding } = this.config;
    if (padding !== 'same') return padding[axis];
    const stride = this.strides[axis];
    const reach = (Math.ceil(size / stride) - 1) * stride + this.poolSize[axis];
    const total = Math.max(reach - size, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }

  /** Windows along one axis; a last, partial one begins inside. */
  private windows(size: number, axis: 0 | 1): number {
    const [before, after] = this.padding(size, axis);
    const steps = (size + before + after - this.poolSize[axis]) / this.strides[axis];
    if (this.config.rounding !== 'ceil') return Math.floor(steps) + 1;
    return Math.min(Math.ceil(steps) + 1, Math.ceil((size + before) / this.strides[axis]));
  }
}
tf.serialization.registerClass(PaddedPooling2D);
