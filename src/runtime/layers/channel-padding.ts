import * as tf from '../tensorflow.js';
import { padChannels } from '../values/pad-channels.js';

/** Configuration of `ChannelPadding`. */
export interface ChannelPaddingConfig {
  name?: string;
  /** How many there are then. */
  channels: number;
}

/** Adds channels of zeros behind those of images [n, h, w, c]. */
export class ChannelPadding extends tf.layers.Layer {
  static className = 'ChannelPadding';

  constructor(private readonly config: ChannelPaddingConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    return [batch, height, width, channels === null ? null : this.config.channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return padChannels(image, this.config.channels);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPadding);
