import type { Graph, GraphNode, NodeId } from '../graph.js';
import { kernelReach, type Coordinates, type Padding, type Sampling } from '../operations/ops.js';
import type { Axis } from '../operations/axis-rules.js';
import { walkAxis } from './concrete.js';

/**
 * What pixel i of a node can read along one axis: the input's pixels from
 * i step - before to i step + after. Either may be negative where edges are cut.
 */
export interface AxisReach {
  readonly step: number;
  readonly before: number;
  readonly after: number;
}

/** What is known of a node's reach; `unbounded` names the operation that reads more than a neighbourhood. */
export type Reach =
  | ({ readonly kind: 'bounded' } & AxisReach)
  | { readonly kind: 'unbounded'; readonly node: GraphNode };

/**
 * The reach of a node such that it holds in an input of `whole` pixels and in
 * any window of `part` pixels of it: then a window that begins at a multiple of
 * the axis' modulus gives what the whole input gives, wherever the reach stays
 * inside the window. Unbounded where an operation depends on more: on means over
 * the image, or on sizes in another way than by steps (`align_corners`, crops
 * that grow with the image). Both sizes must be legal.
 *
 * Intervals are propagated forwards as in receptive fields (Araujo et al. 2019),
 * but with their two ends apart, since paddings and crops are not symmetric.
 */
export function reachOf(
  graph: Graph,
  axis: Axis,
  node: NodeId,
  whole: number,
  part: number,
): Reach {
  const sizes = [whole, part].map((size) => walkAxis(graph, axis, size).sizes);
  const reaches: Reach[] = [];
  for (const each of graph.nodes) reaches.push(next(each));
  return reaches[node]!;

  function next(node: GraphNode): Reach {
    const inputs = node.inputs.map((id) => reaches[id]!);
    const unbounded = inputs.find(({ kind }) => kind === 'unbounded');
    if (unbounded !== undefined) return unbounded;
    const known = inputs.filter((reach) => reach.kind === 'bounded');
    const reach = stepOf(node, known);
    if (reach === undefined) return { kind: 'unbounded', node };
    const { step, before, after } = reach;
    // Pixels that a crop takes off do not come back: what is padded behind it is other than in
    // the whole, so what is right in the window ends with the node itself.
    const [, inPart] = sizes.map((all) => all[node.id]);
    const rest = part - 1 - (inPart! - 1) * step;
    return { kind: 'bounded', step, before: Math.max(before, 0), after: Math.max(after, rest) };
  }

  /** Undefined where the operation's reach has no bound that holds in both sizes. */
  function stepOf(node: GraphNode, inputs: readonly AxisReach[]): AxisReach | undefined {
    const { op } = node;
    const first = inputs[0] ?? { step: 1, before: 0, after: 0 };
    switch (op.kind) {
      case 'conv':
      case 'depthwise_conv':
      case 'max_pool':
      case 'avg_pool': {
        const kernel = 'size' in op ? op.size[axis] : kernelReach(op, axis);
        const stride = op.stride[axis];
        const edge = both(node, (size) => edgeBefore(op.padding, axis, size, kernel, stride));
        return edge === undefined ? undefined : windowed(first, kernel, stride, edge);
      }
      case 'conv_transpose': {
        const [kernel, stride] = [op.kernel[axis], op.stride[axis]];
        const cut = axis === 0 ? op.edges.top : op.edges.left;
        const step = first.step / stride;
        return {
          step,
          before: first.before + (kernel - 1 - cut) * step,
          after: first.after + cut * step,
        };
      }
      case 'upsample':
        return resampled(first, 1 / op.factor[axis], op.method, op.coordinates);
      case 'pixel_shuffle':
        return resampled(first, 1 / op.factor, 'nearest', 'asymmetric');
      case 'resize_to': {
        const ratio = both(node, (size, sizes) => size / sizes[node.id]!);
        return ratio === undefined ? undefined : resampled(first, ratio, op.method, op.coordinates);
      }
      case 'crop':
        return moved(first, axis === 0 ? op.edges.top : op.edges.left);
      case 'pad':
        return moved(first, axis === 0 ? -op.edges.top : -op.edges.left);
      case 'crop_to':
      case 'pad_to': {
        const difference = both(node, (size, sizes) => size - sizes[node.id]!);
        if (difference === undefined) return undefined;
        const half = Math.abs(difference) / 2;
        // How the odd pixel is rounded moves the result by one at most.
        const [least, most] = [Math.floor(half), Math.ceil(half)];
        const [low, high] = op.kind === 'crop_to' ? [least, most] : [-most, -least];
        return {
          step: first.step,
          before: first.before - low * first.step,
          after: first.after + high * first.step,
        };
      }
      case 'concat':
      case 'add':
      case 'average':
      case 'subtract':
      case 'multiply': {
        const step = Math.max(...inputs.map((input) => input.step));
        if (inputs.some((input) => Math.abs(input.step - step) > 1e-9)) return undefined;
        return {
          step,
          before: Math.max(...inputs.map(({ before }) => before)),
          after: Math.max(...inputs.map(({ after }) => after)),
        };
      }
      case 'global_avg_pool':
      case 'adaptive_avg_pool':
      case 'global_max_pool':
      case 'instance_norm':
      case 'group_norm':
        return undefined;
      case 'input':
      case 'batch_norm':
      case 'layer_norm':
      case 'activation':
      case 'prelu':
      case 'softmax':
      case 'dropout':
      case 'is_largest':
        return first;
    }
  }

  /** A number of the sizes of the node's first input, where it is one and the same for the whole and the part. */
  function both(
    node: GraphNode,
    value: (size: number, sizes: readonly (number | undefined)[]) => number,
  ): number | undefined {
    const [one, other] = sizes.map((all) => value(all[node.inputs[0]!]!, all));
    return one !== undefined && Math.abs(one - other!) < 1e-9 ? one : undefined;
  }
}

