import type { Graph, GraphNode } from '../graph.js';
import type { Initializer, Op, OpKind, OpOf } from './ops.js';

export type WeightRole =
  'kernel' | 'bias' | 'gamma' | 'beta' | 'alpha' | 'moving_mean' | 'moving_variance';

/** One weight tensor of a node. */
export interface WeightSpec {
  /** `<node name>/<role>`. */
  readonly name: string;
  readonly role: WeightRole;
  /** Channels-last: conv [kh, kw, in / groups, out], depthwise [kh, kw, in, multiplier], transposed [kh, kw, out, in]. */
  readonly shape: readonly number[];
  /** False for running statistics, and for all weights of a frozen encoder. */
  readonly trainable: boolean;
  /** How a new weight is filled. */
  readonly start: 'zeros' | 'ones' | number | RandomStart;
}

/** Random initial values from the fans (He et al. 2015, Glorot and Bengio 2010). */
export interface RandomStart {
  readonly initializer: Initializer;
  readonly fanIn: number;
  readonly fanOut: number;
}

type WeightRules = {
  readonly [K in OpKind]: ((op: OpOf<K>, channelsIn: number) => readonly Draft[]) | 'none';
};
type Draft = Omit<WeightSpec, 'name'>;

const bias = (size: number): Draft => ({
  role: 'bias',
  shape: [size],
  trainable: true,
  start: 'zeros',
});

const scaleAndShift = (channels: number): readonly Draft[] => [
  { role: 'gamma', shape: [channels], trainable: true, start: 'ones' },
  { role: 'beta', shape: [channels], trainable: true, start: 'zeros' },
];

const weightRules: WeightRules = {
  input: 'none',
  conv: (op, channelsIn) => {
    const [kh, kw] = op.kernel;
    const area = kh * kw;
    const channelsRead = channelsIn / (op.groups ?? 1);
    const start = {
      initializer: op.initializer,
      fanIn: area * channelsRead,
      fanOut: area * op.filters,
    };
    const shape = [kh, kw, channelsRead, op.filters];
    return withBias({ role: 'kernel', shape, trainable: true, start }, op.bias, op.filters);
  },
  depthwise_conv: (op, channelsIn) => {
    const [kh, kw] = op.kernel;
    const area = kh * kw;
    const start = { initializer: op.initializer, fanIn: area, fanOut: area * op.multiplier };
    const shape = [kh, kw, channelsIn, op.multiplier];
    return withBias(
      { role: 'kernel', shape, trainable: true, start },
      op.bias,
      channelsIn * op.multiplier,
    );
  },
  conv_transpose: (op, channelsIn) => {
    const [kh, kw] = op.kernel;
    // Each output pixel sees about area / stride^2 taps of every input channel.
    const taps = (kh * kw) / (op.stride[0] * op.stride[1]);
    const start = {
      initializer: op.initializer,
      fanIn: Math.max(1, taps) * channelsIn,
      fanOut: kh * kw * op.filters,
    };
    const shape = [kh, kw, op.filters, channelsIn];
    return withBias({ role: 'kernel', shape, trainable: true, start }, op.bias, op.filters);
  },
  max_pool: 'none',
  avg_pool: 'none',
  global_avg_pool: 'none',
  global_max_pool: 'none',
  upsample: 'none',
  resize_to: 'none',
  crop_to: 'none',
  pad_to: 'none',
  crop: 'none',
  pad: 'none',
  pixel_shuffle: 'none',
  batch_norm: (_op, channelsIn) => [
    ...scaleAndShift(channelsIn),
    { role: 'moving_mean', shape: [channelsIn], trainable: false, start: 'zeros' },
    { role: 'moving_variance', shape: [channelsIn], trainable: false, start: 'ones' },
  ],
  instance_norm: ({ affine }, channelsIn) => (affine ? scaleAndShift(channelsIn) : []),
  group_norm: ({ affine }, channelsIn) => (affine ? scaleAndShift(channelsIn) : []),
  layer_norm: ({ affine }, channelsIn) => (affine ? scaleAndShift(channelsIn) : []),
  activation: 'none',
  prelu: ({ start }, channelsIn) => [
    { role: 'alpha', shape: [channelsIn], trainable: true, start },
  ],
  softmax: 'none',
  dropout: 'none',
  concat: 'none',
  add: 'none',
  average: 'none',
  multiply: 'none',
  is_largest: 'none',
};

function withBias(kernel: Draft, hasBias: boolean, size: number): readonly Draft[] {
  return hasBias ? [kernel, bias(size)] : [kernel];
}

/** Whether operations like this one have weights. */
export function holdsWeights(op: Op): boolean {
  const rule = weightRules[op.kind] as ((op: Op, channelsIn: number) => readonly Draft[]) | 'none';
  return rule !== 'none' && rule(op, 1).length > 0;
}

/** The weights of one node in Keras' order: kernel, bias; gamma, beta, moving mean, moving variance. */
export function weightsOf(graph: Graph, node: GraphNode): readonly WeightSpec[] {
  const first = node.inputs[0];
  const channelsIn = first === undefined ? 0 : (graph.nodes[first]?.channels ?? 0);
  const rule = weightRules[node.op.kind] as ((op: Op, channelsIn: number) => Draft[]) | 'none';
  if (rule === 'none') return [];
  const isFrozen = node.ofEncoder?.isFrozen === true;
  return rule(node.op, channelsIn).map((draft) => ({
    name: `${node.name}/${draft.role}`,
    ...draft,
    trainable: draft.trainable && !isFrozen,
  }));
}

/** All weights of a graph in node order. */
export function graphWeights(graph: Graph): readonly WeightSpec[] {
  return graph.nodes.flatMap((node) => weightsOf(graph, node));
}
