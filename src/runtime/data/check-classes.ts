import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { nameOfClass } from './class-names.js';
import type { SplitSummary } from './summary.js';

/**
 * Reports training masks that leave nothing to learn, classes that no training
 * mask has, and validation masks that cannot tell good from bad.
 *
 * @param names the classes as the recipe calls them.
 */
export function checkClasses(
  folder: string,
  summaries: readonly SplitSummary[],
  classCount: number,
  names: readonly string[] | undefined,
  reporter: Reporter,
): void {
  const at = atFile(folder);
  const training = summaries.find(({ name }) => name === 'train');
  if (training === undefined || training.pairs === 0) return;
  const masks = training.pairs;
  const present = presentClasses(training);
  if (present.length < 2) {
    const help = [
      present.length === 0
        ? 'Every pixel is left out by "ignore": draw the classes into the masks.'
        : 'Look at the masks: were they drawn, and are they the right files? "unetc data" shows the values they hold.',
    ];
    const found = describeOnly(present, names);
    reporter.report('training-one-class', { found, masks }, { at, help });
    return;
  }
  const absent = Array.from({ length: classCount }, (_, c) => c).filter(
    (c) => !present.includes(c),
  );
  if (absent.length > 0) {
    const classes = absent.map((c) => `"${nameOfClass(c, names)}"`).join(', ');
    const help = ['Give the head fewer channels, or add images that show them.'];
    reporter.report('classes-absent', { classes, count: absent.length }, { at, help });
  }
  const validation = summaries.find(({ name }) => name === 'val');
  if (validation === undefined || validation.pairs === 0) return;
  const shown = presentClasses(validation);
  if (shown.length < 2) {
    const help = ['Move pairs that show the other classes from "train" to "val".'];
    const parameters = { found: describeOnly(shown, names), masks: validation.pairs };
    reporter.report('validation-one-class', parameters, { at, help });
  }
}

function presentClasses({ classes }: SplitSummary): readonly number[] {
  return (classes ?? []).flatMap((pixels, c) => (pixels > 0 ? [c] : []));
}

function describeOnly(present: readonly number[], names: readonly string[] | undefined): string {
  const [only] = present;
  return only === undefined
    ? 'No pixel has a class'
    : `Every pixel is of the class "${nameOfClass(only, names)}"`;
}
