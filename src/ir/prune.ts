import type { Reporter } from '../diagnostics/report.js';
import type { Graph, GraphNode, NodeId } from './graph.js';
import { describeProvenance } from './provenance.js';
import type { Wire } from './schemes/wire.js';

/**
 * Takes out what reaches no head, with a warning for the last tensor of each
 * dead end that is not quiet. Ids are renumbered; scopes that lost all their nodes stay, empty.
 */
export function pruneUnused(
  graph: Graph,
  wires: readonly Wire[],
  isQuiet: (node: GraphNode) => boolean,
  reporter: Reporter,
): Graph {
  const alive = new Set<NodeId>();
  const pending = graph.outputs.map((output) => output.node);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (alive.has(id)) continue;
    alive.add(id);
    pending.push(...(graph.nodes[id]?.inputs ?? []));
  }
  const read = new Set(graph.nodes.flatMap((node) => node.inputs));
  const warned = new Set<string>();
  const wireOf = new Map(wires.toReversed().map((wire) => [wire.name, wire]));
  for (const node of graph.nodes) {
    if (alive.has(node.id) || read.has(node.id) || isQuiet(node)) continue;
    warn(node);
  }
  if (alive.size === graph.nodes.length) return graph;

  const newIds = new Map<NodeId, NodeId>();
  for (const node of graph.nodes) {
    if (alive.has(node.id) || node.op.kind === 'input') newIds.set(node.id, newIds.size);
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

  function warn(node: GraphNode): void {
    // One warning for each place in the spec, however often its block is called.
    const place = `${node.origin.start}-${node.origin.end}`;
    const wire = wireOf.get(node.tensor.name);
    if (warned.has(place)) return;
    warned.add(place);
    reporter.report(
      'unused-tensor',
      { name: node.name },
      {
        at: wire !== undefined && wire.name === node.name ? wire.nameSpan : node.origin,
        notes:
          wire === undefined || wire.madeBy.kind === 'wire'
            ? []
            : [`"${wire.name}" is the ${describeProvenance(wire.madeBy)}.`],
        help: ['Use it in a merge or a head, or take it out.'],
      },
    );
  }
}
