import * as tf from '../tensorflow.js';
import { cropToSize } from '../values/crop-to-size.js';

/** Configuration of `CropTo2D`. */
export interface CropTo2DConfig {
  name?: string;
  /** How half of an odd number of pixels is rounded; `floor` by default. */
  rounding?: 'floor' | 'halfEven';
}

/** Cuts the centre of images [n, h, w, c] to the height and width of a second input. */
export class CropTo2D extends tf.layers.Layer {
  static className = 'CropTo2D';
  private readonly rounding: 'floor' | 'halfEven';

  constructor(config: CropTo2DConfig = {}) {
    super(config);
    this.rounding = config.rounding ?? 'floor';
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [image = [], target = []] = inputShapes;
    return [image[0] ?? null, target[1] ?? null, target[2] ?? null, image[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, target] = inputs as [tf.Tensor4D, tf.Tensor4D];
    return cropToSize(image, target, this.rounding);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rounding: this.rounding };
  }
}
tf.serialization.registerClass(CropTo2D);
