import {
  hasEdges,
  isPadded,
  isSame,
  type Edges,
  type OpOf,
  type Pair,
  type PoolWindows,
} from '../../ir/operations/ops.js';
import type { ConfigValue } from './layer-call.js';
import { builtin, custom, edgePairs, short, type Draft, type LooseConfig } from './layer-drafts.js';
import { partName } from './layer-names.js';
import { placeWindows } from './window-placement.js';

/** How a convolution is said to layers: what comes before it, and its own stride and padding. */
interface LayerWindows {
  readonly before: readonly Draft[];
  readonly stride: Pair;
  readonly padding: 'same' | undefined;
  /** False where TensorFlow.js' own layer would err. */
  readonly isCarried: boolean;
}

/** The windows of a convolution, and the layer that makes room for them. */
export function windowsOf(op: OpOf<'conv' | 'depthwise_conv'>): LayerWindows {
  const { stride } = op;
  const isDense = op.dilation[0] === 1 && op.dilation[1] === 1;
  const placed = placeWindows(op);
  switch (placed.kind) {
    case 'as-stated':
      return { before: [], stride, padding: placed.padding, isCarried: isDense };
    case 'padded': {
      const before = zeroPadding(placed.edges, partName('pad'));
      return { before, stride, padding: undefined, isCarried: isDense };
    }
    case 'picked': {
      const picking = { poolSize: 1, strides: short(placed.pick) };
      const before = [{ ...builtin('maxPooling2d', picking), suffix: partName('pick') }];
      return { before, stride: placed.stride, padding: 'same', isCarried: true };
    }
    case 'uncarried':
      return { before: [], stride, padding: 'same', isCarried: false };
  }
}

/** As Keras' own padding takes it: a number, [vertical, horizontal], or pairs. */
export function shortEdges(edges: Edges): ConfigValue {
  const isEven = edges.top === edges.bottom && edges.left === edges.right;
  return isEven ? short([edges.top, edges.left]) : edgePairs(edges);
}

function zeroPadding(edges: Edges, suffix: string): readonly Draft[] {
  if (!hasEdges(edges)) return [];
  return [{ ...builtin('zeroPadding2d', { padding: shortEdges(edges) }), suffix }];
}

/** A pooling, by a layer of ours where windows reach beyond the image. */
export function pool(
  op: OpOf<'max_pool' | 'avg_pool'>,
  whole: 'maxPooling2d' | 'averagePooling2d',
): Draft {
  const config = paddedWindows(op);
  if (!isPadded(op)) return builtin(whole, config);
  return custom('PaddedPooling2D', { take: op.kind === 'max_pool' ? 'max' : 'mean', ...config });
}

/** Windows of pools as our layers take them; those without padding as TensorFlow.js' do. */
export function paddedWindows(op: PoolWindows): LooseConfig {
  const { size, stride, padding } = op;
  const sameStep = size[0] === stride[0] && size[1] === stride[1];
  const hasPadding = padding === 'same' || hasEdges(padding);
  const isWord = padding === 'same' || isSame(padding, size, stride);
  return {
    poolSize: short(size),
    strides: sameStep ? undefined : short(stride),
    padding: !hasPadding ? undefined : isWord ? 'same' : edgePairs(padding),
    rounding: op.rounding === 'ceil' ? 'ceil' : undefined,
  };
}
