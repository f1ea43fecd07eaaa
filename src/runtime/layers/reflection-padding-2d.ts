import * as tf from '../tensorflow.js';
import { reflectEdges } from '../values/reflect-edges.js';

/** Configuration of `ReflectionPadding2D`. */
export interface ReflectionPadding2DConfig {
  name?: string;
  /** [[top, bottom], [left, right]] in pixels, each less than the image's size. */
  padding: [[number, number], [number, number]];
}

/**
 * Surrounds images [n, h, w, c] with their own pixels, mirrored at the outermost row or column,
 * which is not repeated.
 */
export class ReflectionPadding2D extends tf.layers.Layer {
  static className = 'ReflectionPadding2D';
  private readonly padding: [[number, number], [number, number]];

  constructor(config: ReflectionPadding2DConfig) {
    super(config);
    this.padding = config.padding;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    const [[top, bottom], [left, right]] = this.padding;
    return [
      batch,
      height === null ? null : height + top + bottom,
      width === null ? null : width + left + right,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return reflectEdges(image, this.padding);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }
}
tf.serialization.registerClass(ReflectionPadding2D);
