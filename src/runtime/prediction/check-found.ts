import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { atFile } from '../data/at-file.js';
import { nameOfClass } from '../data/class-names.js';
import { percent } from '../data/describe-summary.js';
import type { Head } from '../losses/head.js';
import type { ConfusionCounts } from '../metrics/counts.js';
import type { UnpredictedClass } from '../runs/checkpoint.js';

/** The classes that masks have and no pixel, or no image, is predicted as. */
export function unpredictedClasses({
  pixels,
  classes,
}: ConfusionCounts): readonly UnpredictedClass[] {
  return classes.flatMap(({ truePositives, falsePositives, falseNegatives }, index) => {
    const isMissed = truePositives + falsePositives === 0 && falseNegatives > 0;
    return isMissed ? [{ class: index, pixels: falseNegatives, of: pixels }] : [];
  });
}

/** What classes are called, and what is evaluated: pixels, or whole images. */
export interface EvaluatedClasses {
  readonly names: readonly string[] | undefined;
  readonly unit: 'pixel' | 'image';
}

/** Those of a head. */
export function evaluatedClasses(
  { classifiesImages }: Pick<Head, 'classifiesImages'>,
  { classes }: Pick<TrainRecipe, 'classes'>,
): EvaluatedClasses {
  return { names: classes, unit: classifiesImages ? 'image' : 'pixel' };
}

/** `"class 1" (0.12 % of the pixels), "class 3" (2 % of the pixels)`. */
export function describeUnpredicted(
  missed: readonly UnpredictedClass[],
  { names, unit }: EvaluatedClasses,
): string {
  return missed
    .map(
      ({ class: index, pixels, of }) =>
        `"${nameOfClass(index, names)}" (${percent(pixels, of)} of the ${unit}s)`,
    )
    .join(', ');
}

/** A class of less than this part of all is rare: leaving it out costs the loss little. */
const RARE = 1 / 10;

/**
 * Warns where a class is in the masks and the network never predicts it, with
 * the part of the pixels or images that it has.
 */
export function checkFound(
  folder: string,
  missed: readonly UnpredictedClass[],
  evaluated: EvaluatedClasses,
): readonly Diagnostic[] {
  if (missed.length === 0) return [];
  const isRare = ({ pixels, of }: UnpredictedClass): boolean => pixels < RARE * of;
  const regions = evaluated.unit === 'pixel' ? ', or a loss of regions such as dice' : '';
  const help = [
    ...(missed.some(isRare)
      ? [
          `Rare classes need weight: "class_weights" in a cross-entropy${regions}; and more epochs or images that show them.`,
        ]
      : []),
    ...(missed.every(isRare)
      ? []
      : [
          'A class as common as this is missed by a network that has hardly learned: train for more epochs, try another learning rate, and look at the images and masks, which may not belong together.',
        ]),
  ];
  const parameters = {
    ...{ classes: describeUnpredicted(missed, evaluated), count: missed.length },
    unit: evaluated.unit,
  };
  return [createDiagnostic('classes-never-found', parameters, { at: atFile(folder), help })];
}
