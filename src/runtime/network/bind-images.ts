import type * as tf from '../tensorflow.js';
import type { Graph, NodeId } from '../../ir/graph.js';

/** A batch [n, h, w, channels] for the input of a network, or one for each of its inputs in their order. */
export type Images = tf.Tensor4D | readonly tf.Tensor4D[];

/** The images as values of the inputs. Throws unless there is a batch for each input. */
export function bindImages({ model, inputs }: Graph, images: Images): Map<NodeId, tf.Tensor4D> {
  const given = 'shape' in images ? [images] : images;
  if (given.length !== inputs.length) {
    throw new Error(`${model} has ${inputs.length} inputs and was given ${given.length} batches`);
  }
  return new Map(inputs.map(({ node }, at) => [node, given[at]!]));
}
