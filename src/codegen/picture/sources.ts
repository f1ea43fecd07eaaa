import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { followsSize } from '../../ir/operations/operation-rules.js';
import type { BoxKind } from './picture.js';

/** What a box is made of. */
export interface Sources {
  /** The boxes that it is made of, each with the operations between, those of arrows among them. */
  readonly sources: readonly { readonly from: NodeId; readonly way: readonly GraphNode[] }[];
  /** All operations since those boxes, in order. */
  readonly own: readonly GraphNode[];
}

/** Operations from a box on, each with those that follow: ways of thousands share their ends. */
interface Way {
  readonly node: GraphNode;
  readonly rest: Way | undefined;
}

function nodesOf(way: Way | undefined): readonly GraphNode[] {
  const nodes: GraphNode[] = [];
  for (let at = way; at !== undefined; at = at.rest) nodes.push(at.node);
  return nodes;
}

/** What the box of a node is made of, back to the boxes before it. */
export function sourcesOf(graph: Graph, id: NodeId, kept: ReadonlyMap<NodeId, BoxKind>): Sources {
  const own = new Set<NodeId>();
  const ways = new Map<NodeId, Way | undefined>();
  const pending: { readonly at: NodeId; readonly way: Way | undefined }[] = [
    { at: id, way: undefined },
  ];
  // A list that grows while it is walked: breadth first.
  for (const { at, way } of pending) {
    if (at !== id && kept.has(at)) {
      if (!ways.has(at)) ways.set(at, way);
      continue;
    }
    if (own.has(at)) continue;
    own.add(at);
    const node = graph.nodes[at]!;
    for (const input of dataOf(node)) pending.push({ at: input, way: { node, rest: way } });
  }
  return {
    sources: [...ways].map(([from, way]) => ({ from, way: beforeMerge(nodesOf(way)) })),
    own: [...own].sort((a, b) => a - b).map((each) => graph.nodes[each]!),
  };
}

/** What flows into an operation: not the tensor that only tells which size to take. */
export function dataOf({ op, inputs }: GraphNode): readonly NodeId[] {
  return followsSize(op) ? inputs.slice(0, 1) : inputs;
}

/** What a tensor passes before it is merged with others. */
function beforeMerge(way: readonly GraphNode[]): readonly GraphNode[] {
  const merge = way.findIndex(({ op }) => op.kind === 'concat');
  return merge === -1 ? way : way.slice(0, merge);
}
