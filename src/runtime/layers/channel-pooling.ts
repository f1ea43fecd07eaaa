import * as tf from '../tensorflow.js';
import { poolChannels } from '../values/pool-channels.js';

/** Configuration of `ChannelPooling`. */
export interface ChannelPoolingConfig {
  name?: string;
  /** What is taken. */
  take: 'mean' | 'max';
}

/** The mean or the maximum of all channels of each pixel of images [n, h, w, c]: [n, h, w, 1]. */
export class ChannelPooling extends tf.layers.Layer {
  static className = 'ChannelPooling';

  constructor(private readonly config: ChannelPoolingConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    return [batch, height, width, channels === null ? null : 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return poolChannels(image, this.config.take);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPooling);
