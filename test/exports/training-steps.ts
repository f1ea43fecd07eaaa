import type * as TensorFlow from '../../src/runtime/tensorflow.js';
import type { Graph } from '../../src/ir/graph.js';
import type * as Page from '../../src/runtime/page.js';

/** What a page says of a training. */
export interface TrainingAnswer {
  readonly description: string;
  readonly losses: readonly number[];
}

/** The losses of three steps of a network of one input channel and the head `mask`, by `unetc/page` alone. */
export async function lossesOf(
  graph: Graph,
  unetc: typeof Page,
  tf: Pick<typeof TensorFlow, 'tensor4d' | 'mean' | 'square' | 'sub'>,
): Promise<readonly number[]> {
  const random = new unetc.Random(5);
  const size = 32;
  const values = Float32Array.from({ length: 2 * size * size }, () => random.uniform());
  const image = tf.tensor4d(values, [2, size, size, 1]);
  const options = {
    network: unetc.buildFunctionalNetwork(graph),
    weights: unetc.initialiseWeights(graph, new unetc.Random(1)),
    optimizer: new unetc.Optimizer(unetc.sgd({ momentum: 0.9 })),
    loss: (outputs: ReadonlyMap<string, TensorFlow.Tensor4D>) =>
      tf.mean<TensorFlow.Scalar>(tf.square(tf.sub(outputs.get('mask')!, image))),
  };
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    const loss = unetc.trainingStep(options, { image, learningRate: 0.1 });
    losses.push((await loss.data())[0]!);
    loss.dispose();
  }
  return losses;
}
