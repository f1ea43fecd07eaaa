import { nowhere } from '../../diagnostics/source.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { weightsName } from '../../ir/operations/weights.js';
import type { LayerCall } from './layer-call.js';
import { layerName } from './layer-names.js';
import { layersOf } from './layers.js';
import {
  hasEdges,
  isSame,
  kernelReach,
  type Edges,
  type Op,
  type OpKind,
  type OpOf,
  type Pair,
} from '../../ir/operations/ops.js';
import { cropOfTransposed, wordedPadding } from './window-placement.js';

/**
 * One layer of a model for prediction. `reads` are the layers of the same node that it
 * takes, counted from 0, or the node's own inputs; `config` is in the form of a
 * `model.json`, so that it may hold null and objects.
 */
export interface PlainLayer extends Omit<LayerCall, 'layer' | 'config' | 'suffix'> {
  readonly layer: { readonly kind: 'builtin'; readonly factory: string } | CustomClass;
  readonly config: Readonly<Record<string, unknown>>;
  readonly reads: 'inputs' | readonly ('inputs' | number)[];
}

type CustomClass = Extract<LayerCall['layer'], { readonly kind: 'custom' }>;

/**
 * The layers that stand for a node where a model only predicts: layers that
 * TensorFlow.js itself has, wherever these give exactly the same; the last carries the
 * node's name, and one holds its weights, in their order. Some of them train wrongly or
 * not at all, so the layers of `layersOf` make models that are to be trained.
 */
export function plainLayersOf(graph: Graph, node: GraphNode): readonly PlainLayer[] {
  const rule = rules[node.op.kind] as Rule<OpKind> | undefined;
  const drafts = rule?.(node.op, graph.nodes[node.inputs[0]!]!.channels);
  if (drafts === undefined) {
    return layersOf(node).map((call, at) => ({ ...call, reads: at === 0 ? 'inputs' : [at - 1] }));
  }
  const name = layerName(weightsName(node));
  return drafts.map(({ factory, suffix, config, reads, holdsWeights = false }, at) => ({
    layer: { kind: 'builtin', factory },
    name: suffix === undefined ? name : `${name}.${suffix}`,
    config,
    reads: reads ?? (at === 0 ? 'inputs' : [at - 1]),
    holdsWeights,
  }));
}

interface Draft {
  readonly factory: string;
  /** What follows the node's name and a dot; undefined for the layer that carries the name. */
  readonly suffix?: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The layer before, or the node's inputs for the first, unless given. */
  readonly reads?: PlainLayer['reads'];
  readonly holdsWeights?: boolean;
}

/** Undefined where layers of TensorFlow.js do not give the same. */
type Rule<K extends OpKind> = (op: OpOf<K>, channelsIn: number) => readonly Draft[] | undefined;

const rules: { readonly [K in OpKind]?: Rule<K> } = {
  conv: (op, channelsIn) => {
    const { dilation, groups, channels: filters, stride } = op;
    const padding = wordedPadding(op.padding, [kernelReach(op, 0), kernelReach(op, 1)], stride);
    const isDilated = dilation[0] > 1 || dilation[1] > 1;
    if (!isDilated && groups === 1) return undefined;
    const before = typeof padding === 'object' ? padded(padding) : [];
    const config = {
      kernelSize: op.kernel,
      padding: padding === 'same' ? 'same' : 'valid',
      useBias: op.bias,
    };
    if (groups > 1) {
      // A group and a filter for each channel: a depthwise layer, whose kernels follow each other alike.
      const skips = stride[0] > op.kernel[0] || stride[1] > op.kernel[1];
      const isDepthwise = groups === channelsIn && filters === channelsIn;
      if (isDilated || !isDepthwise || (skips && padding === 'same')) return undefined;
      const depthwise = { ...config, strides: stride };
      return [...before, { factory: 'depthwiseConv2d', config: depthwise, holdsWeights: true }];
    }
    const dense = { ...config, filters, dilationRate: dilation };
    if (stride[0] === 1 && stride[1] === 1) {
      return [...before, { factory: 'conv2d', config: dense, holdsWeights: true }];
    }
    if (padding === 'same') return undefined;
    return [
      ...before,
      { factory: 'conv2d', suffix: 'dense', config: dense, holdsWeights: true },
      { factory: 'maxPooling2d', config: { poolSize: one, strides: stride } },
    ];
  },
  conv_transpose: (op) => {
    const layers = layersOf(asNode(op));
    if (layers.length === 1) return undefined;
    const full = {
      ...{ filters: op.channels, kernelSize: op.kernel, strides: op.stride },
      ...{ padding: 'valid', useBias: op.bias },
    };
    const transposed: Draft = {
      ...{ factory: 'conv2dTranspose', suffix: 'full', config: full, holdsWeights: true },
    };
    return [transposed, ...cropped(cropOfTransposed(op), 1)];
  },
  max_pool: (op) => pooled(op, 'maxPooling2d'),
  avg_pool: (op) => pooled(op, 'averagePooling2d'),
  upsample: ({ method, factor, coordinates }) => {
    if (method === 'nearest') return undefined;
    if (coordinates === 'asymmetric') {
      const config = { size: factor, interpolation: 'bilinear' };
      return [{ factory: 'upSampling2d', config }];
    }
    return coordinates === 'half_pixel' ? halfPixel(factor) : undefined;
  },
  crop: ({ edges }) => (hasEdges(edges) ? cropped(edges, 0) : [passing]),
  layer_norm: ({ epsilon, affine }) => {
    const config = { axis: -1, epsilon, center: affine, scale: affine };
    return [{ factory: 'layerNormalization', config, holdsWeights: affine }];
  },
  activation: (op) => {
    if (op.function === 'abs') {
      return [
        { factory: 'rescaling', suffix: 'negative', config: { scale: -1, offset: 0 } },
        { factory: 'maximum', config: {}, reads: ['inputs', 0] },
      ];
    }
    if (op.function !== 'hard_swish') return undefined;
    return [
      { factory: 'rescaling', suffix: 'shifted', config: { scale: 1, offset: 3 } },
      { factory: 'activation', suffix: 'clipped', config: { activation: 'relu6' } },
      { factory: 'rescaling', suffix: 'gate', config: { scale: 1 / 6, offset: 0 } },
      { factory: 'multiply', config: {}, reads: ['inputs', 2] },
    ];
  },
  prelu: ({ start, shared }) => {
    const alphaInitializer = { className: 'Constant', config: { value: start } };
    const config = { alphaInitializer, sharedAxes: shared ? [1, 2, 3] : [1, 2] };
    return [{ factory: 'prelu', config, holdsWeights: true }];
  },
  dropout: ({ rate, drops }) => {
    if (drops === 'values') return undefined;
    const noiseShape = [null, 1, 1, drops === 'channels' ? null : 1];
    return [{ factory: 'dropout', config: { rate, noiseShape } }];
  },
};

