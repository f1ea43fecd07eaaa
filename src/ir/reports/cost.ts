import type { Graph } from '../graph.js';
import { rulesOf } from '../operations/operation-rules.js';
import type { Pair } from '../operations/ops.js';
import { axisRuleOf, type Axis } from '../operations/axis-rules.js';
import { nodeWeights, sizeOfWeight, weightOwners } from '../operations/weights.js';

/** What one node costs for one image of a stated size. */
export interface NodeCost {
  /** Weights of the node, running statistics included (Keras' total); none where an earlier node has the same. */
  readonly parameters: number;
  readonly trainable: number;
  /** Multiply-adds of convolutions and attention; everything else counts zero, as in papers. */
  readonly macs: number;
  /** float32 bytes of the output, which training keeps. */
  readonly activationBytes: number;
}

export interface GraphCost extends NodeCost {
  readonly nodes: readonly NodeCost[];
}

/** Costs of all nodes, for one image, and their sums. Sizes are those of every node's output. */
export function costOf(
  graph: Graph,
  heights: readonly (number | undefined)[],
  widths: readonly (number | undefined)[],
): GraphCost {
  const pixels = (id: number | undefined): number =>
    id === undefined ? 0 : (heights[id] ?? 0) * (widths[id] ?? 0);
  const owners = new Set(weightOwners(graph));
  const nodes = graph.nodes.map((node): NodeCost => {
    const weights = owners.has(node) ? nodeWeights(graph, node) : [];
    const count = (trainableOnly: boolean): number =>
      weights
        .filter((weight) => weight.trainable || !trainableOnly)
        .reduce((sum, weight) => sum + sizeOfWeight(weight), 0);
    const channelsIn = graph.nodes[node.inputs[0] ?? -1]?.channels ?? 0;
    return {
      parameters: count(false),
      trainable: count(true),
      macs: rulesOf(node.op).multiplyAdds(node.op, {
        channelsIn,
        channelsOut: node.channels,
        pixelsIn: pixels(node.inputs[0]),
        pixelsOut: pixels(node.id),
        pixelsRead: pixels(node.inputs.at(-1)),
      }),
      activationBytes: 4 * pixels(node.id) * node.channels,
    };
  });
  const sum = (key: keyof NodeCost): number => nodes.reduce((total, node) => total + node[key], 0);
  return {
    parameters: sum('parameters'),
    trainable: sum('trainable'),
    macs: sum('macs'),
    activationBytes: sum('activationBytes'),
    nodes,
  };
}

/**
 * Side lengths of the input window that one pixel of each node can see, in
 * input pixels; Infinity after global pooling. A kernel k at step j (input
 * pixels between neighbours) widens the window by (k - 1) j; stride s makes the
 * step s j, up-sampling by s makes it j / s (Araujo et al. 2019).
 */
export function receptiveFields(graph: Graph): readonly Pair[] {
  const vertical = receptiveAxis(graph, 0);
  const horizontal = receptiveAxis(graph, 1);
  return graph.nodes.map((node) => [vertical[node.id]!, horizontal[node.id]!] as const);
}

function receptiveAxis(graph: Graph, axis: Axis): readonly number[] {
  const fields: number[] = [];
  const steps: number[] = [];
  for (const node of graph.nodes) {
    if (node.inputs.length === 0) {
      fields.push(1);
      steps.push(1);
      continue;
    }
    const field = Math.max(...node.inputs.map((input) => fields[input]!));
    const step = Math.min(...node.inputs.map((input) => steps[input]!));
    const rule = axisRuleOf(node.op, axis);
    fields.push(
      rule.kind === 'fixed' ? Infinity : field + (rulesOf(node.op).reach(node.op, axis) - 1) * step,
    );
    const scale = rule.kind === 'step' ? rule.divide / rule.multiply : 1;
    steps.push(step * scale);
  }
  return fields;
}
