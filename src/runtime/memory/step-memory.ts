import type { GraphNode } from '../../ir/graph.js';
import {
  hasEdges,
  isPadded,
  kernelReach,
  type ActivationFunction,
  type OpKind,
  type OpOf,
  type Pair,
} from '../../ir/operations/ops.js';
import { wordedPadding } from '../../codegen/tfjs/window-placement.js';
import {
  fusedActivations,
  isConvolution,
  runsFused,
  type AnyConvolution,
} from '../network/fusion.js';
import { bytesOf, floatBytes, pixelsOf, weightBytes, type TensorSizes } from './tensor-sizes.js';

/** What one step of a network takes from the memory of the engine, in bytes. */
export interface StepMemory {
  /** The tensor that it makes. */
  readonly output: number;
  /** Further tensors that it makes on the way; they live as long as the step. */
  readonly between: number;
  /** What its kernels take and give back while they run. */
  readonly workspace: number;
  /** The packed weights, which XNNPACK keeps for as long as the filter lives. */
  readonly packed: number;
  /**
   * What it keeps as long beside them: one address for each output pixel and tap of
   * a filter (its indirection buffer), at few channels as much as the values.
   */
  readonly table: number;
}

/**
 * What a node and the nodes fused behind it take. The rules follow
 * `src/runtime/primitives` and our kernels; the tests measure them.
 */
export function stepMemory(
  sizes: TensorSizes,
  node: GraphNode,
  fused: readonly GraphNode[] = [],
): StepMemory {
  const output = bytesOf(sizes, (fused.at(-1) ?? node).id);
  if (isConvolution(node)) return convolutionMemory(sizes, node, fused, output);
  const rule = rules[node.op.kind as Exclude<OpKind, ConvolutionKind>] as Rule<OpKind>;
  const [first = 0] = node.inputs;
  const between = rule(node.op, {
    output,
    input: bytesOf(sizes, first),
    inputs: node.inputs.length,
    inputPixels: pixelsOf(sizes, first),
    seenPixels: pixelsOf(sizes, node.inputs.at(-1) ?? 0) / sizes.batch,
    stretch: (sizes.heights[node.id] ?? 1) / Math.max(1, sizes.heights[first] ?? 1),
  });
  const { op } = node as GraphNode;
  const taps = op.kind === 'max_pool' || op.kind === 'avg_pool' ? op.size : undefined;
  const pixels = pixelsOf(sizes, node.id) / sizes.batch;
  const table = taps ? floatBytes * taps[0] * taps[1] * pixels : 0;
  return { output, between, workspace: 0, packed: 0, table };
}

type ConvolutionKind = AnyConvolution['kind'];

interface RuleInput {
  readonly output: number;
  readonly input: number;
  /** How many inputs there are. */
  readonly inputs: number;
  readonly inputPixels: number;
  /** Those of the last input in one image. */
  readonly seenPixels: number;
  /** Output rows for one input row. */
  readonly stretch: number;
}

type Rule<K extends OpKind> = (op: OpOf<K>, sizes: RuleInput) => number;
type Rules = { readonly [K in Exclude<OpKind, ConvolutionKind>]: Rule<K> };

const nothing = (): number => 0;
const asOutput = ({ output }: RuleInput): number => output;

/** Bytes of the tensors between an operation's input and its output. */
const rules: Rules = {
  input: nothing,
  // A padded copy, and for averages over partial windows the scaled means.
  max_pool: (op, sizes) => (isPadded(op) ? padded(sizes) : 0),
  avg_pool: (op, sizes) => (isPadded(op) ? padded(sizes) + 2 * sizes.output : 0),
  // Copies with edges of what was pooled and of what is made.
  max_unpool: (op, sizes) => (isPadded(op) ? 2.2 * sizes.output : 0),
  global_avg_pool: nothing,
  global_max_pool: (_op, { input }) => input,
  // The image with its axes in another order, then with few rows.
  adaptive_avg_pool: (_op, { input }) => 2 * input,
  adaptive_max_pool: (_op, { input }) => input,
  upsample: resampling,
  resize_to: resampling,
  crop_to: nothing,
  pad_to: nothing,
  crop: nothing,
  pad: (op, sizes) => (op.mode === 'zero' ? 0 : padded(sizes)),
  pixel_shuffle: (_op, sizes) => asOutput(sizes),
  space_to_depth: (_op, sizes) => asOutput(sizes),
  channel_mean: nothing,
  channel_max: nothing,
  // Products and their softmax, and three tensors with heads as an axis, twice in windows.
  attention: (op, { input, inputPixels, seenPixels }) => {
    const seen = op.windows === undefined ? seenPixels : op.windows.size ** 2;
    return 3 * floatBytes * op.heads * inputPixels * seen + (op.windows ? 9 : 4) * input;
  },
  positions: nothing,
  slice: nothing,
  split: nothing,
  channel_shuffle: (_op, sizes) => asOutput(sizes),
  pad_channels: nothing,
  batch_norm: (_op, sizes) => asOutput(sizes),
  instance_norm: nothing,
  group_norm: nothing,
  layer_norm: nothing,
  layer_scale: nothing,
  activation: (op, { output }) => temporaries[op.function] * output,
  prelu: nothing,
  softmax: (_op, { output }) => 2 * output,
  dropout: (_op, { output }) => 2 * output,
  concat: nothing,
  add: merging,
  average: (_op, sizes) => merging(_op, sizes) + sizes.output,
  subtract: merging,
  multiply: merging,
  is_largest: (_op, { inputPixels }) => 3 * floatBytes * inputPixels,
};

