import * as tf from '../tensorflow.js';
import { unshufflePixels } from '../values/shuffle-pixels.js';

/** Configuration of `SpaceToDepth2D`. */
export interface SpaceToDepth2DConfig {
  name?: string;
  /** Height and width of the blocks. */
  factor: number;
  /** Which channels a block makes; `channelsFirst` by default. */
  order?: 'channelsFirst' | 'channelsLast';
}

/** Moves space into channels: images [n, h, w, c] become [n, h / f, w / f, c f f]. */
export class SpaceToDepth2D extends tf.layers.Layer {
  static className = 'SpaceToDepth2D';

  constructor(private readonly config: SpaceToDepth2DConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    const { factor } = this.config;
    return [
      batch,
      height === null ? null : height / factor,
      width === null ? null : width / factor,
      channels === null ? null : channels * factor * factor,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const { factor, order = 'channelsFirst' } = this.config;
    return unshufflePixels(image, factor, order);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(SpaceToDepth2D);
