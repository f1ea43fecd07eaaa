import type { Graph, GraphNode } from '../graph.js';
import { kernelReach, type Op, type OpKind, type OpOf, type Pair } from '../operations/ops.js';
import { axisRuleOf, type Axis } from '../operations/axis-rules.js';
import { weightsOf } from '../operations/weights.js';

/** What one node costs for one image of a stated size. */
export interface NodeCost {
  /** Weights of the node, running statistics included (Keras' total). */
  readonly parameters: number;
  readonly trainable: number;
  /** Multiply-adds of convolutions; everything else counts zero, as in papers. */
  readonly macs: number;
  /** float32 bytes of the output, which training keeps. */
  readonly activationBytes: number;
}

export interface GraphCost extends NodeCost {
  readonly nodes: readonly NodeCost[];
}

type Area = (size: readonly [number, number]) => number;
type MacRule<K extends OpKind> = (
  op: OpOf<K>,
  channelsIn: number,
  channelsOut: number,
  out: number,
  into: number,
) => number;
type MacRules = { readonly [K in OpKind]: MacRule<K> | 'free' };

const area: Area = ([height, width]) => height * width;

const macRules: MacRules = {
  input: 'free',
  conv: (op, channelsIn, channelsOut, out) =>
    (out * area(op.kernel) * channelsIn * channelsOut) / (op.groups ?? 1),
  depthwise_conv: (op, _in, channelsOut, out) => out * area(op.kernel) * channelsOut,
  conv_transpose: (op, channelsIn, channelsOut, _out, into) =>
    into * area(op.kernel) * channelsIn * channelsOut,
  max_pool: 'free',
  avg_pool: 'free',
  global_avg_pool: 'free',
  global_max_pool: 'free',
  upsample: 'free',
  resize_to: 'free',
  crop_to: 'free',
  pad_to: 'free',
  crop: 'free',
  pad: 'free',
  pixel_shuffle: 'free',
  batch_norm: 'free',
  instance_norm: 'free',
  group_norm: 'free',
  layer_norm: 'free',
  activation: 'free',
  prelu: 'free',
  softmax: 'free',
  dropout: 'free',
  concat: 'free',
  add: 'free',
  average: 'free',
  multiply: 'free',
  is_largest: 'free',
};

/** Costs of all nodes, for one image, and their sums. Sizes are those of every node's output. */
export function costOf(
  graph: Graph,
  heights: readonly (number | undefined)[],
  widths: readonly (number | undefined)[],
): GraphCost {
  const pixels = (id: number | undefined): number =>
    id === undefined ? 0 : (heights[id] ?? 0) * (widths[id] ?? 0);
  const nodes = graph.nodes.map((node): NodeCost => {
    const weights = weightsOf(graph, node);
    const count = (trainableOnly: boolean): number =>
      weights
        .filter((weight) => weight.trainable || !trainableOnly)
        .reduce((sum, weight) => sum + weight.shape.reduce((size, axis) => size * axis, 1), 0);
    const rule = macRules[node.op.kind] as
      | ((op: Op, channelsIn: number, channelsOut: number, out: number, into: number) => number)
      | 'free';
    const channelsIn = graph.nodes[node.inputs[0] ?? -1]?.channels ?? 0;
    return {
      parameters: count(false),
      trainable: count(true),
      macs:
        rule === 'free'
          ? 0
          : rule(node.op, channelsIn, node.channels, pixels(node.id), pixels(node.inputs[0])),
      activationBytes: 4 * pixels(node.id) * node.channels,
    };
  });
  const sum = (key: keyof NodeCost): number => nodes.reduce((total, node) => total + node[key], 0);
  return {
    parameters: sum('parameters'),
    trainable: sum('trainable'),
    macs: sum('macs'),
    activationBytes: sum('activationBytes'),
    nodes,
  };
}

/**
 * Side lengths of the input window that one pixel of each node can see, in
 * input pixels; Infinity after global pooling. A kernel k at step j (input
 * pixels between neighbours) widens the window by (k - 1) j; stride s makes the
 * step s j, up-sampling by s makes it j / s (Araujo et al. 2019).
 */
export function receptiveFields(graph: Graph): readonly Pair[] {
  const vertical = receptiveAxis(graph, 0);
  const horizontal = receptiveAxis(graph, 1);
  return graph.nodes.map((node) => [vertical[node.id]!, horizontal[node.id]!] as const);
}

function receptiveAxis(graph: Graph, axis: Axis): readonly number[] {
  const fields: number[] = [];
  const steps: number[] = [];
  for (const node of graph.nodes) {
    if (node.inputs.length === 0) {
      fields.push(1);
      steps.push(1);
      continue;
    }
    const field = Math.max(...node.inputs.map((input) => fields[input]!));
    const step = Math.min(...node.inputs.map((input) => steps[input]!));
    const rule = axisRuleOf(node.op, axis);
    fields.push(rule.kind === 'one' ? Infinity : field + (reachOf(node, axis) - 1) * step);
    const scale = rule.kind === 'step' ? rule.divide / rule.multiply : 1;
    steps.push(step * scale);
  }
  return fields;
}

/** How many neighbouring pixels of its input one output pixel reads along an axis. */
function reachOf(node: GraphNode, axis: Axis): number {
  const { op } = node;
  switch (op.kind) {
    case 'conv':
    case 'depthwise_conv':
      return kernelReach(op, axis);
    case 'conv_transpose':
      return Math.ceil(op.kernel[axis] / op.stride[axis]);
    case 'max_pool':
    case 'avg_pool':
      return op.size[axis];
    case 'upsample':
    case 'resize_to':
      return op.method === 'bilinear' ? 2 : 1;
    case 'input':
    case 'global_avg_pool':
    case 'global_max_pool':
    case 'crop_to':
    case 'pad_to':
    case 'crop':
    case 'pad':
    case 'pixel_shuffle':
    case 'batch_norm':
    case 'instance_norm':
    case 'group_norm':
    case 'layer_norm':
    case 'activation':
    case 'prelu':
    case 'softmax':
    case 'dropout':
    case 'concat':
    case 'add':
    case 'average':
    case 'multiply':
    case 'is_largest':
      return 1;
  }
}
