import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { weightsOf } from '../../codegen/tfjs/weights.js';
import { walkSizes } from '../../ir/sizes/concrete.js';

/** Bytes of a float32 value. */
export const floatBytes = 4;

/** Tensor sizes of a graph for one input size and a number of images. */
export interface TensorSizes {
  readonly graph: Graph;
  /** Images in a batch. */
  readonly batch: number;
  readonly heights: readonly (number | undefined)[];
  readonly widths: readonly (number | undefined)[];
}

/** Walks the graph; the sizes are legal ones. */
export function tensorSizes(
  graph: Graph,
  height: number,
  width: number,
  batch: number,
): TensorSizes {
  const { heights, widths } = walkSizes(graph, height, width);
  return { graph, batch, heights, widths };
}

/** Pixels of a node's output, of all images. */
export function pixelsOf({ batch, heights, widths }: TensorSizes, node: NodeId): number {
  return batch * (heights[node] ?? 0) * (widths[node] ?? 0);
}

/** Bytes of a node's output. */
export function bytesOf(sizes: TensorSizes, node: NodeId): number {
  return floatBytes * pixelsOf(sizes, node) * sizes.graph.nodes[node]!.channels;
}

/** Bytes of a node's weights. */
export function weightBytes(graph: Graph, node: GraphNode): number {
  return weightsOf(graph, node).reduce(
    (sum, { shape }) => sum + floatBytes * shape.reduce((size, axis) => size * axis, 1),
    0,
  );
}
