import * as tf from '../tensorflow.js';
import { normalizeGroups } from '../values/normalize-groups.js';

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
 * Instance norm, with a group for each channel of images [n, h, w, c]; group norm, with a few;
 * layer norm, with one for each pixel. Weights: gamma [c], beta [c].
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

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const { groups = image.shape[3], perPixel = false, epsilon = 1e-5 } = this.config;
    const [gamma, beta] = [this.gamma?.read(), this.beta?.read()];
    const affine = gamma && beta && { gamma, beta };
    return normalizeGroups(image, affine, { groups, perPixel, epsilon });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(GroupNormalization2D);
