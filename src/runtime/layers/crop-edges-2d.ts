import * as tf from '../tensorflow.js';
import { cropImage } from '../values/crop-image.js';

/** Configuration of `CropEdges2D`. */
export interface CropEdges2DConfig {
  name?: string;
  /** [[top, bottom], [left, right]] in pixels. */
  cropping: [[number, number], [number, number]];
}

/**
 * Cuts fixed edges off images [n, h, w, c]. `tf.layers.cropping2D` does the
 * same, but gives negative symbolic sizes where height and width are unknown.
 */
export class CropEdges2D extends tf.layers.Layer {
  static className = 'CropEdges2D';
  private readonly cropping: [[number, number], [number, number]];

  constructor(config: CropEdges2DConfig) {
    super(config);
    this.cropping = config.cropping;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    const [[top, bottom], [left, right]] = this.cropping;
    return [
      batch,
      height === null ? null : height - top - bottom,
      width === null ? null : width - left - right,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return cropImage(image, this.cropping);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), cropping: this.cropping };
  }
}
tf.serialization.registerClass(CropEdges2D);
