import type { Graph, GraphNode } from '../graph.js';
import { rulesOf } from './operation-rules.js';
import type { Op } from './ops.js';
import type { Weight } from './rules.js';

export type { RandomStart, Weight, WeightAxis, WeightRole } from './rules.js';

/** Whether operations like this one have weights. */
export const holdsWeights = (op: Op): boolean => rulesOf(op).weights(op, 1).length > 0;

/** What the weights of a node are called by: its own name, or that of a shared operation. */
export const weightsName = ({ name, sharedName }: Pick<GraphNode, 'name' | 'sharedName'>): string =>
  sharedName ?? name;

/** The nodes with weights; of those that share some, the first. */
export function weightOwners({ nodes }: Pick<Graph, 'nodes'>): readonly GraphNode[] {
  const seen = new Set<string>();
  return nodes.filter((node) => {
    if (!holdsWeights(node.op)) return false;
    if (node.sharedName === undefined) return true;
    const isFirst = !seen.has(node.sharedName);
    seen.add(node.sharedName);
    return isFirst;
  });
}

/** The weights of one node, in the order of `OperationRules.weights`; those of a frozen node are not trained. */
export function nodeWeights(graph: Graph, node: GraphNode): readonly Weight[] {
  const channelsIn = graph.nodes[node.inputs[0] ?? -1]?.channels ?? 0;
  return rulesOf(node.op)
    .weights(node.op, channelsIn)
    .map((weight) => ({ ...weight, trainable: weight.trainable && !node.isFrozen }));
}

/** How many numbers a weight has. */
export const sizeOfWeight = ({ axes }: Weight): number =>
  Object.values(axes).reduce((size, length) => size * length, 1);