const one: Pair = [1, 1];

/** The operation as a node of no graph, for those who ask only what it does. */
const asNode = (op: Op): GraphNode => ({
  ...{ id: 0, name: 'x', op, inputs: [], channels: 0, scope: 0, isFrozen: false },
  tensor: { name: 'x', madeBy: { kind: 'wire' } },
  origin: nowhere,
});

/** Passes a tensor on unchanged. */
const passing: Draft = { factory: 'activation', config: { activation: 'linear' } };

function padded(edges: Edges): readonly Draft[] {
  if (!hasEdges(edges)) return [];
  const { top, bottom, left, right } = edges;
  const padding = [
    [top, bottom],
    [left, right],
  ];
  return [{ factory: 'zeroPadding2d', suffix: 'pad', config: { padding } }];
}

/**
 * Cuts edges off the layer at `at` - 1. `cropping2D` alone thinks that an unknown size
 * less an edge is below 0, and layers behind it refuse that; the larger of two tensors
 * of such sizes has an unknown size again, and the larger of a tensor and itself is it.
 * An unknown size less nothing is 0 to it, so an axis that loses nothing is padded before.
 */
function cropped({ top, bottom, left, right }: Edges, at: number): readonly Draft[] {
  const extra = {
    ...{ top: 0, bottom: top + bottom === 0 ? 1 : 0 },
    ...{ left: 0, right: left + right === 0 ? 1 : 0 },
  };
  const before = padded(extra);
  const cropping = [
    [top, bottom + extra.bottom],
    [left, right + extra.right],
  ];
  const cut = at + before.length;
  return [
    ...before,
    { factory: 'cropping2D', suffix: 'cut', config: { cropping } },
    { factory: 'activation', suffix: 'twin', config: { activation: 'linear' } },
    { factory: 'maximum', config: {}, reads: [cut, cut + 1] },
  ];
}

/**
 * Pools with padding or a last, partial window, where `same` pooling of TensorFlow.js,
 * which leaves out padding, has the same windows at every size. With windows at every
 * pixel, its padding does not depend on the size: then every stride-th one is kept.
 */
function pooled(
  op: OpOf<'max_pool' | 'avg_pool'>,
  factory: 'maxPooling2d' | 'averagePooling2d',
): readonly Draft[] | undefined {
  const { size, stride, rounding } = op;
  const isPadded = op.padding === 'same' || hasEdges(op.padding);
  const padding = isSame(op.padding, size, stride) ? 'same' : op.padding;
  const same = { poolSize: size, padding: 'same' };
  if (isPadded && padding === 'same' && rounding === 'floor') {
    return [{ factory, config: { ...same, strides: stride } }];
  }
  if (!isPadded) {
    if (rounding === 'floor') return undefined;
    const startsAtFirst = axes.every((axis) => size[axis] <= 2 && size[axis] <= stride[axis]);
    return startsAtFirst ? [{ factory, config: { ...same, strides: stride } }] : undefined;
  }
  if (padding === 'same' || rounding === 'ceil') return undefined;
  if (!isSame(padding, size, one)) return undefined;
  if (stride[0] === 1 && stride[1] === 1) return [{ factory, config: { ...same, strides: one } }];
  return [
    { factory, suffix: 'dense', config: { ...same, strides: one } },
    { factory: 'maxPooling2d', config: { poolSize: one, strides: stride } },
  ];
}

const axes = [0, 1] as const;

/**
 * Half-pixel bilinear resizing by f is the mean over windows as wide as one source
 * pixel, around each output pixel's centre: 2 f of the pixels of an image enlarged
 * 2 f times by repetition, in steps of 2. At the edges only what exists counts. One
 * axis after the other takes less memory.
 */
function halfPixel(factor: Pair): readonly Draft[] {
  const along = axes.filter((axis) => factor[axis] > 1);
  if (along.length === 0) return [passing];
  return along.flatMap((axis, at): readonly Draft[] => {
    const pair = (size: number): Pair => (axis === 0 ? [size, 1] : [1, size]);
    const isLast = at === along.length - 1;
    const wide = 2 * factor[axis];
    const [tall, mean] = axis === 0 ? ['taller', 'rows'] : ['wider', 'columns'];
    return [
      { factory: 'upSampling2d', suffix: tall, config: { size: pair(wide) } },
      {
        factory: 'averagePooling2d',
        ...(isLast ? {} : { suffix: mean }),
        config: { poolSize: pair(wide), strides: pair(2), padding: 'same' },
      },
    ];
  });
}
