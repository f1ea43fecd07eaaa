import type { Graph, GraphHead, GraphOutput, NodeId } from './graph.js';
import { axisRuleOf } from './sizes/axis-rules.js';

/**
 * Whether a tensor has one value a channel for the whole image, as after global
 * pooling, whatever the size of the input.
 */
export function isPerImage(graph: Graph, id: NodeId): boolean {
  const { op, inputs } = graph.nodes[id]!;
  const rule = axisRuleOf(op, 0);
  switch (rule.kind) {
    case 'source':
      return false;
    case 'one':
      return true;
    case 'step':
      return rule.multiply === 1 && rule.after === 0 && isPerImage(graph, inputs[0]!);
    case 'equal':
    case 'gate':
      return inputs.every((input) => isPerImage(graph, input));
    case 'follow':
      return isPerImage(graph, inputs[1]!);
  }
}

/** The outputs of a head, in order. */
export function outputsOf(graph: Graph, head: GraphHead): readonly GraphOutput[] {
  return graph.outputs.filter(({ name }) => head.outputs.includes(name));
}

/** The output that carries a head's name. */
export function mainOutputOf(graph: Graph, head: GraphHead): GraphOutput {
  return graph.outputs.find(({ name }) => name === head.name)!;
}

/** Whether a head judges the whole image, not its pixels. */
export function judgesImages(graph: Graph, head: GraphHead): boolean {
  return isPerImage(graph, mainOutputOf(graph, head).node);
}

/**
 * The head that masks are compared with at full size and that is predicted: the
 * first one that gives a mask.
 */
export function mainHead(graph: Graph): GraphHead {
  return graph.heads.find((head) => !judgesImages(graph, head)) ?? graph.heads[0]!;
}
