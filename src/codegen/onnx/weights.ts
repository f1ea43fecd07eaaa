import type { GraphNode } from '../../ir/graph.js';
import type { OpKind } from '../../ir/operations/ops.js';
import {
  weightsName,
  type Weight,
  type WeightAxis,
  type WeightRole,
} from '../../ir/operations/weights.js';

/** The numbers of a weight, and which axes they count, the outermost first. */
export interface WeightValues {
  readonly values: Float32Array;
  readonly order: readonly WeightAxis[];
}

/** Gives the numbers of each weight of a graph. */
export type ValuesOf = (node: GraphNode, weight: Weight) => WeightValues;

/** PyTorch's words: constants of ONNX are looked at, and looked for, by its users. */
const words = {
  kernel: 'weight',
  bias: 'bias',
  scale: 'weight',
  shift: 'bias',
  slope: 'weight',
  mean: 'running_mean',
  variance: 'running_var',
  table: 'table',
} as const satisfies Readonly<Record<WeightRole, string>>;

/** The name of a weight's constant: `e1/conv1.weight`. */
export const weightName = (node: GraphNode, role: WeightRole): string =>
  `${weightsName(node)}.${words[role]}`;

/** The order of the axes of a kernel where it is not the usual one, and of a table. */
const ownAxes: Partial<Readonly<Record<OpKind, readonly WeightAxis[]>>> = {
  depthwise_conv: ['channels', 'multiplier', 'height', 'width'],
  conv_transpose: ['in', 'out', 'height', 'width'],
  attention: ['offset', 'head'],
  positions: ['channels', 'height', 'width'],
};

const usualAxes: readonly WeightAxis[] = ['out', 'in', 'height', 'width'];

/** The order in which ONNX has the axes of a weight. */
export const orderOf = ({ kind }: { readonly kind: OpKind }, role: WeightRole) =>
  role === 'kernel' || role === 'table' ? (ownAxes[kind] ?? usualAxes) : (['channels'] as const);

/** The shape of a weight's constant; every kernel of a depthwise convolution is one output channel. */
export function dimensionsOf(
  { op }: GraphNode,
  { role, axes }: Weight,
  isPerPixel: boolean,
): readonly number[] {
  if (op.kind === 'depthwise_conv' && role === 'kernel') {
    return [axes.channels! * axes.multiplier!, 1, axes.height!, axes.width!];
  }
  const lengths = orderOf(op, role).map((axis) => axes[axis]!);
  return isPerPixel ? [...lengths, 1, 1] : lengths;
}

/** The numbers in another order of their axes. */
export function reordered(
  { values, order }: WeightValues,
  axes: Weight['axes'],
  wanted: readonly WeightAxis[],
): Float32Array {
  if (order.join() === wanted.join()) return values;
  const [from, to] = [stepsOf(order, axes), stepsOf(wanted, axes)];
  // Along the innermost axis of the source a few numbers at a time are taken: so many
  // lines of the result stay in the cache while the other axes run through.
  const inner = order.at(-1)!;
  const step = to[inner]!;
  const outer = wanted
    .filter((axis) => axis !== inner)
    .map((axis) => ({ length: axes[axis]!, from: from[axis]!, to: to[axis]! }));
  const result = new Float32Array(values.length);
  const runs = values.length / axes[inner]!;
  for (let first = 0; first < axes[inner]!; first += blockLength) {
    const end = Math.min(first + blockLength, axes[inner]!);
    const place = outer.map(() => 0);
    let [source, target] = [0, 0];
    for (let run = 0; run < runs; run++) {
      for (let at = first; at < end; at++) result[target + at * step] = values[source + at]!;
      for (let axis = outer.length - 1; axis >= 0; axis--) {
        const each = outer[axis]!;
        place[axis]! += 1;
        source += each.from;
        target += each.to;
        if (place[axis]! < each.length) break;
        place[axis] = 0;
        source -= each.from * each.length;
        target -= each.to * each.length;
      }
    }
  }
  return result;
}

/** Numbers of a line of a cache. */
const blockLength = 16;

/** How far apart in memory neighbours along each axis are. */
export function stepsOf(
  order: readonly WeightAxis[],
  axes: Weight['axes'],
): Readonly<Partial<Record<WeightAxis, number>>> {
  const steps: Partial<Record<WeightAxis, number>> = {};
  let step = 1;
  for (const axis of [...order].reverse()) {
    steps[axis] = step;
    step *= axes[axis]!;
  }
  return steps;
}
