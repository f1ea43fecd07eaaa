import * as tf from '@tensorflow/tfjs';

/** Configuration of `GroupNormalization2D`. */
export interface GroupNormalization2DConfig {
  name?: string;
  /** Parts of the channels, each with statistics of its own; one for each channel by default. */
  groups?: number;
  /** Whether each pixel has statistics of its own, rather than each image. */
  perPixel?: boolean;
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** Whether each channel is scaled and shifted by weights; true by default. */
  affine?: boolean;
}

/**
 * Brings the values of each group of channels of images [n, h, w, c] to mean 0
 * and variance 1, then scales and shifts each channel by gamma [c] and beta [c]:
 * instance norm with a group for each channel, group norm with a few, layer norm
 * with one for each pixel.
 */
export class GroupNormalization2D extends tf.layers.Layer {
  static className = 'GroupNormalization2D';
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;

  constructor(private readonly config: GroupNormalization2DConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { groups = channels, affine = true } = this.config;
    if (channels % groups !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${groups} equal parts.`,
      );
    }
    if (affine) {
      this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
      this.beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const [batch, height, width, channels] = image.shape;
    const { groups = channels, perPixel = false, epsilon = 1e-5 } = this.config;
    const places = perPixel ? [batch * height * width, 1, 1] : [batch, height, width];
    // Rows first: one long sum in float32 loses digits on the WASM engine.
    const meanOf = (x: tf.Tensor) => tf.mean(tf.mean(x, 2, true), [1, 4], true);
    return tf.tidy(() => {
      const grouped = tf.reshape(image, [...places, groups, channels / groups]);
      const centred = tf.sub(grouped, meanOf(grouped));
      const variance = meanOf(tf.square(centred));
      const normal = tf.reshape(tf.div(centred, tf.sqrt(tf.add(variance, epsilon))), image.shape);
      if (this.gamma === undefined || this.beta === undefined) return normal;
      return tf.add(tf.mul(normal, this.gamma.read()), this.beta.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(GroupNormalization2D);
