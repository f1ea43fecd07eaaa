import type { Graph, GraphOutput, NodeId } from '../../ir/graph.js';
import type { OpenBody } from './open-body.js';
import type { TensorSource } from './module.js';

/** An output of `forward`. */
export interface ForwardOutput {
  readonly output: GraphOutput;
  /** Whether these are logits: the activation at the end of the spec's head is left to `predict`. */
  readonly isLogits: boolean;
}

/**
 * The outputs of a model before the activations that end its heads: losses of PyTorch take
 * logits. An activation inside of a block stays: the block is one function of the file.
 */
export function withoutActivations(
  body: OpenBody,
  graph: Graph,
): { readonly body: OpenBody; readonly outputs: readonly ForwardOutput[] } {
  const sourceOf = sourcesOf(body);
  const found = graph.outputs.map((output) => {
    const source = sourceOf(output.node);
    if (output.values === 'logits') return { source, isLogits: true, output };
    const step = source.from === 'step' ? body.steps[source.index]! : undefined;
    const op = step?.kind === 'operation' ? step.operation.node.op : undefined;
    const ends = op?.kind === 'softmax' || (op?.kind === 'activation' && op.function === 'sigmoid');
    return ends
      ? { source: step!.inputs[0]!, isLogits: true, output }
      : { source, isLogits: false, output };
  });
  const outputs = found.map(({ output, isLogits }) => ({ output, isLogits }));
  return { body: prune({ ...body, outputs: found.map(({ source }) => source) }), outputs };
}

/** Where the tensors of nodes come from: the first tensor of a step, or an input. */
function sourcesOf({ steps, inputs }: OpenBody): (node: NodeId) => TensorSource {
  const sources = new Map<NodeId, TensorSource>();
  for (const [index, { node }] of inputs.entries()) sources.set(node, { from: 'input', index });
  for (const [index, { nodes }] of steps.entries()) {
    sources.set(nodes[0]!, { from: 'step', index, output: 0 });
  }
  return (node) => sources.get(node)!;
}

/** The body without the steps that nothing reads any more. */
function prune({ inputs, steps, outputs }: OpenBody): OpenBody {
  const read = new Set<number>();
  const mark = (source: TensorSource): void => {
    if (source.from === 'step') read.add(source.index);
  };
  outputs.forEach(mark);
  for (const [index, step] of [...steps.entries()].reverse()) {
    if (read.has(index)) step.inputs.forEach(mark);
  }
  const kept = [...steps.keys()].filter((index) => read.has(index));
  const places = new Map(kept.map((index, place) => [index, place]));
  const move = (source: TensorSource): TensorSource =>
    source.from === 'input' ? source : { ...source, index: places.get(source.index)! };
  return {
    inputs,
    steps: kept.map((index) => ({ ...steps[index]!, inputs: steps[index]!.inputs.map(move) })),
    outputs: outputs.map(move),
  };
}
