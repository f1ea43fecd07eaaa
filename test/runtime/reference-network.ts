import type { Graph, NodeId } from '../../src/ir/graph.js';
import {
  kernelReach,
  type Edges,
  type Op,
  type OpOf,
  type Pair,
  type Padding,
  type PoolOp,
  type PoolWindows,
  type Sampling,
} from '../../src/ir/operations/ops.js';
import { weightsName } from '../../src/ir/operations/weights.js';
import type { WeightRole } from '../../src/codegen/tfjs/weights.js';
import { attend } from './reference-attention.js';
import * as reference from './reference-operations.js';
import { makeImage, type Image } from './reference-operations.js';

/**
 * A whole network as its operations are defined, in float64 and by plain loops:
 * the judge where engines disagree. For tiny images. Rounded to float32 after every
 * operation, it tells how far rounding alone can carry a network.
 */
export function evaluateNetwork(
  graph: Graph,
  weights: ReadonlyMap<string, ArrayLike<number>>,
  image: Image | readonly Image[],
  isRounded = false,
): readonly Image[] {
  const values = new Map<NodeId, Image>();
  const images = 'values' in image && 'shape' in image ? [image] : image;
  const given = new Map(graph.inputs.map(({ node }, at) => [node, images[at]!]));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => values.get(id)!);
    const weight = (role: WeightRole): ArrayLike<number> =>
      weights.get(`${weightsName(node)}/${role}`)!;
    const value = given.get(node.id) ?? evaluate(node.op, inputs, weight);
    if (value.shape[2] !== node.channels) throw new Error(`${node.name} has other channels`);
    values.set(node.id, isRounded ? mapped(value, Math.fround) : value);
  }
  return graph.outputs.map(({ node }) => values.get(node)!);
}

/** The table of relative positions, where there is one. */
const weightOf = (
  { position }: OpOf<'attention'>,
  weight: Weight,
): ArrayLike<number> | undefined => (position === 'none' ? undefined : weight('table'));

type Weight = (role: WeightRole) => ArrayLike<number>;

const none: Edges = { top: 0, bottom: 0, left: 0, right: 0 };

