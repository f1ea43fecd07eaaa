import * as tf from '@tensorflow/tfjs';

/**
 * Surrounds images [n, h, w, c] with zeros to the height and width of a second
 * input: of d missing rows floor(d / 2) go above, of columns alike to the left.
 */
export class PadTo2D extends tf.layers.Layer {
  static className = 'PadTo2D';

  constructor(config: { name?: string } = {}) {
    super(config);
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [image = [], target = []] = inputShapes;
    return [image[0] ?? null, target[1] ?? null, target[2] ?? null, image[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, target] = inputs as [tf.Tensor4D, tf.Tensor4D];
    const missingRows = target.shape[1] - image.shape[1];
    const missingColumns = target.shape[2] - image.shape[2];
    const top = Math.floor(missingRows / 2);
    const left = Math.floor(missingColumns / 2);
    return tf.pad(image, [
      [0, 0],
      [top, missingRows - top],
      [left, missingColumns - left],
      [0, 0],
    ]);
  }
}
tf.serialization.registerClass(PadTo2D);
