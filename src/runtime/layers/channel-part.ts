import * as tf from '../tensorflow.js';
import { partOfChannels } from '../values/slice-channels.js';

/** Configuration of `ChannelPart`. */
export interface ChannelPartConfig {
  name?: string;
  /** How many parts there are. */
  parts: number;
  /** Which part, counted from 0. */
  part: number;
}

/** One of several equal parts of the channels of images [n, h, w, c]. */
export class ChannelPart extends tf.layers.Layer {
  static className = 'ChannelPart';

  constructor(private readonly config: ChannelPartConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { parts } = this.config;
    if (channels % parts !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${parts} equal parts.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    return [batch, height, width, channels === null ? null : channels / this.config.parts];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return partOfChannels(image, this.config.parts, this.config.part);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPart);
