import * as tf from '../tensorflow.js';
import type { CompiledModel } from '../../compile.js';
import { describeNetwork, type NetworkFacts } from '../exports/describe-network.js';
import { buildLayersModel, savedWeightNames } from '../network/layers-model.js';

/** A graph as TensorFlow.js writes layers models down, without the values of weights. */
export interface Topology {
  readonly modelTopology: unknown;
  /** Names, shapes and types in the order in which values follow each other in a weights file. */
  readonly weightSpecs: readonly tf.io.WeightsManifestEntry[];
  /** The graph's name of each of them. */
  readonly weightNames: readonly string[];
  /** What a program that opens the model needs to know of it. */
  readonly network: NetworkFacts;
}

/** Describes a graph's layers model; made once a run, since building layers takes its time. */
export async function describeTopology(
  compiled: Pick<CompiledModel, 'graph' | 'sizes' | 'recipe'>,
): Promise<Topology> {
  const { graph } = compiled;
  const model = buildLayersModel(graph, 'zero');
  try {
    const graphNames = savedWeightNames(model, graph);
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler((given) => {
        artifacts = given;
        const modelArtifactsInfo = { dateSaved: new Date(0), modelTopologyType: 'JSON' as const };
        return Promise.resolve({ modelArtifactsInfo });
      }),
    );
    const weightSpecs = artifacts?.weightSpecs ?? [];
    const weightNames = weightSpecs.map(({ name }) => {
      const known = graphNames.get(name);
      if (known === undefined) throw new Error(`the weight "${name}" belongs to no node`);
      return known;
    });
    const { modelTopology } = artifacts ?? {};
    return { modelTopology, weightSpecs, weightNames, network: describeNetwork(compiled) };
  } finally {
    model.dispose();
  }
}
