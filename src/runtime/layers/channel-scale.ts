import * as tf from '../tensorflow.js';

/** Configuration of `ChannelScale`. */
export interface ChannelScaleConfig {
  name?: string;
  /** What every channel is multiplied by at first; 1e-6 by default. */
  start?: number;
}

/** Multiplies each channel of images [n, h, w, c] by a weight gamma [c] (LayerScale, Touvron et al. 2021). */
export class ChannelScale extends tf.layers.Layer {
  static className = 'ChannelScale';
  private gamma?: tf.LayerVariable;

  constructor(private readonly config: ChannelScaleConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const initializer = tf.initializers.constant({ value: this.config.start ?? 1e-6 });
    this.gamma = this.addWeight('gamma', [channels], 'float32', initializer);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return tf.mul(image, this.gamma!.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelScale);
