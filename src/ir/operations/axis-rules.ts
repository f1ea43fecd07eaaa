import { kernelReach, type Op, type OpKind, type OpOf, type Padding } from './ops.js';

/** Index into pairs: 0 is vertical (heights), 1 horizontal (widths). */
export type Axis = 0 | 1;

/**
 * What an operation does to one axis. `step` makes
 * multiply * floor((in + before) / divide) + after and needs in >= minimum;
 * `follow` takes the size of its second input.
 */
export type AxisRule =
  | { readonly kind: 'source' }
  | StepRule
  | { readonly kind: 'one' }
  | { readonly kind: 'equal' }
  | { readonly kind: 'gate' }
  | { readonly kind: 'follow'; readonly relation: 'any' | 'shrink' | 'shrink_evenly' | 'grow' };

export interface StepRule {
  readonly kind: 'step';
  readonly before: number;
  readonly divide: number;
  readonly multiply: number;
  readonly after: number;
  readonly minimum: number;
}

type AxisRules = { readonly [K in OpKind]: (op: OpOf<K>, axis: Axis) => AxisRule };

const step = (rule: Partial<Omit<StepRule, 'kind'>>): StepRule => ({
  kind: 'step',
  before: 0,
  divide: 1,
  multiply: 1,
  after: 0,
  minimum: 1,
  ...rule,
});
const same = (): AxisRule => step({});

/** Pixels that a padding adds to, or a crop takes from, an axis in all. */
function edgeSum(edges: Exclude<Padding, string>, axis: Axis): number {
  return axis === 0 ? edges.top + edges.bottom : edges.left + edges.right;
}

/** floor((in + padding - kernel) / stride) + 1, or ceil(in / stride) for `same`. */
function convolution(kernel: number, stride: number, padding: Padding, axis: Axis): AxisRule {
  if (padding === 'same') return step({ before: stride - 1, divide: stride });
  const added = padding === 'valid' ? 0 : edgeSum(padding, axis);
  return step({
    before: added - kernel + stride,
    divide: stride,
    minimum: Math.max(1, kernel - added),
  });
}

const pool = (op: OpOf<'max_pool' | 'avg_pool'>, axis: Axis): AxisRule => {
  const [size, stride] = [op.size[axis], op.stride[axis]];
  if (op.rounding === 'floor' || op.padding === 'same') {
    return convolution(size, stride, op.padding ?? 'valid', axis);
  }
  // `ceil` keeps a last window that begins inside the image or its first edge: of P pixels of
  // padding, p of them before, ceil((in + P - size) / stride) + 1, at most ceil((in + p) / stride).
  const added = op.padding ? edgeSum(op.padding, axis) : 0;
  const first = op.padding ? (axis === 0 ? op.padding.top : op.padding.left) : 0;
  const before = Math.min(added - size + stride, first);
  return step({ before: before + stride - 1, divide: stride, minimum: Math.max(1, 1 - before) });
};

const axisRules: AxisRules = {
  input: () => ({ kind: 'source' }),
  conv: (op, axis) => convolution(kernelReach(op, axis), op.stride[axis], op.padding, axis),
  depthwise_conv: (op, axis) =>
    convolution(kernelReach(op, axis), op.stride[axis], op.padding, axis),
  conv_transpose: (op, axis) => {
    const [kernel, stride] = [op.kernel[axis], op.stride[axis]];
    if (op.padding === 'same') return step({ multiply: stride });
    if (op.padding === 'valid')
      return step({ multiply: stride, after: Math.max(kernel - stride, 0) });
    const after = kernel - stride - edgeSum(op.padding, axis);
    return step({ multiply: stride, after, minimum: Math.max(1, Math.ceil((1 - after) / stride)) });
  },
  max_pool: pool,
  avg_pool: pool,
  global_avg_pool: () => ({ kind: 'one' }),
  global_max_pool: () => ({ kind: 'one' }),
  upsample: (op, axis) => step({ multiply: op.factor[axis] }),
  resize_to: () => ({ kind: 'follow', relation: 'any' }),
  crop_to: (op) => ({
    kind: 'follow',
    relation: op.rounding === 'exact' ? 'shrink_evenly' : 'shrink',
  }),
  pad_to: () => ({ kind: 'follow', relation: 'grow' }),
  crop: (op, axis) => {
    const cut = edgeSum(op.edges, axis);
    return step({ after: -cut, minimum: cut + 1 });
  },
  pad: (op, axis) => {
    const most =
      axis === 0
        ? Math.max(op.edges.top, op.edges.bottom)
        : Math.max(op.edges.left, op.edges.right);
    // A reflection repeats no edge pixel, so it needs one more than it adds.
    const minimum = op.mode === 'reflect' ? most + 1 : 1;
    return step({ after: edgeSum(op.edges, axis), minimum });
  },
  pixel_shuffle: ({ factor }) => step({ multiply: factor }),
  batch_norm: same,
  instance_norm: same,
  group_norm: same,
  layer_norm: same,
  activation: same,
  prelu: same,
  softmax: same,
  dropout: same,
  concat: () => ({ kind: 'equal' }),
  add: () => ({ kind: 'equal' }),
  average: () => ({ kind: 'equal' }),
  multiply: () => ({ kind: 'gate' }),
  is_largest: same,
};

/** What an operation does to one axis of its input. */
export function axisRuleOf(op: Op, axis: Axis): AxisRule {
  return (axisRules[op.kind] as (op: Op, axis: Axis) => AxisRule)(op, axis);
}

/** The output of a step for one input size. */
export function applyStep(rule: StepRule, size: number): number {
  return rule.multiply * Math.floor((size + rule.before) / rule.divide) + rule.after;
}
