import * as tf from '../tensorflow.js';

/** Configuration of `SpatialDropout2D`. */
export interface SpatialDropout2DConfig {
  name?: string;
  /** Probability that a channel is dropped. */
  rate: number;
}

/**
 * In training drops whole channels of images [n, h, w, c] and divides the others
 * by 1 - rate (Tompson et al. 2015; PyTorch's Dropout2d). Otherwise does nothing.
 */
export class SpatialDropout2D extends tf.layers.Layer {
  static className = 'SpatialDropout2D';
  private readonly rate: number;

  constructor(config: SpatialDropout2DConfig) {
    super(config);
    this.rate = config.rate;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown> = {}): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    if (kwargs['training'] !== true || this.rate === 0) return tf.clone(image);
    const [batch, , , channels] = image.shape;
    return tf.dropout(image, this.rate, [batch, 1, 1, channels]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(SpatialDropout2D);
