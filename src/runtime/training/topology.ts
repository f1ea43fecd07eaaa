import * as tf from '@tensorflow/tfjs';
import type { Graph } from '../../ir/graph.js';
import { buildLayersModel, weightLayers } from '../network/layers-model.js';

/** A graph as TensorFlow.js writes layers models down, without the values of weights. */
export interface Topology {
  readonly modelTopology: unknown;
  /** Names, shapes and types in the order in which values follow each other in a weights file. */
  readonly weightSpecs: readonly tf.io.WeightsManifestEntry[];
  /** The graph's name of each of them. */
  readonly weightNames: readonly string[];
}

/** Describes a graph's layers model; made once a run, since building layers takes its time. */
export async function describeTopology(graph: Graph): Promise<Topology> {
  const model = buildLayersModel(graph);
  try {
    const graphNames = new Map<string, string>();
    for (const { layer, specs } of weightLayers(model, graph)) {
      specs.forEach(({ name }, i) => graphNames.set(layer.weights[i]!.originalName, name));
    }
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
    return { modelTopology: artifacts?.modelTopology, weightSpecs, weightNames };
  } finally {
    model.dispose();
  }
}
