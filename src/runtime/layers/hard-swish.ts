import * as tf from '@tensorflow/tfjs';

/** x relu6(x + 3) / 6 for every value (Howard et al. 2019, MobileNetV3). */
export class HardSwish extends tf.layers.Layer {
  static className = 'HardSwish';

  constructor(config: { name?: string } = {}) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
    return tf.tidy(() => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)));
  }
}
tf.serialization.registerClass(HardSwish);
