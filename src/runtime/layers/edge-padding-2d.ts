import * as tf from '../tensorflow.js';
import { extendEdges, type Extension } from '../values/extend-edges.js';

/** Configuration of `EdgePadding2D`. */
export interface EdgePadding2DConfig {
  name?: string;
  /** [[top, bottom], [left, right]] in pixels. */
  padding: [[number, number], [number, number]];
  /** What the edges hold. */
  mode: Extension;
}

/**
 * Surrounds images [n, h, w, c] with their own pixels: the outermost ones again, or those of
 * the other side.
 */
export class EdgePadding2D extends tf.layers.Layer {
  static className = 'EdgePadding2D';
  private readonly padding: [[number, number], [number, number]];
  private readonly mode: Extension;

  constructor(config: EdgePadding2DConfig) {
    super(config);
    this.padding = config.padding;
    this.mode = config.mode;
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
    return extendEdges(image, this.padding, this.mode);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding, mode: this.mode };
  }
}
tf.serialization.registerClass(EdgePadding2D);
