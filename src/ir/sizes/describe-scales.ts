import { isPerImage } from '../graph-heads.js';
import type { Graph, NodeId } from '../graph.js';
import { affineSize, type AxisAnalysis } from './analysis.js';
import type { SizeAnalysis } from './sizes.js';

/** A sentence for every output of another resolution than the input's. */
export function describeScales(graph: Graph, { height, width }: SizeAnalysis): readonly string[] {
  return graph.outputs.flatMap(({ name, node }) => {
    if (isPerImage(graph, node)) return [`"${name}" classifies the whole image.`];
    const [vertical, horizontal] = [scaleOf(height, node), scaleOf(width, node)];
    if (vertical === 1 && horizontal === 1) return [];
    const part =
      vertical === horizontal
        ? `${describeScale(vertical)} the height and width`
        : `${describeScale(vertical)} the height and ${describeScale(horizontal)} the width`;
    return [`"${name}" comes out at ${part} of the input.`];
  });
}

/** Pixels of a tensor for each of the input's. */
function scaleOf(axis: AxisAnalysis, node: NodeId): number {
  const [first] = axis.residues;
  return first === undefined ? 1 : affineSize(axis, first, node).scale;
}

function describeScale(scale: number): string {
  if (scale === 1) return 'once';
  if (scale === 2) return 'twice';
  if (scale === 0.5) return 'half';
  const parts = Math.round(1 / scale);
  return scale < 1 && Math.abs(parts * scale - 1) < 1e-9 ? `1/${parts} of` : `${scale} times`;
}
