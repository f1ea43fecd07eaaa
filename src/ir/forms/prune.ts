import type { Graph, GraphInput, NodeId } from '../graph.js';

/** The nodes that some output is made of. */
export function nodesInUse({
  nodes,
  outputs,
}: Pick<Graph, 'nodes' | 'outputs'>): ReadonlySet<NodeId> {
  const used = new Set<NodeId>();
  const pending = outputs.map((output) => output.node);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (used.has(id)) continue;
    used.add(id);
    pending.push(...(nodes[id]?.inputs ?? []));
  }
  return used;
}

/** The inputs that no output is made of: libraries disagree on what becomes of such. */
export function unreadInputs(graph: Graph): readonly GraphInput[] {
  const used = nodesInUse(graph);
  return graph.inputs.filter(({ node }) => !used.has(node));
}

/**
 * Takes out what reaches no output; inputs stay. Ids are renumbered; scopes that lost
 * all their nodes stay, empty.
 */
export function withoutUnused(graph: Graph): Graph {
  const used = nodesInUse(graph);
  if (used.size === graph.nodes.length) return graph;
  const newIds = new Map<NodeId, NodeId>();
  for (const node of graph.nodes) {
    if (used.has(node.id) || node.op.kind === 'input') newIds.set(node.id, newIds.size);
  }
  const move = (id: NodeId): NodeId => newIds.get(id) ?? -1;
  return {
    ...graph,
    nodes: graph.nodes.flatMap((node) =>
      newIds.has(node.id) ? [{ ...node, id: move(node.id), inputs: node.inputs.map(move) }] : [],
    ),
    scopes: graph.scopes.map((scope) => ({
      ...scope,
      inputs: scope.inputs.map(move),
      output: move(scope.output),
    })),
    inputs: graph.inputs.map((input) => ({ ...input, node: move(input.node) })),
    outputs: graph.outputs.map((output) => ({ ...output, node: move(output.node) })),
  };
}
