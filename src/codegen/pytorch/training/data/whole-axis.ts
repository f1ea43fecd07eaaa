import type { GraphOutput } from '../../../../ir/graph.js';
import type { AxisSizes } from '../../../../ir/recipe.js';
import type { AxisAnalysis } from '../../../../ir/sizes/analysis.js';
import { outputScale } from '../../../../ir/sizes/geometry.js';

/** The legal sizes of one remainder of the modulus, and what the network makes of them. */
export interface LegalSizes {
  readonly residue: number;
  readonly least: number;
  /** Infinity where there is no largest. */
  readonly most: number;
  /** The output of an input of q moduli and the residue is slope q + offset. */
  readonly slope: number;
  readonly offset: number;
}

/** Every legal size of one axis. */
export interface WholeAxis {
  readonly modulus: number;
  readonly legal: readonly LegalSizes[];
  /** Output pixels for one input pixel. */
  readonly scale: number;
  /** Whether the output has the size of every legal input, the multiples of the modulus from `least` on. */
  readonly isPlain: boolean;
  /** Whether the output stands for the whole of every input. */
  readonly coversAll: boolean;
}

/** Reads from the proof which sizes are legal and what an output becomes. */
export function wholeAxis(
  analysis: AxisAnalysis,
  sizes: AxisSizes,
  { name, node }: GraphOutput,
): WholeAxis {
  const fixed = typeof analysis.input === 'number' ? analysis.input : undefined;
  const { modulus } = analysis;
  const kind = analysis.classes[node]!;
  const legal = analysis.residues
    .filter(({ residue }) => fixed === undefined || fixed % modulus === residue)
    .map(({ residue, minimum, maximum, forms }): LegalSizes => {
      const { slope, offset } = forms[kind]!;
      const [least, most] = [fixed ?? minimum, fixed ?? maximum];
      return { residue, least, most, slope, offset };
    });
  const first = sizes.legalAtLeast(1)!;
  const [only] = legal;
  return {
    modulus,
    legal,
    scale: outputScale(sizes, name, first),
    isPlain:
      legal.length === 1 &&
      only!.most === Infinity &&
      only!.residue === 0 &&
      only!.slope === modulus &&
      only!.offset === 0,
    coversAll: legal.every(({ slope }) => slope === 0) && fixed === undefined,
  };
}