function evaluate(op: Op, inputs: readonly Image[], weight: Weight): Image {
  const [x, y] = inputs as [Image, Image];
  const [height, width, channels] = x.shape;
  switch (op.kind) {
    case 'input':
      return x;
    case 'conv': {
      const windows = {
        ...op,
        size: op.kernel,
        edges: edgesOf(x, op.padding, reachOf(op), op.stride),
      };
      const value = reference.convolve(x, weight('kernel'), op.channels, op.groups, windows);
      return op.bias ? withBias(value, weight('bias')) : value;
    }
    case 'depthwise_conv': {
      const windows = {
        ...op,
        size: op.kernel,
        edges: edgesOf(x, op.padding, reachOf(op), op.stride),
      };
      const filters = channels * op.multiplier;
      const value = reference.convolve(x, weight('kernel'), filters, channels, windows);
      return op.bias ? withBias(value, weight('bias')) : value;
    }
    case 'conv_transpose': {
      const edges = {
        ...op.edges,
        bottom: op.edges.bottom - op.outputPadding[0],
        right: op.edges.right - op.outputPadding[1],
      };
      const windows = { size: op.kernel, stride: op.stride, edges };
      const value = reference.convolveTransposed(x, weight('kernel'), op.channels, windows);
      return op.bias ? withBias(value, weight('bias')) : value;
    }
    case 'max_pool':
    case 'avg_pool':
      return pooled(x, op);
    case 'global_avg_pool':
    case 'global_max_pool': {
      const kind = op.kind === 'global_avg_pool' ? 'mean' : 'max';
      return reference.pool(x, kind, { size: [height, width], stride: [1, 1], edges: none });
    }
    case 'max_unpool':
      return reference.unpool(x, y, poolWindows(y, op));
    case 'adaptive_avg_pool':
    case 'adaptive_max_pool':
      return reference.poolBins(x, op.size, op.kind === 'adaptive_avg_pool' ? 'mean' : 'max');
    case 'upsample':
      return resized(x, [height * op.factor[0], width * op.factor[1]], op);
    case 'resize_to':
      return resized(x, [y.shape[0], y.shape[1]], op);
    case 'crop_to': {
      const halve = (size: number): number => {
        const half = Math.floor(size / 2);
        const isUp = op.rounding === 'half_even' && size % 2 === 1 && half % 2 === 1;
        return isUp ? half + 1 : half;
      };
      return moved(x, y.shape, halve(height - y.shape[0]), halve(width - y.shape[1]));
    }
    case 'pad_to': {
      const [top, left] = [y.shape[0] - height, y.shape[1] - width].map((d) => Math.floor(d / 2));
      return moved(x, y.shape, -top!, -left!);
    }
    case 'crop': {
      const { top, bottom, left, right } = op.edges;
      return moved(x, [height - top - bottom, width - left - right], top, left);
    }
    case 'pad': {
      const { top, bottom, left, right } = op.edges;
      if (op.mode !== 'zero') return reference.extend(x, op.edges, op.mode);
      return moved(x, [height + top + bottom, width + left + right], -top, -left);
    }
    case 'pixel_shuffle':
      return reference.shuffle(x, op.factor, op.order === 'channels_first');
    case 'space_to_depth':
      return reference.unshuffle(x, op.factor, op.order === 'channels_first');
    case 'channel_mean':
    case 'channel_max':
      return makeImage([height, width, 1], (row, column) => {
        const all = pixelOf(x, row, column);
        if (op.kind === 'channel_max') return Math.max(...all);
        return all.reduce((sum, v) => sum + v, 0) / channels;
      });
    case 'attention':
      return attend(inputs as readonly [Image, Image, Image], op, weightOf(op, weight));
    case 'positions': {
      const table = weight('table');
      return makeImage(x.shape, (row, column, c) => {
        const place = (row * width + column) * channels + c;
        return at(x, row, column, c) + table[place]!;
      });
    }
    case 'slice':
      return takenFrom(x, op.to - op.from, (c) => c + op.from);
    case 'split': {
      const size = channels / op.parts;
      return takenFrom(x, size, (c) => c + op.part * size);
    }
    case 'channel_shuffle': {
      const size = channels / op.groups;
      return takenFrom(x, channels, (c) => (c % op.groups) * size + Math.floor(c / op.groups));
    }
    case 'pad_channels':
      return makeImage([height, width, op.channels], (row, column, c) =>
        c < channels ? at(x, row, column, c) : 0,
      );
    case 'batch_norm': {
      const [gamma, beta] = [op.scale && weight('gamma'), op.shift && weight('beta')];
      const [mean, variance] = [weight('moving_mean'), weight('moving_variance')];
      return mapped(
        x,
        (v, c) =>
          ((v - mean[c]!) / Math.sqrt(variance[c]! + op.epsilon)) * (gamma ? gamma[c]! : 1) +
          (beta ? beta[c]! : 0),
      );
    }
    case 'instance_norm':
    case 'group_norm':
    case 'layer_norm': {
      const groups =
        op.kind === 'instance_norm' ? channels : op.kind === 'group_norm' ? op.groups : 1;
      const perPixel = op.kind === 'layer_norm';
      const normal = reference.normalise(x, { groups, perPixel, epsilon: op.epsilon });
      if (!op.affine) return normal;
      const [gamma, beta] = [weight('gamma'), weight('beta')];
      return mapped(normal, (v, c) => v * gamma[c]! + beta[c]!);
    }
    case 'layer_scale': {
      const scale = weight('gamma');
      return mapped(x, (v, c) => v * scale[c]!);
    }
    case 'activation':
      return mapped(x, (v) => activated(v, op));
    case 'prelu': {
      const alpha = weight('alpha');
      return mapped(x, (v, c) => (v > 0 ? v : alpha[op.shared ? 0 : c]! * v));
    }
    case 'softmax':
      return makeImage(x.shape, (row, column, c) => {
        const all = pixelOf(x, row, column);
        const highest = Math.max(...all);
        const sum = all.reduce((total, v) => total + Math.exp(v - highest), 0);
        return Math.exp(all[c]! - highest) / sum;
      });
    case 'dropout':
      return x;
    case 'concat': {
      const deep = inputs.reduce((sum, { shape }) => sum + shape[2], 0);
      return makeImage([height, width, deep], (row, column, c) => {
        let rest = c;
        for (const each of inputs) {
          if (rest < each.shape[2]) return at(each, row, column, rest);
          rest -= each.shape[2];
        }
        throw new Error('there are fewer channels');
      });
    }
    case 'add':
    case 'average':
    case 'subtract':
    case 'multiply': {
      const shape = [0, 1, 2].map((axis) => Math.max(...inputs.map((each) => each.shape[axis]!)));
      const most = shape as [number, number, number];
      return makeImage(most, (row, column, c) => {
        const all = inputs.map((each) => stretched(each, row, column, c));
        if (op.kind === 'multiply') return all.reduce((product, v) => product * v, 1);
        if (op.kind === 'subtract') return all.reduce((rest, v) => rest - v);
        const sum = all.reduce((total, v) => total + v, 0);
        return op.kind === 'add' ? sum : sum / all.length;
      });
    }
    case 'is_largest':
      return makeImage([height, width, 1], (row, column) => {
        const all = pixelOf(x, row, column);
        return all.indexOf(Math.max(...all)) === op.channel ? 1 : 0;
      });
  }
}

const at = ({ shape: [, width, channels], values }: Image, y: number, x: number, c: number) =>
  values[(y * width + x) * channels + c]!;

