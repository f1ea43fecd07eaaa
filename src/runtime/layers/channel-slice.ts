import * as tf from '../tensorflow.js';
import { sliceChannels } from '../values/slice-channels.js';

/** Configuration of `ChannelSlice`. */
export interface ChannelSliceConfig {
  name?: string;
  /** The first channel, counted from 0. */
  from: number;
  /** The channel behind the last one. */
  to: number;
}

/** Channels `from` to `to` - 1 of images [n, h, w, c]. */
export class ChannelSlice extends tf.layers.Layer {
  static className = 'ChannelSlice';

  constructor(private readonly config: ChannelSliceConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    const { from, to } = this.config;
    return [batch, height, width, channels === null ? null : to - from];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return sliceChannels(image, this.config.from, this.config.to);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelSlice);
