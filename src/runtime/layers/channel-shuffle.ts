import * as tf from '../tensorflow.js';
import { shuffleChannels } from '../values/shuffle-channels.js';

/** Configuration of `ChannelShuffle`. */
export interface ChannelShuffleConfig {
  name?: string;
  /** Parts of the channels. */
  groups: number;
}

/** Deals the channels of groups of images [n, h, w, c] out in turn (Zhang et al. 2018, ShuffleNet). */
export class ChannelShuffle extends tf.layers.Layer {
  static className = 'ChannelShuffle';

  constructor(private readonly config: ChannelShuffleConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { groups } = this.config;
    if (channels % groups !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${groups} equal parts.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    return [batch, height, width, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return shuffleChannels(image, this.config.groups);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelShuffle);