/** Zeros before the first pixel. */
function edgeBefore(
  padding: Padding,
  axis: Axis,
  size: number,
  kernel: number,
  stride: number,
): number {
  if (typeof padding === 'object') return axis === 0 ? padding.top : padding.left;
  return Math.floor(Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0) / 2);
}

/** A window of `kernel` pixels every `stride`, the first one `edge` pixels before the start. */
function windowed(
  { step, before, after }: AxisReach,
  kernel: number,
  stride: number,
  edge: number,
): AxisReach {
  return {
    step: step * stride,
    before: before + edge * step,
    after: after + (kernel - 1 - edge) * step,
  };
}

/** Pixel i becomes pixel i + offset of the input. */
function moved({ step, before, after }: AxisReach, offset: number): AxisReach {
  return { step, before: before - offset * step, after: after + offset * step };
}

/** Pixel i reads the input around i ratio; see `Sampling` for where exactly. */
function resampled(
  { step, before, after }: AxisReach,
  ratio: number,
  method: Sampling['method'],
  coordinates: Coordinates,
): AxisReach | undefined {
  if (Math.abs(ratio - 1) < 1e-9) return { step, before, after };
  const inner = step * ratio;
  // The source is rounded down, by less than one pixel.
  const lost = Number.isInteger(1 / ratio) ? step - inner : Number.isInteger(ratio) ? 0 : step;
  if (coordinates === 'align_corners') return undefined;
  if (method === 'nearest') {
    // Half a pixel further where that is more than what rounding down takes off again.
    const ahead =
      coordinates === 'half_pixel' && !Number.isInteger(1 / ratio) ? (ratio / 2) * step : 0;
    return { step: inner, before: before + lost, after: after + ahead };
  }
  const shift = coordinates === 'half_pixel' ? (ratio - 1) / 2 : 0;
  return {
    step: inner,
    before: before + step * (1 - Math.min(shift, 0)),
    after: after + step * (1 + Math.max(shift, 0)),
  };
}
