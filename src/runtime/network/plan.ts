import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';

/** One step of a network: a node to compute, and what can be freed afterwards. */
export interface Step {
  readonly node: GraphNode;
  /** True where the step also applies the ReLU that follows a batch norm. */
  readonly fusedRelu: boolean;
  /** The node whose value the step makes: the node itself, or the ReLU drawn into it. */
  readonly makes: NodeId;
  /** Values that no later step reads and that are no output. */
  readonly frees: readonly NodeId[];
}

/** The steps of a graph in order, without the input. */
export function planSteps(graph: Graph): readonly Step[] {
  const readers = readersOf(graph);
  const outputs = new Set(graph.outputs.map((output) => output.node));
  const fused = new Set<NodeId>();
  const planned: Omit<Step, 'frees'>[] = [];
  for (const node of graph.nodes) {
    if (node.op.kind === 'input' || fused.has(node.id)) continue;
    const relu = outputs.has(node.id) ? undefined : fusibleRelu(graph, node, readers);
    if (relu !== undefined) fused.add(relu);
    planned.push({ node, fusedRelu: relu !== undefined, makes: relu ?? node.id });
  }

  const lastReader = new Map<NodeId, number>();
  planned.forEach(({ node, makes }, at) => {
    lastReader.set(makes, at);
    for (const input of node.inputs) lastReader.set(input, at);
  });
  return planned.map((step, at) => {
    const candidates = new Set([...step.node.inputs, step.makes]);
    const frees = [...candidates].filter((id) => lastReader.get(id) === at && !outputs.has(id));
    return { ...step, frees };
  });
}

/** The ReLU that reads a batch norm, if nothing else does. */
function fusibleRelu(
  graph: Graph,
  node: GraphNode,
  readers: ReadonlyMap<NodeId, readonly NodeId[]>,
): NodeId | undefined {
  const only = readers.get(node.id);
  if (node.op.kind !== 'batch_norm' || only?.length !== 1) return undefined;
  const reader = graph.nodes[only[0]!]!;
  return reader.op.kind === 'activation' && reader.op.function === 'relu' ? reader.id : undefined;
}

function readersOf(graph: Graph): ReadonlyMap<NodeId, readonly NodeId[]> {
  const readers = new Map<NodeId, NodeId[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      const present = readers.get(input);
      if (present) present.push(node.id);
      else readers.set(input, [node.id]);
    }
  }
  return readers;
}
