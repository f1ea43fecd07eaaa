import type { Graph, GraphOutput } from '../../ir/graph.js';
import type { LossExpression } from '../../ir/recipe.js';

/** How the values of a head become probabilities: each channel for itself, or all as exclusive classes. */
export type HeadActivation = 'sigmoid' | 'softmax';

/** A head as losses, metrics and pictures see it. */
export interface Head {
  readonly name: string;
  readonly channels: number;
  /** The classes that masks name: the channels, or background and foreground for one channel. */
  readonly classCount: number;
  readonly activation: HeadActivation;
  /** Whether the network gives probabilities already, or the values before the activation. */
  readonly gives: 'probabilities' | 'logits';
}

/**
 * The heads of a graph, in its order. Logits of one channel pass a sigmoid,
 * those of several a softmax, unless the loss takes channels as independent
 * (`bce`, `bce_iou`).
 */
export function readHeads(graph: Graph, loss: LossExpression): readonly Head[] {
  return graph.outputs.map((output): Head => {
    const channels = graph.nodes[output.node]!.channels;
    const { name } = output;
    const gives = output.values === 'logits' ? 'logits' : 'probabilities';
    const activation = activationOf(output, channels, loss);
    return { name, channels, classCount: Math.max(2, channels), activation, gives };
  });
}

/**
 * The same graph with heads that end before their sigmoid or softmax, so that
 * losses see logits and stay exact where probabilities saturate. Weights keep
 * their names.
 */
export function withLogitHeads(graph: Graph): Graph {
  const outputs = graph.outputs.map((output): GraphOutput => {
    const node = graph.nodes[output.node]!;
    const endsInActivation =
      (output.values === 'sigmoid' &&
        node.op.kind === 'activation' &&
        node.op.function === 'sigmoid') ||
      (output.values === 'softmax' && node.op.kind === 'softmax');
    return endsInActivation ? { ...output, node: node.inputs[0]!, values: 'logits' } : output;
  });
  return { ...graph, outputs };
}

function activationOf(output: GraphOutput, channels: number, loss: LossExpression): HeadActivation {
  switch (output.values) {
    case 'sigmoid':
      return 'sigmoid';
    case 'softmax':
      return 'softmax';
    case 'logits':
      return channels === 1 || takesChannelsAlone(loss) ? 'sigmoid' : 'softmax';
  }
}

function takesChannelsAlone(loss: LossExpression): boolean {
  switch (loss.kind) {
    case 'loss':
      return loss.loss.name === 'bce' || loss.loss.name === 'bce_iou';
    case 'sum':
      return loss.terms.some(takesChannelsAlone);
    case 'scale':
    case 'map':
      return takesChannelsAlone(loss.loss);
  }
}
