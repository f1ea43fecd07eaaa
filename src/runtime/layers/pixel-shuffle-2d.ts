import * as tf from '@tensorflow/tfjs';

/** Configuration of `PixelShuffle2D`. */
export interface PixelShuffle2DConfig {
  name?: string;
  /** How many times taller and wider the output is. */
  factor: number;
  /**
   * `channelsFirst`, the default: the block of an output channel is made of
   * neighbouring input channels, as in PyTorch; `channelsLast`: as in TensorFlow's
   * depth_to_space.
   */
  order?: 'channelsFirst' | 'channelsLast';
}

/**
 * Moves channels into space: images [n, h, w, c f f] become [n, h f, w f, c] (Shi
 * et al. 2016). Reshaped and transposed, since `tf.depthToSpace` cannot train.
 */
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
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const { factor, order = 'channelsFirst' } = this.config;
    const [batch, height, width, deep] = image.shape;
    const channels = deep / (factor * factor);
    const [block, places] =
      order === 'channelsFirst'
        ? [
            [channels, factor, factor],
            [0, 1, 4, 2, 5, 3],
          ]
        : [
            [factor, factor, channels],
            [0, 1, 3, 2, 4, 5],
          ];
    return tf.tidy(() =>
      tf.reshape(tf.transpose(tf.reshape(image, [batch, height, width, ...block]), places), [
        batch,
        height * factor,
        width * factor,
        channels,
      ]),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(PixelShuffle2D);
