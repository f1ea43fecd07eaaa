import type { Graph, NodeId } from '../../ir/graph.js';
import { shapeTexts } from '../../ir/sizes/size-text.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';

/** `[N, 128, H / 2 - 6, W / 2 - 6]` */
export function channelsFirst(graph: Graph, sizes: SizeAnalysis, node: NodeId): string {
  const [height, width, channels] = shapeTexts(graph, sizes, node);
  return `[N, ${channels}, ${height}, ${width}]`;
}