/** Tensors of the output's size between input and output of composed activations. */
const temporaries: Readonly<Record<ActivationFunction, number>> = {
  relu: 0,
  relu6: 0,
  leaky_relu: 0,
  elu: 0,
  selu: 0,
  silu: 1,
  hard_swish: 3,
  gelu: 4,
  mish: 2,
  softplus: 1,
  sigmoid: 0,
  tanh: 0,
  abs: 0,
};

/** A copy of the input with some edges. */
function padded({ input }: RuleInput): number {
  return 1.1 * input;
}

/** Nearest resizing goes by rows, then by columns; bilinear takes one step. */
function resampling(op: OpOf<'upsample' | 'resize_to'>, { input, stretch }: RuleInput): number {
  return op.method === 'nearest' ? input * Math.max(1, stretch) : 0;
}

/** All partial results but the last. */
function merging(_op: unknown, { output, inputs }: RuleInput): number {
  return Math.max(0, inputs - 2) * output;
}

function convolutionMemory(
  sizes: TensorSizes,
  node: GraphNode & { readonly op: AnyConvolution },
  fused: readonly GraphNode[],
  output: number,
): StepMemory {
  const op: AnyConvolution = node.op;
  const [first = 0] = node.inputs;
  const input = bytesOf(sizes, first);
  const weights = weightBytes(sizes.graph, node);
  const last = fused.at(-1)?.op;
  const activation = last?.kind === 'activation' ? last.function : undefined;
  const inside = activation !== undefined && fusedActivations[activation] !== undefined;
  // Sizes of addresses are those of floats; one table serves all images of a batch.
  const pixels = pixelsOf(sizes, node.id) / sizes.batch;
  const table = floatBytes * op.kernel[0] * op.kernel[1] * pixels;
  const padding =
    op.kind === 'conv_transpose' ? 'valid' : wordedPadding(op.padding, reachOf(op), op.stride);
  const edges = typeof padding === 'object' ? 1.1 * input : 0;
  const afterwards =
    activation === undefined || (inside && runsFused(op))
      ? 0
      : (1 + temporaries[activation]) * output;
  const own = ownWorkspace(sizes, node, weights);
  if (runsFused(op)) {
    const skips = op.stride[0] > op.kernel[0] || op.stride[1] > op.kernel[1];
    const copies = edges + (skips && padding === 'same' ? 1.1 * input : 0);
    const kept =
      op.kind === 'conv'
        ? { workspace: own, packed: 0, table: 0 }
        : { workspace: weights, packed: packed(weights), table };
    return { output, between: copies + afterwards, ...kept };
  }
  // The sum with the bias is a tensor of its own.
  const sum =
    'bias' in op && (op.bias || fused.some(({ op: { kind } }) => kind === 'batch_norm'))
      ? output
      : 0;
  if (op.kind === 'conv_transpose') {
    const cut = hasEdges(op.edges) ? output : 0;
    const between = sum + afterwards + 1.1 * cut;
    return { output, between, workspace: own, packed: 0, table: 0 };
  }
  if (op.dilation.some((step) => step > 1)) {
    const dense = output * op.stride[0] * op.stride[1];
    const [tall, wide] = reachOf(op);
    const reach = tall + wide;
    const surround = padding === 'valid' ? 0 : input * (1 + reach / Math.max(1, Math.sqrt(pixels)));
    const between = sum + afterwards + 1.1 * surround + (dense > output ? dense : 0);
    const kept =
      op.kind === 'conv'
        ? { workspace: own, packed: 0, table: 0 }
        : {
            workspace: weights,
            packed: packed(weights),
            table: table * op.stride[0] * op.stride[1],
          };
    return { output, between, ...kept };
  }
  const between = sum + afterwards + edges + input + output;
  return { output, between, workspace: 2 * weights + own, packed: 0, table: 0 };
}

/**
 * What our kernels of a convolution take while they run: the filter in panels of 8 outputs, for
 * Winograd's tiles before and after its transform, 64 tiles and their products, and for the rows
 * that are done together copies of the images with their edges, and addresses.
 */
function ownWorkspace(
  sizes: TensorSizes,
  node: GraphNode & { readonly op: AnyConvolution },
  weights: number,
): number {
  const [first = 0] = node.inputs;
  const { channels } = sizes.graph.nodes[node.id]!;
  const read = sizes.graph.nodes[first]!.channels;
  const panels = (weights * Math.ceil(channels / 8) * 8) / Math.max(1, channels);
  const row = bytesOf(sizes, first) / Math.max(1, sizes.batch * (sizes.heights[first] ?? 1));
  const reach = node.op.kernel[0] * ('dilation' in node.op ? node.op.dilation[0] : 1);
  const copies = Math.max(2 ** 17, 1.2 * row * reach);
  const tiled = node.op.kernel[0] === 3 && node.op.kernel[1] === 3;
  return tiled ? (25 / 9) * panels + copies + 16 * 64 * floatBytes * (read + 9) : panels + copies;
}

const reachOf = (op: OpOf<'conv' | 'depthwise_conv'>): Pair => [
  kernelReach(op, 0),
  kernelReach(op, 1),
];

/** XNNPACK rounds channels up to whole vectors and has the biases beside them. */
function packed(weights: number): number {
  return 1.5 * weights + 256;
}
