import * as tf from '../tensorflow.js';
import { applyHardSwish } from '../values/apply-hard-swish.js';

/** The activation hard swish. */
export class HardSwish extends tf.layers.Layer {
  static className = 'HardSwish';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor];
    return applyHardSwish(x);
  }
}
tf.serialization.registerClass(HardSwish);
