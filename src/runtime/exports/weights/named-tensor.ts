import { dimensionsOf, orderOf, reordered, weightName } from '../../../codegen/onnx/weights.js';
import type { Graph } from '../../../ir/graph.js';
import { nodeWeights, weightOwners } from '../../../ir/operations/weights.js';
import { namedValues } from '../onnx-weights.js';

/** A tensor as a file of weights has it. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly values: Float32Array;
}

/**
 * The weights of a graph as the `state_dict` of its PyTorch module has them: names with dots,
 * kernels [out, in, height, width], in node order.
 *
 * @param values by the network's own names, in the runtime's order of axes.
 */
export function torchTensors(
  graph: Graph,
  values: ReadonlyMap<string, Float32Array>,
): readonly NamedTensor[] {
  const valuesOf = namedValues(values);
  return weightOwners(graph).flatMap((node) =>
    nodeWeights(graph, node).map((weight) => ({
      name: weightName(node, weight.role).replaceAll('/', '.'),
      shape: dimensionsOf(node, weight, false),
      values: reordered(valuesOf(node, weight), weight.axes, orderOf(node.op, weight.role)),
    })),
  );
}

/** The bytes of values, the lowest byte first: as they lie in memory wherever Node runs today. */
export const bytesOf = ({ values }: NamedTensor): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
