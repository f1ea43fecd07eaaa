import { costOf } from '../../ir/reports/cost.js';
import type { GraphNode, NodeId } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import { isResampling } from '../../ir/operations/operation-rules.js';
import type { Pair } from '../../ir/operations/ops.js';
import { walkSizes } from '../../ir/sizes/concrete.js';
import { describeSize } from '../../ir/sizes/describe.js';
import { exampleSize } from '../../ir/sizes/sizes.js';
import { keptNodes, labelsOf, type DrawnModel } from './kept-nodes.js';
import { columnsOf, rowsOf } from './lattice-places.js';
import { isOutput, type Arrow, type ArrowKind, type Box, type Picture } from './picture.js';
import { sourcesOf } from './sources.js';

/**
 * The picture of a model: a box for the image, every level of the encoder, every node
 * of the decoder and every output; what lies between them becomes arrows. Networks of
 * wires have a box for every named tensor that does more than resample.
 *
 * @param size the input size to show sizes at; symbols without it.
 */
export function describePicture(
  { graph, sizes, unfolded }: DrawnModel,
  size: Pair | undefined,
): Picture {
  const example: Pair = size ?? [exampleSize(sizes.height) ?? 256, exampleSize(sizes.width) ?? 256];
  const walk = walkSizes(graph, ...example);
  const cost = costOf(graph, walk.heights, walk.widths);
  const kept = keptNodes(graph, unfolded);
  const found = [...kept.keys()].map((id) => ({ id, ...sourcesOf(graph, id, kept) }));
  const rows = rowsOf(sizes, kept, found);
  const columns = columnsOf(found, kept, rows);
  const outputs = new Map(graph.outputs.map(({ node, name }) => [node, name]));
  const nameOf = (id: NodeId): string => outputs.get(id) ?? graph.nodes[id]!.name;
  const labels = labelsOf(graph, unfolded, kept);
  const boxes = found.map(({ id, own }): Box => {
    const node = graph.nodes[id]!;
    return {
      id: nameOf(id),
      label: outputs.get(id) ?? labels.get(id) ?? nameOf(id).split('/').at(-1)!,
      kind: kept.get(id)!,
      channels: node.channels,
      size:
        size === undefined
          ? [describeSize(sizes.height, id), describeSize(sizes.width, id)]
          : [String(walk.heights[id] ?? '?'), String(walk.widths[id] ?? '?')],
      pixels: [walk.heights[id] ?? 1, walk.widths[id] ?? 1],
      row: rows.get(id)!,
      column: columns.get(id),
      operations: own.map(({ op }) => operationWord(op)).join(', '),
      parameters: own.reduce((sum, each) => sum + cost.nodes[each.id]!.parameters, 0),
    };
  });
  const arrows = found.flatMap(({ id, sources }) =>
    sources.map(({ from, way }): Arrow => ({
      from: nameOf(from),
      to: nameOf(id),
      kind: kindOf(from, id, way, sources.length === 1),
      by: way
        .filter(({ op }) => isResampling(op))
        .map(({ op }) => operationWord(op))
        .join(', '),
    })),
  );
  return {
    model: graph.model,
    doc: graph.doc,
    at: size === undefined ? undefined : `${size[0]} x ${size[1]}`,
    rows: Math.max(...boxes.map(({ row }) => row)) + 1,
    boxes,
    arrows,
    parameters: cost.parameters,
  };

  function kindOf(from: NodeId, to: NodeId, way: readonly GraphNode[], isOnly: boolean): ArrowKind {
    const [source, target] = [kept.get(from)!, kept.get(to)!];
    if (source === 'classification') return 'gate';
    if (isOutput(target)) return 'head';
    const [above, below] = [rows.get(from)!, rows.get(to)!];
    if (above > below) return 'up';
    if (above < below) return target === 'encoder' ? 'descent' : 'down';
    if (isOnly || target === 'encoder') return 'stage';
    return way.some(({ op }) => op.kind === 'multiply') ? 'gated' : 'skip';
  }
}
