import * as tf from '../tensorflow.js';
import { absoluteValue } from '../values/absolute-value.js';

/** Values without their sign. */
export class Absolute extends tf.layers.Layer {
  static className = 'Absolute';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return absoluteValue(image);
  }
}
tf.serialization.registerClass(Absolute);
