import * as tf from '../tensorflow.js';
import { padToSize } from '../values/pad-to-size.js';

/** Surrounds images [n, h, w, c] with zeros to the height and width of a second input. */
export class PadTo2D extends tf.layers.Layer {
  static className = 'PadTo2D';

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [image = [], target = []] = inputShapes;
    return [image[0] ?? null, target[1] ?? null, target[2] ?? null, image[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, target] = inputs as [tf.Tensor4D, tf.Tensor4D];
    return padToSize(image, target);
  }
}
tf.serialization.registerClass(PadTo2D);
