import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { atFile } from '../data/at-file.js';
import { nameOfClass } from '../data/class-names.js';
import { percent } from '../data/describe-summary.js';
import type { ConfusionCounts } from '../metrics/counts.js';

/**
 * Warns where a class is in the masks and the network never predicts it, with
 * the part of the pixels that it has.
 */
export function checkFound(
  folder: string,
  { classes, pixels }: ConfusionCounts,
  names: readonly string[] | undefined,
): readonly Diagnostic[] {
  const missed = classes.flatMap(({ truePositives, falsePositives, falseNegatives }, c) => {
    const there = truePositives + falseNegatives;
    if (there === 0 || truePositives + falsePositives > 0) return [];
    return [`"${nameOfClass(c, names)}" (${percent(there, pixels)} of the pixels)`];
  });
  if (missed.length === 0) return [];
  const help = [
    'Rare classes need weight: "class_weights" in a cross-entropy, or a loss of regions such as dice; and more epochs or images that show them.',
  ];
  const parameters = { classes: missed.join(', '), count: missed.length };
  return [createDiagnostic('classes-never-found', parameters, { at: atFile(folder), help })];
}
