import type { InputAxis, NodeId } from '../graph.js';
import type { Axis } from '../operations/axis-rules.js';
import { leastCommonMultiple } from './fraction.js';

/** A size as slope * q + offset, where the input is modulus * q + residue. */
export interface Form {
  readonly slope: number;
  readonly offset: number;
}

/** One residue of the input size that has legal sizes: all from `minimum` to `maximum`. */
export interface LegalResidue {
  readonly residue: number;
  readonly minimum: number;
  /** Infinity but for networks that fit a range, or one size, only. */
  readonly maximum: number;
  /** The sizes of the network, by class. */
  readonly forms: readonly Form[];
}

/**
 * Every legal size of one axis. With M the product of all strides on any path,
 * and one residue r of the input size mod M, every size in the network is an
 * affine function of q = (size - r) / M: floors are exact because each division
 * meets a slope it divides. So each demand (two sizes equal, a size not below a
 * bound) is an equation or inequality in q, and the legal q are an interval.
 */
export interface AxisAnalysis {
  readonly axis: Axis;
  /** The name or the fixed number of the input's axis. */
  readonly input: InputAxis;
  readonly modulus: number;
  /** The class of every node: nodes that have one size whatever the input share one. */
  readonly classes: readonly number[];
  readonly residues: readonly LegalResidue[];
}

/** The size of a node for one legal input size; undefined when the input is not legal. */
export function sizeAt(analysis: AxisAnalysis, node: NodeId, input: number): number | undefined {
  const legal = residueOf(analysis, input);
  const form = legal?.forms[analysis.classes[node]!];
  if (legal === undefined || form === undefined) return undefined;
  return (form.slope * (input - legal.residue)) / analysis.modulus + form.offset;
}

/** The legal residue a size belongs to; undefined when the size is not legal. */
export function residueOf(analysis: AxisAnalysis, size: number): LegalResidue | undefined {
  if (!Number.isInteger(size) || size < 1) return undefined;
  const residue = size % analysis.modulus;
  const legal = legalResidue(analysis, residue);
  return legal !== undefined && size >= legal.minimum && size <= legal.maximum ? legal : undefined;
}

/** The legal residue of that number; they are in order. */
export function legalResidue(
  { residues }: Pick<AxisAnalysis, 'residues'>,
  residue: number,
): LegalResidue | undefined {
  let [low, high] = [0, residues.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (residues[middle]!.residue < residue) low = middle + 1;
    else high = middle;
  }
  return residues[low]?.residue === residue ? residues[low] : undefined;
}

/** A size in terms of the input: scale * input + offset. */
export interface AffineSize {
  readonly scale: number;
  readonly offset: number;
}

/** A node's size as a function of the input, for one residue. */
export function affineSize(analysis: AxisAnalysis, legal: LegalResidue, node: NodeId): AffineSize {
  const form = legal.forms[analysis.classes[node]!]!;
  const scale = form.slope / analysis.modulus;
  return { scale, offset: form.offset - scale * legal.residue };
}

/** The analysis left when both axes must have the same size (`[H, H, 3]`). */
export function intersectAxes(one: AxisAnalysis, other: AxisAnalysis): AxisAnalysis {
  const modulus = leastCommonMultiple(one.modulus, other.modulus);
  if (modulus === one.modulus && modulus === other.modulus) {
    const residues = one.residues.flatMap((legal) => {
      const match = legalResidue(other, legal.residue);
      if (match === undefined) return [];
      const minimum = Math.max(legal.minimum, match.minimum);
      const maximum = Math.min(legal.maximum, match.maximum);
      return minimum > maximum ? [] : [{ ...legal, minimum, maximum }];
    });
    return { ...one, residues };
  }
  return intersectAxes(refine(one, modulus), refine(other, modulus));
}

/** The same legal sizes over a multiple of the modulus. */
function refine(analysis: AxisAnalysis, modulus: number): AxisAnalysis {
  const factor = modulus / analysis.modulus;
  const residues = analysis.residues.flatMap((legal) =>
    Array.from({ length: factor }, (_, step): LegalResidue => {
      const residue = legal.residue + step * analysis.modulus;
      const up = (bound: number): number =>
        Math.ceil((bound - residue) / modulus) * modulus + residue;
      const down = (bound: number): number =>
        Math.floor((bound - residue) / modulus) * modulus + residue;
      return {
        residue,
        minimum: Math.max(up(legal.minimum), residue === 0 ? modulus : residue),
        maximum: legal.maximum === Infinity ? Infinity : down(legal.maximum),
        forms: legal.forms.map((form) => ({
          slope: form.slope * factor,
          offset: form.offset + form.slope * step,
        })),
      };
    }).filter((candidate) => candidate.minimum <= candidate.maximum),
  );
  residues.sort((left, right) => left.residue - right.residue);
  return { ...analysis, modulus, residues };
}
