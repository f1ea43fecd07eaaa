import * as tf from '../tensorflow.js';
import type { Graph } from '../../ir/graph.js';
import { prepareInference } from '../network/inference.js';
import { weightsFromValues, type WeightStore } from '../network/weights.js';
import type { WeightedGraph, WindowNetwork } from './window-network.js';

/**
 * The functional network on the engine in use, whose outputs give probabilities. Later
 * changes of the store do not show.
 */
export function functionalWindows(graph: Graph, weights: WeightStore): WindowNetwork {
  const network = prepareInference(graph, weights);
  return {
    run: async ({ count, height, width, channels, data }) => {
      const outputs = tf.tidy(() => [
        ...network.forward(tf.tensor4d(data, [count, height, width, channels])),
      ]);
      try {
        const values = outputs.map(
          async ([name, output]) => [name, await output.data<'float32'>()] as const,
        );
        return new Map(await Promise.all(values));
      } finally {
        for (const [, output] of outputs) output.dispose();
      }
    },
    dispose: () => network.dispose(),
  };
}

/** The same of a network whose weights are numbers. */
export function prepareWindows({ graph, weights }: WeightedGraph): Promise<WindowNetwork> {
  const store = weightsFromValues(graph, weights);
  try {
    return Promise.resolve(functionalWindows(graph, store));
  } finally {
    store.dispose();
  }
}
