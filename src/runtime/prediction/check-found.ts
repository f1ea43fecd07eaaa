import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { atFile } from '../data/at-file.js';
import { nameOfClass } from '../data/class-names.js';
import { percent } from '../data/describe-summary.js';
import type { ConfusionCounts } from '../metrics/counts.js';
import type { UnpredictedClass } from '../runs/checkpoint.js';

/** The classes that masks have and no pixel is predicted as. */
export function unpredictedClasses({
  pixels,
  classes,
}: ConfusionCounts): readonly UnpredictedClass[] {
  return classes.flatMap(({ truePositives, falsePositives, falseNegatives }, index) => {
    const isMissed = truePositives + falsePositives === 0 && falseNegatives > 0;
    return isMissed ? [{ class: index, pixels: falseNegatives, of: pixels }] : [];
  });
}

/** `"class 1" (0.12 % of the pixels), "class 3" (2 % of the pixels)`. */
export function describeUnpredicted(
  missed: readonly UnpredictedClass[],
  names: readonly string[] | undefined,
): string {
  return missed
    .map(
      ({ class: index, pixels, of }) =>
        `"${nameOfClass(index, names)}" (${percent(pixels, of)} of the pixels)`,
    )
    .join(', ');
}

/**
 * Warns where a class is in the masks and the network never predicts it, with
 * the part of the pixels that it has.
 */
export function checkFound(
  folder: string,
  missed: readonly UnpredictedClass[],
  names: readonly string[] | undefined,
): readonly Diagnostic[] {
  if (missed.length === 0) return [];
  const help = [
    'Rare classes need weight: "class_weights" in a cross-entropy, or a loss of regions such as dice; and more epochs or images that show them.',
  ];
  const parameters = { classes: describeUnpredicted(missed, names), count: missed.length };
  return [createDiagnostic('classes-never-found', parameters, { at: atFile(folder), help })];
}
