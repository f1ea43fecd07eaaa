import * as tf from '@tensorflow/tfjs';

/** Configuration of `CropTo2D`. */
export interface CropTo2DConfig {
  name?: string;
  /**
   * Rows cut at the top where d are cut in all: floor(d / 2), the default, or
   * d / 2 rounded half to even as torchvision's CenterCrop does.
   */
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
    const [batch, height, width, channels] = image.shape;
    const [, outHeight, outWidth] = target.shape;
    const top = this.halve(height - outHeight);
    const left = this.halve(width - outWidth);
    return tf.slice(image, [0, top, left, 0], [batch, outHeight, outWidth, channels]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rounding: this.rounding };
  }

  private halve(size: number): number {
    const half = Math.floor(size / 2);
    const roundsUp = this.rounding === 'halfEven' && size % 2 === 1 && half % 2 === 1;
    return roundsUp ? half + 1 : half;
  }
}
tf.serialization.registerClass(CropTo2D);
