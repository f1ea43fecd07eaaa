import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { commutes } from '../../ir/operations/operation-rules.js';
import type { OpKind, OpOf } from '../../ir/operations/ops.js';
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
  const rule = rules[node.op.kind] as Rule<OpKind> | undefined;
  return rule === undefined ? keys.other(node.op.kind) : rule(node.op, node, graph);
}

type Rule<K extends OpKind> = (op: OpOf<K>, node: GraphNode, graph: Graph) => string | undefined;

/** Of what files of other libraries hold too. All else matches nothing in them, and needs no rule. */
const rules: { readonly [K in OpKind]?: Rule<K> } = {
  input: () => keys.image,
  conv: (op, node, graph) =>
    keys.conv('conv', kernelOf(graph, node), { ...op, readsImage: readsImage(graph, node) }),
  depthwise_conv: (op, node, graph) => keys.conv(op.kind, kernelOf(graph, node), op),
  conv_transpose: (op, node, graph) => keys.conv(op.kind, kernelOf(graph, node), op),
  max_pool: pool,
  avg_pool: pool,
  global_avg_pool: () => keys.global('mean'),
  global_max_pool: () => keys.global('max'),
  upsample: (op) => keys.upsample(op.method, op.factor),
  batch_norm: norm,
  instance_norm: norm,
  layer_norm: norm,
  group_norm: (op, { channels }) => keys.norm(op.kind, channels, op.groups),
  activation: (op) =>
    keys.activation(op.function + (op.function === 'leaky_relu' ? ` ${op.alpha}` : '')),
  softmax: () => keys.activation('softmax'),
  prelu: ({ shared }, { channels }) => keys.prelu(shared ? 1 : channels),
  concat: merge,
  add: merge,
  average: merge,
  subtract: merge,
  multiply: merge,
  pad: () => undefined,
  dropout: () => undefined,
};

const kernelOf = (graph: Graph, node: GraphNode): readonly number[] =>
  weightsOf(graph, node)[0]?.shape ?? [];

function pool({ kind, size, stride }: OpOf<'max_pool' | 'avg_pool'>): string {
  return keys.pool(kind, size, stride);
}

function norm(
  { kind }: OpOf<'batch_norm' | 'instance_norm' | 'layer_norm'>,
  { channels }: GraphNode,
): string {
  return keys.norm(kind, channels);
}

function merge({ kind }: { readonly kind: string }, { inputs }: GraphNode): string | undefined {
  return inputs.length === 1 ? undefined : keys.merge(kind);
}
