import type { Graph, GraphNode, NodeId } from '../graph.js';
import { followsSize } from '../operations/operation-rules.js';
import type { Edges, Op, Pair } from '../operations/ops.js';
import type { AxisAnalysis, Form } from '../sizes/analysis.js';
import { nodeSizes } from '../sizes/node-sizes.js';
import { analyseSizes, type SizeAnalysis } from '../sizes/sizes.js';
import { holdsWeights } from '../operations/weights.js';

/**
 * The graph with plainer operations where one that takes the size of another tensor
 * does the same at every legal size: `crop_to` that always cuts the same edges,
 * `pad_to` that always adds the same, `resize_to` that always enlarges by the same
 * whole factor. Every library can say these.
 */
export function withConstantResizing(graph: Graph): Graph {
  if (!graph.nodes.some(({ op }) => followsSize(op))) return graph;
  const analysis = analyseSizes(graph);
  if (analysis.kind !== 'sizes') return graph;
  const nodes = graph.nodes.map((node) => {
    const op = plainer(node, analysis.sizes);
    if (op === undefined) return node;
    // Calls of a shared instance may differ in what is the same at every size.
    const { sharedName: _, ...own } = node;
    return { ...own, op, inputs: node.inputs.slice(0, 1) };
  });
  const result = { ...graph, nodes };
  return keepsWeights(result) ? result : graph;
}

function plainer({ op, inputs }: GraphNode, { height, width }: SizeAnalysis): Op | undefined {
  const [from, to] = inputs as [NodeId, NodeId];
  switch (op.kind) {
    case 'crop_to': {
      const halve = (cut: number): readonly [number, number] => {
        const half = Math.floor(cut / 2);
        const isUp = op.rounding === 'half_even' && cut % 2 === 1 && half % 2 === 1;
        const before = isUp ? half + 1 : half;
        return [before, cut - before];
      };
      const edges = edgesOf(difference(height, to, from), difference(width, to, from), halve);
      return edges && { kind: 'crop', edges };
    }
    case 'pad_to': {
      const halve = (added: number): readonly [number, number] => {
        const before = Math.floor(added / 2);
        return [before, added - before];
      };
      const edges = edgesOf(difference(height, from, to), difference(width, from, to), halve);
      return edges && { kind: 'pad', edges, mode: 'zero' };
    }
    case 'resize_to': {
      const factor = [quotient(height, from, to), quotient(width, from, to)];
      if (factor.includes(undefined)) return undefined;
      if (factor[0] === 1 && factor[1] === 1) return { kind: 'concat' };
      // By whole factors the other coordinates repeat pixels evenly; these do not.
      if (op.method === 'nearest' && op.coordinates === 'align_corners') return undefined;
      return { ...op, kind: 'upsample', factor: factor as unknown as Pair };
    }
    default:
      return undefined;
  }
}

function edgesOf(
  rows: number | undefined,
  columns: number | undefined,
  halve: (pixels: number) => readonly [number, number],
): Edges | undefined {
  if (rows === undefined || columns === undefined) return undefined;
  const [[top, bottom], [left, right]] = [halve(rows), halve(columns)];
  return { top, bottom, left, right };
}

/** By how many pixels the second tensor is larger along an axis; undefined where that depends on the size. */
function difference(axis: AxisAnalysis, first: NodeId, second: NodeId): number | undefined {
  const all = sizesOf(axis, first, second).map(([small, large]) =>
    small.slope === large.slope ? large.offset - small.offset : undefined,
  );
  return same(all);
}

/** How many times the second tensor is larger along an axis; undefined where that is no one whole number. */
function quotient(axis: AxisAnalysis, first: NodeId, second: NodeId): number | undefined {
  const all = sizesOf(axis, first, second).map(([small, large]) => {
    const factor = small.slope === 0 ? large.offset / small.offset : large.slope / small.slope;
    return large.offset === factor * small.offset && large.slope === factor * small.slope
      ? factor
      : undefined;
  });
  const factor = same(all);
  return factor !== undefined && Number.isInteger(factor) && factor > 0 ? factor : undefined;
}

/** Both sizes for each residue. */
function sizesOf(
  axis: AxisAnalysis,
  first: NodeId,
  second: NodeId,
): readonly (readonly [Form, Form])[] {
  const others = nodeSizes(axis, second);
  return nodeSizes(axis, first).map((size, at) => [size, others[at]!] as const);
}

function same(values: readonly (number | undefined)[]): number | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** Whether every node with weights still reaches an output: a size may be all that was read of it. */
function keepsWeights({ nodes, outputs }: Graph): boolean {
  const reached = new Set<NodeId>(outputs.map(({ node }) => node));
  for (const node of [...nodes].reverse()) {
    if (reached.has(node.id)) for (const input of node.inputs) reached.add(input);
  }
  return nodes.every(({ id, op }) => reached.has(id) || !holdsWeights(op));
}
