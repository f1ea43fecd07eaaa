import * as tf from '@tensorflow/tfjs';

/** The first of several tensors of one shape less all others. */
export class Subtract extends tf.layers.Layer {
  static className = 'Subtract';

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    // A height or width that one of them leaves open is open.
    return inputShapes.reduce((shape, other) =>
      shape.map((size, axis) => (other[axis] === null ? null : size)),
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [first, ...others] = [inputs].flat();
    return tf.tidy(() => others.reduce((rest, other) => tf.sub(rest, other), tf.clone(first!)));
  }
}
tf.serialization.registerClass(Subtract);
