import type { Graph, GraphNode } from '../../ir/graph.js';
import { weightOwners } from '../../ir/operations/weights.js';
import { withConstantResizing } from '../../ir/forms/constant-resizing.js';
import { layerName } from '../../codegen/tfjs/layer-names.js';
import { layeredGraph } from '../../codegen/tfjs/layered-graph.js';
import { layersOf, type CustomLayer } from '../../codegen/tfjs/layers.js';
import { plainLayersOf, type PlainLayer } from '../../codegen/tfjs/plain-layers.js';
import { weightsOf, type WeightSpec } from '../../codegen/tfjs/weights.js';

/** Classes of layers in the graph's model that TensorFlow.js lacks, in alphabetical order. */
export function customLayersOf(ofSpec: Graph): readonly CustomLayer[] {
  const graph = exportedGraph(ofSpec);
  const layers = graph.nodes.flatMap((node) => layersFor(graph, node));
  const names = layers.flatMap(({ layer }) => (layer.kind === 'custom' ? layer.className : []));
  return [...new Set(names)].sort();
}

/** The names of all layers of a graph's model, each with the weights that it holds, in its order. */
export function modelLayers(ofSpec: Graph): ReadonlyMap<string, readonly WeightSpec[]> {
  const graph = exportedGraph(ofSpec);
  const layers = new Map<string, readonly WeightSpec[]>(
    graph.nodes
      .flatMap((node) =>
        node.op.kind === 'input'
          ? [layerName(node.name)]
          : plainLayersOf(graph, node).map(({ name }) => name),
      )
      .map((name) => [name, []]),
  );
  for (const { layer, specs } of weightsByLayer(ofSpec, layers)) layers.set(layer, specs);
  return layers;
}

/** A layer by its name, and the weights of the graph that it holds, in its order. */
export interface LayerWeights {
  readonly layer: string;
  readonly specs: readonly WeightSpec[];
}

/** Which of a model's layers, given by their names, hold the weights of a graph. */
export function weightsByLayer(
  graph: Graph,
  layers: ReadonlyMap<string, unknown>,
): readonly LayerWeights[] {
  return weightOwners(graph).flatMap((node) => {
    const specs = weightsOf(graph, node);
    const names = [...layersFor(graph, node), ...layersOf(node)]
      .filter(({ holdsWeights }) => holdsWeights)
      .map(({ name }) => name);
    const layer = names.find((name) => layers.has(name));
    if (layer === undefined) throw new Error(`the model has no layer "${names.join('" or "')}"`);
    return [{ layer, specs }];
  });
}

/** The graph as the layers of a model for prediction say it. */
export const exportedGraph = (graph: Graph): Graph => withConstantResizing(layeredGraph(graph));

function layersFor(graph: Graph, node: GraphNode): readonly PlainLayer[] {
  return node.op.kind === 'input' ? [] : plainLayersOf(graph, node);
}
