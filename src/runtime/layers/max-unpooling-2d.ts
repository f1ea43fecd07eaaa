import * as tf from '../tensorflow.js';
import { pairOf } from '../values/pair.js';
import { unpoolMax } from '../values/unpool-max.js';
import type { Windows } from '../values/windows.js';

/** Configuration of `MaxUnpooling2D`: that of the max pooling that it undoes. */
export interface MaxUnpooling2DConfig {
  name?: string;
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows, not below `poolSize`, which is the default. */
  strides?: number | [number, number];
  /** [[top, bottom], [left, right]] in pixels; `same`: ceil(size / stride) windows; none by default. */
  padding?: 'same' | [[number, number], [number, number]];
  /** `ceil` keeps a last, partial window; `floor` by default. */
  rounding?: 'floor' | 'ceil';
}

/**
 * Puts the values of images [n, h, w, c] where a second input has the largest value of each
 * window of a max pooling, and zeros elsewhere; the output is as large as the second input.
 */
export class MaxUnpooling2D extends tf.layers.Layer {
  static className = 'MaxUnpooling2D';
  private readonly windows: Windows;

  constructor(private readonly config: MaxUnpooling2DConfig) {
    super(config);
    const { poolSize, strides = poolSize, padding = 'valid', rounding = 'floor' } = config;
    this.windows = { size: pairOf(poolSize), strides: pairOf(strides), padding, rounding };
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [image = [], pooled = []] = inputShapes;
    return [image[0] ?? null, pooled[1] ?? null, pooled[2] ?? null, image[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, pooled] = inputs as [tf.Tensor4D, tf.Tensor4D];
    return unpoolMax(image, pooled, this.windows);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(MaxUnpooling2D);
