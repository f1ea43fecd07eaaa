import { mainOutputOf, outputsOf } from '../graph-heads.js';
import type { Graph, GraphHead, GraphNode, GraphOutput, NodeId } from '../graph.js';
import { activationOf, type HeadActivation } from '../head-activation.js';
import type { Op } from '../operations/ops.js';
import { withoutUnused } from './prune.js';
import type { HeadLosses, LossExpression } from '../recipe.js';

/**
 * The graph that predicts: one output for each head, its main one or the mean of
 * the probabilities of all; no dropout, and nothing that only supervised outputs
 * need. Weights keep their names.
 */
export function inferenceGraph(graph: Graph, losses: HeadLosses): Graph {
  const draft = new Draft(graph);
  return finish(
    draft,
    graph.heads.map((head) => predictionOf(draft, head, losses)),
  );
}

/** The same, with probabilities at every output: heads that give logits end in their sigmoid or softmax. */
export function probabilityGraph(graph: Graph, losses: HeadLosses): Graph {
  const draft = new Draft(graph);
  const outputs = graph.heads.map((head) =>
    probabilityOf(draft, predictionOf(draft, head, losses), losses[head.name]!),
  );
  return finish(draft, outputs);
}

/** The name of the mean of a head's outputs in `evaluationGraph`. */
export const averageName = (head: GraphHead): string => `${head.name}/average`;

/**
 * The probabilities of one head, of each of its outputs alone, called `<head>/<output>`, and
 * their mean; and what other heads predict.
 */
export function evaluationGraph(
  graph: Graph,
  losses: HeadLosses,
  head: GraphHead,
  others: readonly GraphHead[],
): Graph {
  const draft = new Draft(graph);
  const loss = losses[head.name]!;
  const average = averageOf(draft, head, losses);
  const predicted =
    head.prediction === 'average' ? average : probabilityOf(draft, mainOutputOf(graph, head), loss);
  const alone = outputsOf(graph, head).map((output) => ({
    ...probabilityOf(draft, output, loss),
    name: `${head.name}/${output.name}`,
  }));
  const beside = others.map((other) =>
    probabilityOf(draft, predictionOf(draft, other, losses), losses[other.name]!),
  );
  return finish(draft, [predicted, ...alone, { ...average, name: averageName(head) }, ...beside]);
}

/** A graph that grows at its end. */
class Draft {
  readonly nodes: GraphNode[];
  /** The probabilities that were made of logits, by their node. */
  readonly probabilities = new Map<NodeId, NodeId>();

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

/** What a head predicts: its main output, or the mean of all. */
const predictionOf = (draft: Draft, head: GraphHead, losses: HeadLosses): GraphOutput =>
  head.prediction === 'average' ? averageOf(draft, head, losses) : mainOutputOf(draft.graph, head);

/** The mean of the probabilities of a head's outputs. */
function averageOf(draft: Draft, head: GraphHead, losses: HeadLosses): GraphOutput {
  const { graph } = draft;
  const loss = losses[head.name]!;
  const output = mainOutputOf(graph, head);
  const main = probabilityOf(draft, output, loss);
  const activation = activationOf(output, graph.nodes[output.node]!.channels, loss);
  // What makes probabilities of the main output makes those of all.
  const probabilities = outputsOf(graph, head).map(
    (each) => probabilityOf(draft, each, loss, activation).node,
  );
  const node = draft.add(`${head.name}/average`, { kind: 'average' }, probabilities);
  return { ...main, node };
}

/** An output that gives probabilities, or values as they are: itself, or behind the activation that its head's loss takes logits through. */
function probabilityOf(
  draft: Draft,
  output: GraphOutput,
  loss: LossExpression,
  values: HeadActivation = activationOf(output, draft.nodes[output.node]!.channels, loss),
): GraphOutput {
  if (output.values !== 'logits' || values === 'none') return output;
  const activation: Op =
    values === 'softmax' ? { kind: 'softmax' } : { kind: 'activation', function: 'sigmoid' };
  const known = draft.probabilities.get(output.node);
  const node = known ?? draft.add(`${output.name}/probability`, activation, [output.node]);
  draft.probabilities.set(output.node, node);
  return { ...output, node, values };
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
