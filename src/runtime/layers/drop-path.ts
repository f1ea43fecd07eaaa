import * as tf from '../tensorflow.js';

/** Configuration of `DropPath`. */
export interface DropPathConfig {
  name?: string;
  /** Probability that an image is dropped. */
  rate: number;
}

/**
 * In training makes whole images of [n, h, w, c] zero and divides the others by 1 - rate
 * (stochastic depth, Huang et al. 2016). Otherwise does nothing.
 */
export class DropPath extends tf.layers.Layer {
  static className = 'DropPath';
  private readonly rate: number;

  constructor(config: DropPathConfig) {
    super(config);
    this.rate = config.rate;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown> = {}): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    if (kwargs['training'] !== true || this.rate === 0) return tf.clone(image);
    return tf.dropout(image, this.rate, [image.shape[0], 1, 1, 1]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(DropPath);
