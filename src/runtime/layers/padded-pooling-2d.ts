import * as tf from '../tensorflow.js';
import { pairOf } from '../values/pair.js';
import { poolMax, poolMean } from '../values/pool-windows.js';
import { countWindows, type Windows } from '../values/windows.js';

/** Configuration of `PaddedPooling2D`. */
export interface PaddedPooling2DConfig {
  name?: string;
  /** What is taken of each window. */
  take: 'max' | 'mean';
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
  /** [[top, bottom], [left, right]] in pixels; `same`: ceil(size / stride) windows; none by default. */
  padding?: 'same' | [[number, number], [number, number]];
  /** `ceil` keeps a last, partial window; `floor` by default. */
  rounding?: 'floor' | 'ceil';
}

/**
 * The largest or the mean value of each window of images [n, h, w, c], over the pixels that
 * exist: padding, and a last, partial window, only place windows. TensorFlow.js' own pools have
 * wrong gradients for padded windows on some engines.
 */
export class PaddedPooling2D extends tf.layers.Layer {
  static className = 'PaddedPooling2D';
  private readonly windows: Windows;

  constructor(private readonly config: PaddedPooling2DConfig) {
    super(config);
    const { poolSize, strides = poolSize, padding = 'valid', rounding = 'floor' } = config;
    this.windows = { size: pairOf(poolSize), strides: pairOf(strides), padding, rounding };
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    return [
      batch,
      countWindows(height, 0, this.windows),
      countWindows(width, 1, this.windows),
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const pool = this.config.take === 'max' ? poolMax : poolMean;
    return pool(image, this.windows);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(PaddedPooling2D);
