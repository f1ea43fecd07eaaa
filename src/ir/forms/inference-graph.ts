import { mainOutputOf, outputsOf } from '../graph-heads.js';
import type { Graph, GraphHead, GraphNode, GraphOutput, NodeId } from '../graph.js';
import { activationOf } from '../head-activation.js';
import type { Op } from '../operations/ops.js';
import { withoutUnused } from './prune.js';
import type { HeadLosses } from '../recipe.js';

/**
 * The graph that predicts: one output for each head, its main one or the mean of
 * the probabilities of all; no dropout, and nothing that only supervised outputs
 * need. Weights keep their names.
 */
export function inferenceGraph(graph: Graph, losses: HeadLosses): Graph {
  const draft = new Draft(graph);
  const outputs = graph.heads.map((head) =>
    head.prediction === 'average' ? averageOf(draft, head, losses) : mainOutputOf(graph, head),
  );
  return finish(draft, outputs);
}

/** The name of the mean of a head's outputs in `evaluationGraph`. */
export const averageName = (head: GraphHead): string => `${head.name}/average`;

/**
 * As the inference graph, with the outputs of one head beside it: each alone,
 * called `<head>/<output>`, and their mean.
 */
export function evaluationGraph(graph: Graph, losses: HeadLosses, head: GraphHead): Graph {
  const draft = new Draft(graph);
  const average = averageOf(draft, head, losses);
  const predicted = head.prediction === 'average' ? average : mainOutputOf(graph, head);
  const alone = outputsOf(graph, head).map((output) => ({
    ...output,
    name: `${head.name}/${output.name}`,
  }));
  return finish(draft, [predicted, ...alone, { ...average, name: averageName(head) }]);
}

/** A graph that grows at its end. */
class Draft {
  readonly nodes: GraphNode[];

  constructor(readonly graph: Graph) {
    this.nodes = [...graph.nodes];
  }

  add(name: string, op: Op, inputs: readonly NodeId[]): NodeId {
    const id = this.nodes.length;
    const { channels, origin } = this.nodes[inputs[0]!]!;
    const at = { scope: 0, origin, isFrozen: false };
    const tensor = { name, madeBy: { kind: 'head' } } as const;
    this.nodes.push({ id, name, tensor, op, inputs, channels, ...at });
    return id;
  }
}

/** The mean of the probabilities of a head's outputs. */
function averageOf(draft: Draft, head: GraphHead, losses: HeadLosses): GraphOutput {
  const { graph } = draft;
  const outputs = outputsOf(graph, head);
  const main = mainOutputOf(graph, head);
  const values = activationOf(main, graph.nodes[main.node]!.channels, losses[head.name]!);
  const activation: Op =
    values === 'softmax' ? { kind: 'softmax' } : { kind: 'activation', function: 'sigmoid' };
  const probabilities = outputs.map((output) =>
    output.values === 'logits'
      ? draft.add(`${output.name}/probability`, activation, [output.node])
      : output.node,
  );
  const node = draft.add(`${head.name}/average`, { kind: 'average' }, probabilities);
  return { ...main, node, values };
}

/** Takes out dropout, and what reaches no output. */
function finish({ graph, nodes }: Draft, outputs: readonly GraphOutput[]): Graph {
  const sources: NodeId[] = [];
  for (const { id, op, inputs } of nodes) {
    sources.push(op.kind === 'dropout' ? sources[inputs[0]!]! : id);
  }
  const source = (id: NodeId): NodeId => sources[id] ?? id;
  const kept = new Set(outputs.map(({ name }) => name));
  const heads = graph.heads
    .filter(({ name }) => kept.has(name))
    .map((head): GraphHead => {
      return { ...head, outputs: [head.name], weights: [1], prediction: 'main' };
    });
  const rewired: Graph = {
    ...graph,
    nodes: nodes.map((node) => ({ ...node, inputs: node.inputs.map(source) })),
    scopes: graph.scopes.map((scope) => ({
      ...scope,
      inputs: scope.inputs.map(source),
      output: source(scope.output),
    })),
    outputs: outputs.map((output) => ({ ...output, node: source(output.node) })),
    heads,
  };
  return withoutUnused(rewired);
}
