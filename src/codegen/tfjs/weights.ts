import type { Graph, GraphNode } from '../../ir/graph.js';
import type { OpKind } from '../../ir/operations/ops.js';
import {
  nodeWeights,
  weightOwners,
  weightsName,
  type Weight,
  type WeightAxis,
} from '../../ir/operations/weights.js';

/** What Keras, and TensorFlow.js with it, calls each weight. */
const kerasRoles = {
  kernel: 'kernel',
  bias: 'bias',
  scale: 'gamma',
  shift: 'beta',
  slope: 'alpha',
  mean: 'moving_mean',
  variance: 'moving_variance',
  table: 'table',
} as const satisfies Readonly<Record<Weight['role'], string>>;

export type WeightRole = (typeof kerasRoles)[Weight['role']];

/** One weight tensor of a node as its layer has it. */
export interface WeightSpec extends Omit<Weight, 'role' | 'axes'> {
  /** `<name of the operation>/<role>`: that of the node, or of a shared operation. */
  readonly name: string;
  readonly role: WeightRole;
  /** Channels last: conv [kh, kw, in / groups, out], depthwise [kh, kw, in, multiplier], transposed [kh, kw, out, in]. */
  readonly shape: readonly number[];
}

/** The order of the axes of a kernel where it is not the usual one, and of a table. */
const ownAxes: Partial<Readonly<Record<OpKind, readonly WeightAxis[]>>> = {
  attention: ['offset', 'head'],
  positions: ['height', 'width', 'channels'],
  depthwise_conv: ['height', 'width', 'channels', 'multiplier'],
  conv_transpose: ['height', 'width', 'out', 'in'],
};

const usualAxes: readonly WeightAxis[] = ['height', 'width', 'in', 'out'];

/** The order of the axes of a weight, the outermost first. */
export const axesOf = (kind: OpKind, role: Weight['role']): readonly WeightAxis[] =>
  role === 'kernel' || role === 'table' ? (ownAxes[kind] ?? usualAxes) : ['channels'];

/** The name of a weight of a node. */
export const weightNameOf = (node: GraphNode, role: Weight['role']): string =>
  `${weightsName(node)}/${kerasRoles[role]}`;

/** The weights of one node in the order in which its layer holds them, which is the graph's. */
export function weightsOf(graph: Graph, node: GraphNode): readonly WeightSpec[] {
  return nodeWeights(graph, node).map((weight) => {
    const { trainable, start, axes } = weight;
    const shape = axesOf(node.op.kind, weight.role).map((axis) => axes[axis]!);
    const name = weightNameOf(node, weight.role);
    return { name, role: kerasRoles[weight.role], shape, trainable, start };
  });
}

/**
 * All weights of a graph in node order, those of a shared operation where it runs first.
 *
 * @example
 * ```ts
 * import { compile, graphWeights } from 'unetc';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * const [model] = compile({ text }).models;
 * for (const { name, shape } of graphWeights(model!.graph)) console.log(name, shape.join(' x '));
 * ```
 *
 * ```text
 * a/conv1/kernel 3 x 3 x 1 x 4
 * a/conv1/bias 4
 * mask/conv1/kernel 1 x 1 x 8 x 1
 * mask/conv1/bias 1
 * ```
 */
export function graphWeights(graph: Graph): readonly WeightSpec[] {
  return weightOwners(graph).flatMap((node) => weightsOf(graph, node));
}
