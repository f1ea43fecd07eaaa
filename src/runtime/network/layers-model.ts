import * as tf from '../tensorflow.js';
import type { Graph, GraphNode, InputAxis, NodeId } from '../../ir/graph.js';
import { layerName } from '../../codegen/tfjs/layer-names.js';
import { inLoadingOrder } from '../../codegen/tfjs/loading-order.js';
import type { LayerConfig } from '../../codegen/tfjs/layers.js';
import { plainLayersOf, type PlainLayer } from '../../codegen/tfjs/plain-layers.js';
import type { WeightSpec } from '../../codegen/tfjs/weights.js';
import { makeCustomLayer } from '../layers/custom-layers.js';
import { exportedGraph, weightsByLayer } from './model-layers.js';
import type { WeightStore } from './weights.js';

type LayerFactory = (config: { readonly name: string }) => tf.layers.Layer;

/**
 * The graph as a `tf.LayersModel` for prediction: the form in which a network is saved
 * and handed to others. Its kernels are drawn as the spec says, or are 0 for those who
 * set them next: drawing millions takes seconds. It is made of layers that
 * TensorFlow.js has where those give the same, which do not all train as they should.
 * Inputs of unnamed sizes and all
 * outputs keep their order; the layer of a node carries the node's name, and a shared
 * operation is one layer that is called several times.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { compile } from 'unetc';
 * import { buildLayersModel, startEngine } from 'unetc/runtime';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * await startEngine('wasm');
 * const model = buildLayersModel(compile({ text }).models[0]!.graph);
 * const mask = model.predict(tf.zeros([1, 32, 48, 1])) as tf.Tensor;
 * console.log(mask.shape.join(' x '), model.countParams());
 * ```
 *
 * ```text
 * 1 x 32 x 48 x 1 49
 * ```
 */
export function buildLayersModel(
  ofSpec: Graph,
  kernels: 'drawn' | 'zero' = 'drawn',
): tf.LayersModel {
  const graph = inOrder(exportedGraph(ofSpec));
  const makeOne =
    kernels === 'drawn' ? makeLayer : (call: PlainLayer) => withoutDrawing(makeLayer(call));
  // Calls of a shared operation name the same layer.
  const layers = new Map<string, tf.layers.Layer>();
  const make = (call: PlainLayer): tf.layers.Layer => {
    const layer = layers.get(call.name) ?? makeOne(call);
    layers.set(call.name, layer);
    return layer;
  };
  const values = new Map<NodeId, tf.SymbolicTensor>();
  for (const node of graph.nodes) values.set(node.id, applyNode(graph, node, values, make));
  return tf.model({
    name: graph.model,
    inputs: graph.inputs.map((input) => values.get(input.node)!),
    outputs: graph.outputs.map((output) => values.get(output.node)!),
  });
}

/**
 * Copies the weights of a store into the layers of the same graph's model, or of the
 * model that an emitted module builds. Layers may have other shapes for them, never
 * another order of values.
 */
export function setModelWeights(model: tf.LayersModel, graph: Graph, weights: WeightStore): void {
  for (const { layer, specs } of weightLayers(model, graph)) {
    tf.tidy(() => {
      const shapes = layer.getWeights().map(({ shape }) => shape);
      layer.setWeights(specs.map(({ name }, at) => tf.reshape(weights.get(name), shapes[at]!)));
    });
  }
}

/** A layer, and the weights of the graph that it holds, in its order. */
export interface WeightLayer {
  readonly layer: tf.layers.Layer;
  readonly specs: readonly WeightSpec[];
}

/** The layers of a graph's model that hold weights, in node order. */
export function weightLayers(model: tf.LayersModel, graph: Graph): readonly WeightLayer[] {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  return weightsByLayer(graph, byName).map(({ layer, specs }) => ({
    layer: byName.get(layer)!,
    specs,
  }));
}

/** The graph's name of each weight of its model, by the name that TensorFlow.js saves it under. */
export function savedWeightNames(model: tf.LayersModel, graph: Graph): ReadonlyMap<string, string> {
  return new Map(
    weightLayers(model, graph).flatMap(({ layer, specs }) =>
      specs.map(({ name }, at): [string, string] => [layer.weights[at]!.originalName, name]),
    ),
  );
}

/** The graph in the order in which a saved model is loaded. */
const inOrder = (graph: Graph): Graph =>
  inLoadingOrder(graph, (node) =>
    node.op.kind === 'input'
      ? [{ name: layerName(node.name), reads: [] }]
      : plainLayersOf(graph, node).map(({ name, reads }) => ({
          name,
          reads: reads === 'inputs' ? ['inputs'] : reads,
        })),
  );

function applyNode(
  graph: Graph,
  node: GraphNode,
  values: ReadonlyMap<NodeId, tf.SymbolicTensor>,
  make: (call: PlainLayer) => tf.layers.Layer,
): tf.SymbolicTensor {
  if (node.op.kind === 'input') {
    const input = graph.inputs.find((each) => each.node === node.id);
    const shape = [fixedSize(input?.height), fixedSize(input?.width), node.op.channels];
    return tf.input({ name: layerName(node.name), shape });
  }
  const inputs = node.inputs.map((id) => values.get(id)!);
  const made: tf.SymbolicTensor[] = [];
  for (const call of plainLayersOf(graph, node)) {
    const reads = call.reads === 'inputs' ? ['inputs' as const] : call.reads;
    const taken = reads.flatMap((read) => (read === 'inputs' ? inputs : made[read]!));
    const layer = make(call);
    made.push(layer.apply(taken.length === 1 ? taken[0]! : taken) as tf.SymbolicTensor);
  }
  return made.at(-1)!;
}

function makeLayer({ layer, name, config }: PlainLayer): tf.layers.Layer {
  // Classes of our own take the plain values of `layersOf`, and only those.
  if (layer.kind === 'custom') return makeCustomLayer(layer.className, name, config as LayerConfig);
  const factories = tf.layers as unknown as Readonly<Record<string, LayerFactory>>;
  return factories[layer.factory]!({ ...config, name });
}

/** The layer with kernels that start at 0; its configuration still names its initializer. */
function withoutDrawing(layer: tf.layers.Layer): tf.layers.Layer {
  const { kernelInitializer, depthwiseInitializer } = layer as unknown as Drawing;
  for (const initializer of [kernelInitializer, depthwiseInitializer]) {
    if (initializer !== undefined) initializer.apply = (shape, dtype) => tf.zeros(shape, dtype);
  }
  return layer;
}

/** What layers of TensorFlow.js draw their kernels with. */
type Drawing = Readonly<
  Partial<Record<'kernelInitializer' | 'depthwiseInitializer', { apply: Apply }>>
>;
type Apply = (shape: number[], dtype?: tf.DataType) => tf.Tensor;

function fixedSize(axis: InputAxis | undefined): number | null {
  return typeof axis === 'number' ? axis : null;
}
