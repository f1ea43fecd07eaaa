import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { commutes } from '../../ir/operations/operation-rules.js';
import { holdsWeights } from '../../ir/operations/weights.js';
import { weightsOf } from '../../codegen/tfjs/weights.js';
import { readsImage } from './adapt-input.js';
import { FlowBuilder, keys, type Flow } from './flow.js';

/** The steps of a network, and which of them each node ends with. */
export interface NetworkFlow {
  readonly steps: Flow;
  readonly stepOf: ReadonlyMap<NodeId, number>;
}

/** Tells the operations of a graph as steps. */
export function flowOfNetwork(graph: Graph): NetworkFlow {
  const builder = new FlowBuilder();
  const stepOf = new Map<NodeId, number>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => stepOf.get(input)!);
    const key = keyOf(graph, node);
    if (key === undefined) {
      stepOf.set(node.id, inputs[0]!);
      continue;
    }
    const step = { key, inputs, commutes: commutes(node.op.kind) };
    stepOf.set(node.id, builder.add(step, holdsWeights(node.op)));
  }
  return { steps: builder.steps, stepOf };
}

/** Undefined for what has no step of its own. */
function keyOf(graph: Graph, node: GraphNode): string | undefined {
  const { op } = node;
  const [first] = weightsOf(graph, node);
  const shape = first?.shape ?? [];
  switch (op.kind) {
    case 'input':
      return keys.image;
    case 'conv':
      return keys.conv('conv', shape, { ...op, readsImage: readsImage(graph, node) });
    case 'depthwise_conv':
    case 'conv_transpose':
      return keys.conv(op.kind, shape, op);
    case 'max_pool':
    case 'avg_pool':
      return keys.pool(op.kind, op.size, op.stride);
    case 'global_avg_pool':
      return keys.global('mean');
    case 'global_max_pool':
      return keys.global('max');
    case 'upsample':
      return keys.upsample(op.method, op.factor);
    case 'batch_norm':
    case 'instance_norm':
    case 'layer_norm':
      return keys.norm(op.kind, node.channels);
    case 'group_norm':
      return keys.norm(op.kind, node.channels, op.groups);
    case 'activation': {
      const slope = op.function === 'leaky_relu' ? ` ${op.alpha}` : '';
      return keys.activation(op.function + slope);
    }
    case 'softmax':
      return keys.activation('softmax');
    case 'prelu':
      return keys.prelu(node.channels);
    case 'concat':
    case 'add':
    case 'average':
    case 'subtract':
    case 'multiply':
      return node.inputs.length === 1 ? undefined : keys.merge(op.kind);
    case 'pad':
    case 'dropout':
      return undefined;
    case 'adaptive_avg_pool':
    case 'resize_to':
    case 'crop_to':
    case 'pad_to':
    case 'crop':
    case 'pixel_shuffle':
    case 'is_largest':
      return keys.other(op.kind);
  }
}
