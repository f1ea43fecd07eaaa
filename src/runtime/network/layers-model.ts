import * as tf from '@tensorflow/tfjs';
import type { Graph, GraphNode, InputAxis, NodeId } from '../../ir/graph.js';
import type { BuiltinLayer, LayerCall, LayerConfig } from '../../ir/layers.js';
import { layerName } from '../../ir/layer-names.js';
import { layeredGraph } from '../../ir/layered-graph.js';
import { layersOf } from '../../ir/layers.js';
import { weightsOf } from '../../ir/weights.js';
import { makeCustomLayer } from '../layers/custom-layers.js';
import type { WeightStore } from './weights.js';

type LayerFactory = (config: LayerConfig & { readonly name: string }) => tf.layers.Layer;

/**
 * The graph as a `tf.LayersModel` with random weights: the form in which a
 * network is saved and handed to others. Inputs of unnamed sizes and all
 * outputs keep their order; the layer of a node carries the node's name.
 */
export function buildLayersModel(ofSpec: Graph): tf.LayersModel {
  const graph = layeredGraph(ofSpec);
  const values = new Map<NodeId, tf.SymbolicTensor>();
  for (const node of graph.nodes) values.set(node.id, applyNode(graph, node, values));
  return tf.model({
    name: graph.model,
    inputs: graph.inputs.map((input) => values.get(input.node)!),
    outputs: graph.outputs.map((output) => values.get(output.node)!),
  });
}

/** Copies the weights of a store into the layers of the same graph's model. */
export function setModelWeights(model: tf.LayersModel, graph: Graph, weights: WeightStore): void {
  for (const node of graph.nodes) {
    const holder = layersOf(node).find((call) => call.holdsWeights);
    if (holder === undefined) continue;
    const tensors = weightsOf(graph, node).map(({ name }) => weights.get(name));
    model.getLayer(holder.name).setWeights(tensors);
  }
}

/** Values of all weights of a model by the graph's names; the inverse of `setModelWeights`. */
export async function modelWeightValues(
  model: tf.LayersModel,
  graph: Graph,
): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const node of graph.nodes) {
    const holder = layersOf(node).find((call) => call.holdsWeights);
    if (holder === undefined) continue;
    const tensors = model.getLayer(holder.name).getWeights();
    for (const [at, { name }] of weightsOf(graph, node).entries()) {
      values.set(name, Float32Array.from(await tensors[at]!.data<'float32'>()));
    }
  }
  return values;
}

function applyNode(
  graph: Graph,
  node: GraphNode,
  values: ReadonlyMap<NodeId, tf.SymbolicTensor>,
): tf.SymbolicTensor {
  if (node.op.kind === 'input') {
    const input = graph.inputs.find((each) => each.node === node.id);
    const shape = [fixedSize(input?.height), fixedSize(input?.width), node.op.channels];
    return tf.input({ name: layerName(node.name), shape });
  }
  const inputs = node.inputs.map((id) => values.get(id)!);
  let value: tf.SymbolicTensor | tf.SymbolicTensor[] = inputs.length === 1 ? inputs[0]! : inputs;
  for (const call of layersOf(node)) value = makeLayer(call).apply(value) as tf.SymbolicTensor;
  return value as tf.SymbolicTensor;
}

function makeLayer({ layer, name, config }: LayerCall): tf.layers.Layer {
  if (layer.kind === 'custom') return makeCustomLayer(layer.className, name, config);
  const factories = tf.layers as unknown as Readonly<Record<BuiltinLayer, LayerFactory>>;
  return factories[layer.factory]({ ...config, name });
}

function fixedSize(axis: InputAxis | undefined): number | null {
  return typeof axis === 'number' ? axis : null;
}
