import * as tf from '../tensorflow.js';
import { shufflePixels } from '../values/shuffle-pixels.js';

/** Configuration of `PixelShuffle2D`. */
export interface PixelShuffle2DConfig {
  name?: string;
  /** How many times taller and wider the output is. */
  factor: number;
  /** Which channels make the block of a pixel; `channelsFirst` by default. */
  order?: 'channelsFirst' | 'channelsLast';
}

/** Moves channels into space: images [n, h, w, c f f] become [n, h f, w f, c]. */
export class PixelShuffle2D extends tf.layers.Layer {
  static className = 'PixelShuffle2D';

  constructor(private readonly config: PixelShuffle2DConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const parts = this.config.factor ** 2;
    if (channels % parts !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${parts} equal parts.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    const { factor } = this.config;
    return [
      batch,
      height === null ? null : height * factor,
      width === null ? null : width * factor,
      channels === null ? null : channels / (factor * factor),
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const { factor, order = 'channelsFirst' } = this.config;
    return shufflePixels(image, factor, order);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(PixelShuffle2D);
