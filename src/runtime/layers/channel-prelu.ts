import * as tf from '../tensorflow.js';
import { applyPrelu } from '../values/apply-prelu.js';

/** Configuration of `ChannelPReLU`. */
export interface ChannelPReLUConfig {
  name?: string;
  /** The slope that every channel starts with; 0.25 by default. */
  start?: number;
  /** Whether all channels have one slope, alpha [1]; false by default. */
  shared?: boolean;
}

/**
 * x above zero, alpha * x below, with a trained alpha [c] for each channel of
 * images [n, h, w, c] (He et al. 2015, "Delving Deep into Rectifiers").
 */
export class ChannelPReLU extends tf.layers.Layer {
  static className = 'ChannelPReLU';
  private alpha?: tf.LayerVariable;

  constructor(private readonly config: ChannelPReLUConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const initializer = tf.initializers.constant({ value: this.config.start ?? 0.25 });
    this.alpha = this.addWeight(
      'alpha',
      [this.config.shared ? 1 : channels],
      'float32',
      initializer,
    );
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return applyPrelu(image, this.alpha!.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPReLU);
