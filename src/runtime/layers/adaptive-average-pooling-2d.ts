import * as tf from '../tensorflow.js';
import { averageBins } from '../values/average-bins.js';

/** Configuration of `AdaptiveAveragePooling2D`. */
export interface AdaptiveAveragePooling2DConfig {
  name?: string;
  /** Bins along each axis: one number, or [vertical, horizontal]. */
  size: number | [number, number];
}

/** The mean of images [n, h, w, c] over a fixed number of bins, whatever their size. */
export class AdaptiveAveragePooling2D extends tf.layers.Layer {
  static className = 'AdaptiveAveragePooling2D';
  private readonly size: [number, number];

  constructor(config: AdaptiveAveragePooling2DConfig) {
    super(config);
    const { size } = config;
    this.size = typeof size === 'number' ? [size, size] : size;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, , , channels = null] = inputShape;
    return [batch, ...this.size, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return averageBins(image, this.size);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.size };
  }
}
tf.serialization.registerClass(AdaptiveAveragePooling2D);
