import type { AxisAnalysis, LegalResidue } from '../ir/sizes/analysis.js';
import { legalText } from '../ir/sizes/legal-text.js';
import type { SizeAnalysis } from '../ir/sizes/sizes.js';

/** Which sizes of an axis a network refuses; targets write the condition in their language. */
export type RefusedSizes =
  | { readonly kind: 'all but'; readonly size: number }
  | { readonly kind: 'below'; readonly least: number }
  | {
      readonly kind: 'below or residues';
      readonly least: number;
      readonly modulus: number;
      /** The legal ones, of several or one. */
      readonly residues: readonly number[];
    }
  | {
      readonly kind: 'outside';
      readonly modulus: number;
      readonly ranges: readonly LegalResidue[];
    };

/** The sizes of an axis that are illegal; undefined when all are legal. */
export function refusedSizes(axis: AxisAnalysis): RefusedSizes | undefined {
  if (typeof axis.input === 'number') return { kind: 'all but', size: axis.input };
  const { modulus, residues } = axis;
  const least = Math.min(...residues.map((legal) => legal.minimum));
  const startsTogether = residues.every(
    (legal) => legal.minimum < least + modulus && legal.maximum === Infinity,
  );
  if (!startsTogether) return { kind: 'outside', modulus, ranges: residues };
  if (residues.length === modulus) return least === 1 ? undefined : { kind: 'below', least };
  const list = residues.map((legal) => legal.residue);
  return { kind: 'below or residues', least, modulus, residues: list };
}

/** One check of an image's size: the condition under which it fails, and what is legal in words. */
export type SizeCheck =
  | {
      /** `size` where one condition on a variable `size` holds for height and width. */
      readonly of: 'size' | 'height' | 'width';
      readonly condition: string;
      readonly legal: string;
    }
  | { readonly of: 'equality'; readonly legal: string };

/**
 * The checks that a function makes which refuses illegal sizes. `conditionOf` writes the
 * condition on a variable in the target's language; undefined where nothing is checked.
 */
export function sizeChecks(
  { height, width }: SizeAnalysis,
  conditionOf: (axis: AxisAnalysis, variable: string) => string | undefined,
): readonly SizeCheck[] {
  const checks: SizeCheck[] = [];
  const both = conditionOf(height, 'size');
  if (both !== undefined && both === conditionOf(width, 'size')) {
    const legal = `height and width are ${legalText(height).both}`;
    checks.push({ of: 'size', condition: both, legal });
  } else {
    for (const [axis, of] of [
      [height, 'height'],
      [width, 'width'],
    ] as const) {
      const condition = conditionOf(axis, of);
      if (condition === undefined) continue;
      checks.push({ of, condition, legal: `${of} is ${legalText(axis).one}` });
    }
  }
  if (typeof height.input === 'string' && height.input === width.input) {
    checks.push({ of: 'equality', legal: 'height and width are equal' });
  }
  return checks;
}
