import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import type { Op } from '../../ir/operations/ops.js';
import {
  nodeWeights,
  weightsName,
  type Weight,
  type WeightRole,
} from '../../ir/operations/weights.js';
import { stepsOf, type ValuesOf, type WeightValues } from './weights.js';

/** A graph with the numbers of its weights. */
export interface FoldedGraph {
  readonly graph: Graph;
  readonly valuesOf: ValuesOf;
}

/**
 * Makes every batch norm part of the convolution before it, of any kind, where nothing else
 * reads that: with s = scale / sqrt(variance + epsilon) of each output channel the kernel
 * becomes kernel s, and the bias (bias - mean) s + shift. A norm that is folded passes its
 * input on. Computed in float64 and rounded once.
 */
export function foldNorms(graph: Graph, valuesOf: ValuesOf): FoldedGraph {
  const norms = foldedNorms(graph);
  if (norms.size === 0) return { graph, valuesOf };
  const folded = new Set([...norms.values()].map(({ id }) => id));
  const nodes = graph.nodes.map((node): GraphNode => {
    if (folded.has(node.id)) return { ...node, op: { kind: 'concat' } };
    return norms.has(node.id) ? { ...node, op: { ...node.op, bias: true } as Op } : node;
  });
  return {
    graph: { ...graph, nodes },
    valuesOf: (node, weight) => {
      const norm = norms.get(node.id);
      if (norm === undefined) return valuesOf(node, weight);
      const before = graph.nodes[node.id]!;
      const { scales, shifts } = normOf(graph, norm, valuesOf);
      if (weight.role === 'kernel') return scaled(valuesOf(before, weight), weight.axes, scales);
      const own = nodeWeights(graph, before).find(({ role }) => role === 'bias');
      const bias = own && valuesOf(before, own).values;
      const values = Float32Array.from(
        shifts,
        (shift, at) => (bias?.[at] ?? 0) * scales[at]! + shift,
      );
      return { values, order: ['channels'] };
    },
  };
}

/** The norm that each convolution takes in. */
function foldedNorms({ nodes, outputs }: Graph): ReadonlyMap<NodeId, GraphNode> {
  const readers = new Map<NodeId, number>();
  const read = (id: NodeId): void => void readers.set(id, (readers.get(id) ?? 0) + 1);
  for (const { inputs } of nodes) inputs.forEach(read);
  for (const { node } of outputs) read(node);
  const convolutions: readonly string[] = ['conv', 'depthwise_conv', 'conv_transpose'];
  const found = new Map<NodeId, GraphNode>();
  for (const node of nodes) {
    const [from] = node.inputs;
    if (node.op.kind !== 'batch_norm' || from === undefined) continue;
    if (convolutions.includes(nodes[from]!.op.kind) && readers.get(from) === 1) {
      found.set(from, node);
    }
  }
  return withoutSplit(nodes, found);
}

/**
 * Without convolutions that are shared and of which some calls are folded and others not, or
 * into other norms: their kernel is one.
 */
function withoutSplit(
  nodes: readonly GraphNode[],
  found: ReadonlyMap<NodeId, GraphNode>,
): ReadonlyMap<NodeId, GraphNode> {
  const norms = new Map<string, Set<string>>();
  for (const node of nodes) {
    if (node.sharedName === undefined) continue;
    const norm = found.get(node.id);
    const known = norms.get(node.sharedName) ?? new Set();
    norms.set(node.sharedName, known.add(norm === undefined ? '' : weightsName(norm)));
  }
  return new Map(
    [...found].filter(([id]) => (norms.get(nodes[id]!.sharedName ?? '')?.size ?? 1) === 1),
  );
}

/** What a norm multiplies each channel by, and what it then adds. */
function normOf(
  graph: Graph,
  norm: GraphNode,
  valuesOf: ValuesOf,
): { readonly scales: Float64Array; readonly shifts: Float64Array } {
  const { op } = norm;
  const epsilon = op.kind === 'batch_norm' ? op.epsilon : 0;
  const all = nodeWeights(graph, norm);
  const of = (role: WeightRole): Float32Array | undefined => {
    const weight = all.find((each) => each.role === role);
    return weight && valuesOf(norm, weight).values;
  };
  const [mean, variance] = [of('mean')!, of('variance')!];
  const [scale, shift] = [of('scale'), of('shift')];
  const scales = Float64Array.from(
    variance,
    (spread, at) => (scale?.[at] ?? 1) / Math.sqrt(spread + epsilon),
  );
  return { scales, shifts: scales.map((each, at) => (shift?.[at] ?? 0) - mean[at]! * each) };
}

/** A kernel times a number for each output channel; kernel m of channel c makes channel c * multiplier + m. */
function scaled(
  { values, order }: WeightValues,
  axes: Weight['axes'],
  scales: Float64Array,
): WeightValues {
  const steps = stepsOf(order, axes);
  const place = (at: number, axis: 'out' | 'channels' | 'multiplier'): number =>
    Math.floor(at / steps[axis]!) % axes[axis]!;
  const { multiplier } = axes;
  const channelAt = (at: number): number =>
    multiplier === undefined
      ? place(at, 'out')
      : place(at, 'channels') * multiplier + place(at, 'multiplier');
  return { values: values.map((value, at) => value * scales[channelAt(at)]!), order };
}
