import * as tf from '../tensorflow.js';
import { markLargest } from '../values/mark-largest.js';

/** Configuration of `IsLargest`. */
export interface IsLargestConfig {
  name?: string;
  /** Counted from 0. */
  channel: number;
}

/** One channel: 1 where the stated channel of images [n, h, w, c] has the largest value, else 0. */
export class IsLargest extends tf.layers.Layer {
  static className = 'IsLargest';
  private readonly channel: number;

  constructor(config: IsLargestConfig) {
    super(config);
    this.channel = config.channel;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    if (this.channel >= channels) {
      throw new RangeError(
        `${this.name} asks for channel ${this.channel} of ${channels}, counted from 0.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [...inputShape.slice(0, -1), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return markLargest(image, this.channel);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channel: this.channel };
  }
}
tf.serialization.registerClass(IsLargest);