const pixelOf = (image: Image, y: number, x: number): readonly number[] =>
  Array.from({ length: image.shape[2] }, (_, c) => at(image, y, x, c));

/** Other channels of an image. */
const takenFrom = (image: Image, channels: number, from: (channel: number) => number): Image =>
  makeImage([image.shape[0], image.shape[1], channels], (y, x, c) => at(image, y, x, from(c)));

/** The value at a place of an image whose axes of length 1 are stretched. */
const stretched = (image: Image, y: number, x: number, c: number): number => {
  const [height, width, channels] = image.shape;
  return at(image, height === 1 ? 0 : y, width === 1 ? 0 : x, channels === 1 ? 0 : c);
};

const mapped = (image: Image, value: (v: number, c: number) => number): Image =>
  makeImage(image.shape, (y, x, c) => value(at(image, y, x, c), c));

const withBias = (image: Image, bias: ArrayLike<number>): Image =>
  mapped(image, (v, c) => v + bias[c]!);

/** The part of an image from (top, left) on; zeros where it has none. */
const moved = (
  image: Image,
  [height, width]: readonly number[],
  top: number,
  left: number,
): Image =>
  makeImage([height!, width!, image.shape[2]], (y, x, c) => {
    const [row, column] = [y + top, x + left];
    const isInside = row >= 0 && row < image.shape[0] && column >= 0 && column < image.shape[1];
    return isInside ? at(image, row, column, c) : 0;
  });

const reachOf = (op: { readonly kernel: Pair; readonly dilation: Pair }): Pair => [
  kernelReach(op, 0),
  kernelReach(op, 1),
];

/** `same` in total max((ceil(in / s) - 1) s + k - in, 0), the odd pixel after. */
function edgesOf({ shape }: Image, padding: Padding, reach: Pair, stride: Pair): Edges {
  if (padding !== 'same') return padding;
  const [vertical, horizontal] = ([0, 1] as const).map((axis) => {
    const windows = Math.ceil(shape[axis] / stride[axis]);
    return Math.max((windows - 1) * stride[axis] + reach[axis] - shape[axis], 0);
  }) as [number, number];
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return { top, bottom: vertical - top, left, right: horizontal - left };
}

/** x resized by either method. */
function resized(x: Image, size: Pair, { method, coordinates }: Sampling): Image {
  return method === 'nearest'
    ? reference.resizeNearest(x, size, coordinates)
    : reference.resizeLinearly(x, size, coordinates);
}

/** With `ceil` a last, partial window counts if it begins inside. */
const pooled = (x: Image, op: PoolOp): Image =>
  reference.pool(x, op.kind === 'max_pool' ? 'max' : 'mean', poolWindows(x, op));

/** The windows of a pool, with edges that make the last, partial one whole. */
function poolWindows(x: Image, op: PoolWindows): reference.Windows {
  const { size, stride } = op;
  const edges = edgesOf(x, op.padding, size, stride);
  const after = (axis: 0 | 1, before: number, stated: number): number => {
    if (op.rounding === 'floor') return stated;
    const length = x.shape[axis];
    const steps = Math.ceil((length + before + stated - size[axis]) / stride[axis]);
    const windows = Math.min(steps + 1, Math.ceil((length + before) / stride[axis]));
    return (windows - 1) * stride[axis] + size[axis] - length - before;
  };
  return {
    size,
    stride,
    edges: {
      ...edges,
      bottom: after(0, edges.top, edges.bottom),
      right: after(1, edges.left, edges.right),
    },
  };
}

function activated(v: number, op: OpOf<'activation'>): number {
  switch (op.function) {
    case 'relu':
      return Math.max(v, 0);
    case 'relu6':
      return Math.min(Math.max(v, 0), 6);
    case 'leaky_relu':
      return v > 0 ? v : op.alpha * v;
    case 'elu':
      return v > 0 ? v : Math.expm1(v);
    case 'selu':
      return 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * Math.expm1(v));
    case 'silu':
      return v / (1 + Math.exp(-v));
    case 'hard_swish':
      return (v * Math.min(Math.max(v + 3, 0), 6)) / 6;
    case 'gelu':
      return 0.5 * v * (1 + erf(v / Math.SQRT2));
    case 'mish':
      return v * Math.tanh(softplus(v));
    case 'softplus':
      return softplus(v);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-v));
    case 'tanh':
      return Math.tanh(v);
    case 'abs':
      return Math.abs(v);
  }
}

const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

/** The error function by its series, and its continued fraction for large arguments. */
function erf(v: number): number {
  const x = Math.abs(v);
  if (x > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (x + fraction);
    const tail = Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
    return Math.sign(v) * (1 - tail);
  }
  let [sum, term] = [x, x];
  for (let k = 1; k < 80; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return Math.sign(v) * (2 / Math.sqrt(Math.PI)) * sum;
}
