import type { Graph, GraphNode } from '../graph.js';
import { rulesOf } from './operation-rules.js';
import type { Op } from './ops.js';
import type { RandomStart, WeightDraft, WeightRole } from './rules.js';

export type { RandomStart, WeightRole };

/** One weight tensor of a node; those of a frozen node are not trained. */
export interface WeightSpec extends WeightDraft {
  /** `<node name>/<role>`. */
  readonly name: string;
}

/** Whether operations like this one have weights. */
export const holdsWeights = (op: Op): boolean => rulesOf(op).weights(op, 1).length > 0;

/** The weights of one node in Keras' order: kernel, bias; gamma, beta, moving mean, moving variance. */
export function weightsOf(graph: Graph, node: GraphNode): readonly WeightSpec[] {
  const channelsIn = graph.nodes[node.inputs[0] ?? -1]?.channels ?? 0;
  return rulesOf(node.op)
    .weights(node.op, channelsIn)
    .map((draft) => ({
      name: `${node.name}/${draft.role}`,
      ...draft,
      trainable: draft.trainable && !node.isFrozen,
    }));
}

/** All weights of a graph in node order. */
export function graphWeights(graph: Graph): readonly WeightSpec[] {
  return graph.nodes.flatMap((node) => weightsOf(graph, node));
}
