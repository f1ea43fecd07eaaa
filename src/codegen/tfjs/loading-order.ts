import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { layersInOrder, type CallOfLayer } from '../layer-order.js';

/** A call of a layer by the layer's name. */
type Call = CallOfLayer<string>;

/**
 * The nodes of a graph in the order in which TensorFlow.js calls its layers when it loads the
 * model. It counts the calls of a layer as it makes them, and makes those first whose inputs
 * are there: where calls of a shared layer were saved in another order, one would be taken for
 * the other.
 *
 * @param layersOf the names of the layers of a node, the last of which makes its value, each
 *   with what it reads: layers of the node by their number, or the node's inputs.
 */
export function inLoadingOrder(
  graph: Graph,
  layersOf: (node: GraphNode) => readonly LayerReads[],
): Graph {
  if (graph.nodes.every(({ sharedName }) => sharedName === undefined)) return graph;
  const made = new Map<NodeId, Call>();
  const calls: Call[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => made.get(id)!);
    const own: Call[] = [];
    for (const { name, reads } of layersOf(node)) {
      own.push({
        layer: name,
        inputs: reads.flatMap((read) => (read === 'inputs' ? inputs : own[read]!)),
      });
    }
    calls.push(...own);
    made.set(node.id, own.at(-1)!);
  }
  const layers = layersInOrder(graph.outputs.map(({ node }) => made.get(node)!));
  const places = new Map(loadedCalls(layers, calls).map((call, at) => [call, at]));
  const placeOf = ({ id }: GraphNode): number => places.get(made.get(id)!)!;
  return withOrder(
    graph,
    [...graph.nodes].sort((one, other) => placeOf(one) - placeOf(other)),
  );
}

/** What a layer of a node is called, and what it reads. */
export interface LayerReads {
  readonly name: string;
  readonly reads: readonly ('inputs' | number)[];
}

/** Calls in the order of loading: layer by layer, again and again, those whose inputs are made. */
function loadedCalls(layers: readonly string[], calls: readonly Call[]): readonly Call[] {
  const waiting = new Map<string, readonly Call[]>();
  for (const call of calls) waiting.set(call.layer, [...(waiting.get(call.layer) ?? []), call]);
  const loaded = new Set<Call>();
  // What no output needs is no part of the model, and stays behind.
  for (let before = -1; loaded.size > before;) {
    before = loaded.size;
    for (const layer of layers) {
      const own = waiting.get(layer);
      if (own === undefined) continue;
      const left = own.filter((call) => {
        const isReady = call.inputs.every((input) => loaded.has(input));
        if (isReady) loaded.add(call);
        return !isReady;
      });
      if (left.length === 0) waiting.delete(layer);
      else waiting.set(layer, left);
    }
  }
  return [...loaded, ...calls.filter((call) => !loaded.has(call))];
}

/** The graph with its nodes in another order, in which each still follows its inputs. */
function withOrder(graph: Graph, nodes: readonly GraphNode[]): Graph {
  const places = new Map(nodes.map(({ id }, at) => [id, at]));
  const move = (id: NodeId): NodeId => places.get(id) ?? -1;
  return {
    ...graph,
    nodes: nodes.map((node, id) => ({ ...node, id, inputs: node.inputs.map(move) })),
    scopes: graph.scopes.map((scope) => ({
      ...scope,
      inputs: scope.inputs.map(move),
      output: move(scope.output),
    })),
    inputs: graph.inputs.map((input) => ({ ...input, node: move(input.node) })),
    outputs: graph.outputs.map((output) => ({ ...output, node: move(output.node) })),
  };
}
