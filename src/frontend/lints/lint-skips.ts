import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { callOf } from '../../ir/place.js';
import { describeProvenance } from '../../ir/provenance.js';
import { scalesOf } from '../../ir/scales.js';
import type { Wire } from '../schemes/wire.js';

/**
 * Warns of encoder tensors whose skip was forgotten: nothing reads them but a step
 * down, though the decoder comes back to their size and merges tensors of other
 * levels. Networks without skips are left in peace.
 */
export function lintSkips(graph: Graph, wires: readonly Wire[]): readonly Diagnostic[] {
  const reporter = new Reporter();
  const scales = scalesOf(graph.nodes);
  const readers = readersOf(graph);
  const goesDown = (from: NodeId): boolean =>
    readers[from]!.some((reader) => scales[reader.id]! < scales[from]!);
  const onlyGoesDown = (from: NodeId): boolean =>
    readers[from]!.length > 0 &&
    readers[from]!.every(({ id, op }) => scales[id]! < scales[from]! && op.kind !== 'resize_to');
  const levels = graph.nodes.filter(
    ({ id, name, op, tensor }) => op.kind !== 'input' && name === tensor.name && goesDown(id),
  );
  const isMerged = levels.some(({ id }) => !onlyGoesDown(id));
  if (!isMerged) return [];
  for (const level of levels) {
    const back = graph.nodes.find(
      ({ id, op }) => id > level.id && op.kind === 'concat' && scales[id] === scales[level.id],
    );
    const wire = wires.find(({ name }) => name === level.name);
    if (!onlyGoesDown(level.id) || back === undefined || wire === undefined) continue;
    // The place of the missing skip is the merge, unless a line of the spec makes the tensor.
    const isLine = wire.madeBy.kind === 'wire';
    const what = describeProvenance(wire.madeBy);
    const merge = callOf(graph, back);
    reporter.report(
      'lost-skip',
      { name: level.name, node: back.tensor.name },
      {
        at: isLine ? wire.nameSpan : merge,
        labels: isLine
          ? [{ span: merge, text: 'the merge at its size' }]
          : [{ span: callOf(graph, level), text: `makes "${level.name}", the ${what}` }],
        notes: isLine ? [] : [`"${level.name}" is the ${what}.`],
        help: [`Merge "${level.name}" there, or leave it as it is if no skip is meant.`],
      },
    );
  }
  return reporter.diagnostics;
}

function readersOf(graph: Graph): readonly (readonly GraphNode[])[] {
  const readers: GraphNode[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const input of node.inputs) readers[input]!.push(node);
  for (const { node } of graph.outputs) readers[node]!.push(graph.nodes[node]!);
  return readers;
}
