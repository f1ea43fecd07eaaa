import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';

/** One step of a network: a node to compute, and what can be freed afterwards. */
export interface Step {
  readonly node: GraphNode;
  /** Nodes that follow and are computed with it, in order. */
  readonly fused: readonly GraphNode[];
  /** The node whose value the step makes: the last fused one, or the node itself. */
  readonly makes: NodeId;
  /** Values that no later step reads and that are no output. */
  readonly frees: readonly NodeId[];
}

/** Whether `next` can be computed together with `node` and what was already fused behind it. */
export type FusionRule = (node: GraphNode, fused: readonly GraphNode[], next: GraphNode) => boolean;

/**
 * The steps of a graph in order, without the input. A node is offered to the
 * rule where it alone reads the value before it, and that value is not an output.
 */
export function planSteps(graph: Graph, mayFuse: FusionRule): readonly Step[] {
  const readers = readersOf(graph);
  const outputs = new Set(graph.outputs.map((output) => output.node));
  const done = new Set<NodeId>();
  const planned: Omit<Step, 'frees'>[] = [];
  for (const node of graph.nodes) {
    if (node.op.kind === 'input' || done.has(node.id)) continue;
    const fused: GraphNode[] = [];
    let makes = node.id;
    for (;;) {
      const reader = outputs.has(makes) ? undefined : onlyReader(graph, readers, makes);
      if (reader === undefined || !mayFuse(node, fused, reader)) break;
      fused.push(reader);
      done.add(reader.id);
      makes = reader.id;
    }
    planned.push({ node, fused, makes });
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

/** Draws a ReLU into the batch norm before it. */
export const fuseNormAndRelu: FusionRule = (node, fused, next) =>
  node.op.kind === 'batch_norm' &&
  fused.length === 0 &&
  next.op.kind === 'activation' &&
  next.op.function === 'relu';

function onlyReader(
  graph: Graph,
  readers: ReadonlyMap<NodeId, readonly NodeId[]>,
  node: NodeId,
): GraphNode | undefined {
  const all = readers.get(node);
  const reader = all?.length === 1 ? graph.nodes[all[0]!] : undefined;
  return reader?.inputs.length === 1 ? reader : undefined;
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
