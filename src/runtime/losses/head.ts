import type { Graph, GraphOutput } from '../../ir/graph.js';
import { activationOf, type HeadActivation } from '../../ir/head-activation.js';
import { headOfOutput, isPerImage } from '../../ir/graph-heads.js';
import type { HeadLosses, LossExpression } from '../../ir/recipe.js';
import type { TargetForm } from '../../ir/target.js';

/** A head as losses, metrics and pictures see it. */
export interface Head {
  readonly name: string;
  readonly channels: number;
  /** The classes that masks name: the channels, or background and foreground for one channel. */
  readonly classCount: number;
  readonly activation: HeadActivation;
  /** Whether the network gives probabilities already, or the values before the activation. */
  readonly gives: 'probabilities' | 'logits';
  /** What its channels stand for. */
  readonly form: TargetForm;
  /** Whether it has one value a channel for the whole image. */
  readonly classifiesImages: boolean;
}

/** An output as training sees it. */
export interface TrainedOutput {
  readonly head: Head;
  /** The name of the head that it is an output of. */
  readonly owner: string;
  readonly loss: LossExpression;
  /** Its part of its head's loss. */
  readonly weight: number;
}

/**
 * The outputs of a graph, in its order. Logits of one channel pass a sigmoid,
 * those of several a softmax, unless the head's loss takes channels as independent
 * (`bce`, `bce_iou`).
 */
export function readOutputs(graph: Graph, losses: HeadLosses): readonly TrainedOutput[] {
  return graph.outputs.map((output): TrainedOutput => {
    const owner = headOfOutput(graph, output.name)!;
    const loss = losses[owner.name]!;
    const channels = graph.nodes[output.node]!.channels;
    return {
      head: {
        name: output.name,
        channels,
        classCount: Math.max(2, channels),
        activation: activationOf(output, channels, loss),
        gives: output.values === 'logits' ? 'logits' : 'probabilities',
        form: output.form ?? 'classes',
        classifiesImages: isPerImage(graph, output.node),
      },
      owner: owner.name,
      loss,
      weight: owner.weights[owner.outputs.indexOf(output.name)]!,
    };
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
