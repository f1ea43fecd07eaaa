import type { NodeId } from '../graph.js';
import type { AxisAnalysis, Form } from './analysis.js';

/**
 * The sizes of a node along an axis, for each legal residue of the input; the one size, of
 * slope 0, where the spec fixes the axis. Nodes of one analysis have as many, in one order.
 */
export function nodeSizes(
  { input, modulus, residues, classes }: AxisAnalysis,
  node: NodeId,
): readonly Form[] {
  const own = classes[node]!;
  if (typeof input === 'string') return residues.map(({ forms }) => forms[own]!);
  return residues
    .filter(({ residue }) => input % modulus === residue)
    .map(({ residue, forms }) => {
      const { slope, offset } = forms[own]!;
      return { slope: 0, offset: slope * ((input - residue) / modulus) + offset };
    });
}
