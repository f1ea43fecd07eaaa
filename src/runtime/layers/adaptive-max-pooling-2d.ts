import * as tf from '../tensorflow.js';
import { largestOfBins } from '../values/largest-of-bins.js';

/** Configuration of `AdaptiveMaxPooling2D`. */
export interface AdaptiveMaxPooling2DConfig {
  name?: string;
  /** Bins along each axis: one number, or [vertical, horizontal]. */
  size: number | [number, number];
}

/** The maximum of images [n, h, w, c] over a fixed number of bins, whatever their size. */
export class AdaptiveMaxPooling2D extends tf.layers.Layer {
  static className = 'AdaptiveMaxPooling2D';
  private readonly size: [number, number];

  constructor(config: AdaptiveMaxPooling2DConfig) {
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
    return largestOfBins(image, this.size);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.size };
  }
}
tf.serialization.registerClass(AdaptiveMaxPooling2D);
