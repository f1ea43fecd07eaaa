import type { Graph, GraphNode } from '../../src/ir/graph.js';
import { nodeWeights, type Weight, type WeightAxis } from '../../src/ir/operations/weights.js';
import { axesOf, weightNameOf } from '../../src/codegen/tfjs/weights.js';
import { weightValues, type WeightKind } from '../networks/reference.js';

const kinds = {
  kernel: 'weight',
  bias: 'bias',
  scale: 'gamma',
  shift: 'beta',
  mean: 'mean',
  variance: 'var',
  slope: 'slope',
  table: 'weight',
} as const satisfies Readonly<Record<Weight['role'], WeightKind>>;

const product = (lengths: readonly number[]): number =>
  lengths.reduce((size, length) => size * length, 1);

/**
 * Weights by the formulas of `test/oracles/formulas.py`, each by its kind and its shape in
 * PyTorch alone: a network of the same layers has the same, whatever their names and order.
 */
export function weightsByShape(graph: Graph, gain: number): Map<string, Float32Array> {
  return new Map(
    graph.nodes.flatMap((node) =>
      nodeWeights(graph, node).map((weight) => [
        weightNameOf(node, weight.role),
        valuesOf(node, weight, gain),
      ]),
    ),
  );
}

function valuesOf({ op }: GraphNode, { role, axes }: Weight, gain: number): Float32Array {
  const lengthOf = (axis: WeightAxis): number => axes[axis]!;
  const torch = torchAxes(op.kind, role);
  // PyTorch has the kernels of a depthwise convolution as [channels * multiplier, 1, height, width].
  const isDepthwise = op.kind === 'depthwise_conv' && role === 'kernel';
  const shape = isDepthwise
    ? [lengthOf('channels') * lengthOf('multiplier'), 1, lengthOf('height'), lengthOf('width')]
    : torch.map(lengthOf);
  const amplitude = gain * Math.sqrt(6 / product(shape.slice(1)));
  const position = shape.reduce((sum, length) => sum + length, 0);
  const values = weightValues(kinds[role], shape, amplitude, position);
  return turned(
    values,
    torch.map((axis) => [axis, lengthOf(axis)] as const),
    axesOf(op.kind, role),
  );
}

/** The order of the axes in PyTorch, the outermost first. */
function torchAxes(kind: GraphNode['op']['kind'], role: Weight['role']): readonly WeightAxis[] {
  if (role === 'table') return axesOf(kind, role);
  if (role !== 'kernel') return ['channels'];
  if (kind === 'depthwise_conv') return ['channels', 'multiplier', 'height', 'width'];
  return kind === 'conv_transpose'
    ? ['in', 'out', 'height', 'width']
    : ['out', 'in', 'height', 'width'];
}

/** Values in another order of their axes. */
function turned(
  values: Float32Array,
  from: readonly (readonly [WeightAxis, number])[],
  to: readonly WeightAxis[],
): Float32Array {
  if (from.length === 1) return values;
  const names = from.map(([axis]) => axis);
  const steps = from.map((_, at) => product(from.slice(at + 1).map(([, length]) => length)));
  const [a, b, c, d] = to.map((axis) => {
    const at = names.indexOf(axis);
    return { length: from[at]![1], step: steps[at]! };
  }) as [Axis, Axis, Axis, Axis];
  const found = new Float32Array(values.length);
  let next = 0;
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < b.length; j++)
      for (let k = 0; k < c.length; k++)
        for (let l = 0; l < d.length; l++)
          found[next++] = values[i * a.step + j * b.step + k * c.step + l * d.step]!;
  return found;
}

/** How long an axis is, and how far its neighbours lie apart. */
interface Axis {
  readonly length: number;
  readonly step: number;
}
