/**
 * TensorFlow.js, as far as networks need it: the operations with their gradients, the
 * layers, and the back end in plain JavaScript, which is there before an engine is started.
 *
 * These are packages that `@tensorflow/tfjs` is made of, and the same copies of them: a
 * program that imports that one, or `@tensorflow/tfjs-node`, shares tensors, layers and
 * back ends with us. Nothing here gives tensors methods for operations (`x.add(y)`): write
 * `tf.add(x, y)`.
 */
import '@tensorflow/tfjs-backend-cpu';

export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-layers';
