import * as tf from '../tensorflow.js';
import { subtractAll } from '../values/subtract-all.js';

/** The first of several tensors of one shape less all others. */
export class Subtract extends tf.layers.Layer {
  static className = 'Subtract';

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape[]).map((shape) => shape[3]);
    if (new Set(channels).size > 1) {
      throw new RangeError(
        `${this.name} takes tensors of one number of channels, found ${channels.join(' and ')}.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    // A height or width that one of them leaves open is open.
    return inputShapes.reduce((shape, other) =>
      shape.map((size, axis) => (other[axis] === null ? null : size)),
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return subtractAll([inputs].flat());
  }
}
tf.serialization.registerClass(Subtract);
