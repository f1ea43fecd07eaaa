import type { Graph, GraphNode, NodeId } from '../graph.js';
import type { Axis } from '../operations/axis-rules.js';
import { rulesOf } from '../operations/operation-rules.js';
import type { PixelReach, PixelSizes } from '../operations/pixel-reach.js';
import { walkAxis } from './concrete.js';

/** What is known of a node's reach; `unbounded` names the operation that reads more than a neighbourhood. */
export type Reach =
  | ({ readonly kind: 'bounded' } & PixelReach)
  | { readonly kind: 'unbounded'; readonly node: GraphNode };

type Measure = (sizes: PixelSizes) => number;

/**
 * The reach of a node such that it holds in an input of `whole` pixels and in
 * any window of `part` pixels of it: then a window that begins at a multiple of
 * the axis' modulus gives what the whole input gives, wherever the reach stays
 * inside the window. Unbounded where an operation depends on more: on means over
 * the image, or on sizes in another way than by steps (`align_corners`, crops
 * that grow with the image). Both sizes must be legal.
 *
 * Intervals are propagated forwards as in receptive fields (Araujo et al. 2019),
 * but with their two ends apart, since paddings and crops are not symmetric.
 */
export function reachOf(
  graph: Graph,
  axis: Axis,
  node: NodeId,
  whole: number,
  part: number,
): Reach {
  const known = latest.get(graph)?.[axis];
  if (known?.whole === whole && known.part === part) return known.reaches[node]!;
  const reaches = reachesOf(graph, axis, whole, part);
  const both = latest.get(graph) ?? [undefined, undefined];
  both[axis] = { whole, part, reaches };
  latest.set(graph, both);
  return reaches[node]!;
}

/** The reaches of all nodes, as they were last asked for along each axis: every output asks for its own. */
interface KnownReaches {
  readonly whole: number;
  readonly part: number;
  readonly reaches: readonly Reach[];
}

const latest = new WeakMap<Graph, [KnownReaches | undefined, KnownReaches | undefined]>();

function reachesOf(graph: Graph, axis: Axis, whole: number, part: number): readonly Reach[] {
  const sizes = [whole, part].map((size) => walkAxis(graph, axis, size).sizes);
  const reaches: Reach[] = [];
  for (const each of graph.nodes) reaches.push(next(each));
  return reaches;

  function next(node: GraphNode): Reach {
    const inputs = node.inputs.map((id) => reaches[id]!);
    const unbounded = inputs.find(({ kind }) => kind === 'unbounded');
    if (unbounded !== undefined) return unbounded;
    const known = inputs.filter((reach) => reach.kind === 'bounded');
    const place = { axis, inputs: known, fixed: (value: Measure) => fixed(node, value) };
    const reach = rulesOf(node.op).reads(node.op, place);
    if (reach === undefined) return { kind: 'unbounded', node };
    const { step, before, after } = reach;
    // Pixels that a crop takes off do not come back: what is padded behind it is other than in
    // the whole, so what is right in the window ends with the node itself.
    const [, inPart] = sizes.map((all) => all[node.id]);
    const rest = part - 1 - (inPart! - 1) * step;
    return { kind: 'bounded', step, before: Math.max(before, 0), after: Math.max(after, rest) };
  }

  /** A number of a node's sizes, where it is one and the same for the whole and the part. */
  function fixed(node: GraphNode, measure: Measure): number | undefined {
    const [one, other] = sizes.map((all) =>
      measure({ inputs: node.inputs.map((id) => all[id]!), output: all[node.id]! }),
    );
    return one !== undefined && Math.abs(one - other!) < 1e-9 ? one : undefined;
  }
}
