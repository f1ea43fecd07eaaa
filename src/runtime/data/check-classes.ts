import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { nameOfClass } from './class-names.js';
import type { SplitSummary } from './summary.js';

/** What a head tells of masks. */
export interface ClassRules {
  readonly classCount: number;
  /** The classes as the recipe calls them. */
  readonly names: readonly string[] | undefined;
  /** Whether it classifies images, by the classes that occur in them. */
  readonly classifiesImages: boolean;
}

/**
 * Reports training masks that leave nothing to learn, classes that no training
 * mask has, and validation masks that cannot tell good from bad.
 */
export function checkClasses(
  folder: string,
  summaries: readonly SplitSummary[],
  rules: ClassRules,
  reporter: Reporter,
): void {
  const { classCount, names, classifiesImages } = rules;
  const at = atFile(folder);
  const training = summaries.find(({ name }) => name === 'train');
  if (training === undefined || training.pairs === 0) return;
  const masks = training.pairs;
  const present = presentClasses(training);
  const found = describeSame(training, rules);
  if (found !== undefined) {
    const help = [adviseOnSame(present, classifiesImages)];
    reporter.report('training-one-class', { found, masks }, { at, help });
    return;
  }
  const absent = Array.from({ length: classCount }, (_, c) => c).filter(
    (c) => !present.includes(c) && !(classifiesImages && c === 0),
  );
  if (absent.length > 0) {
    const classes = absent.map((c) => `"${nameOfClass(c, names)}"`).join(', ');
    const help = ['Give the head fewer channels, or add images that show them.'];
    reporter.report('classes-absent', { classes, count: absent.length }, { at, help });
  }
  const validation = summaries.find(({ name }) => name === 'val');
  if (validation === undefined || validation.pairs === 0) return;
  const shown = describeSame(validation, rules);
  if (shown !== undefined) {
    const help = ['Move pairs that show the other classes from "train" to "val".'];
    const parameters = { found: shown, masks: validation.pairs };
    reporter.report('validation-one-class', parameters, { at, help });
  }
}

function presentClasses({ classes }: SplitSummary): readonly number[] {
  return (classes ?? []).flatMap((pixels, c) => (pixels > 0 ? [c] : []));
}

/** What is the same in all that a head is to tell apart; undefined where something differs. */
function describeSame(
  split: SplitSummary,
  { names, classifiesImages }: ClassRules,
): string | undefined {
  const [only, ...others] = presentClasses(split);
  if (only === undefined) return 'No pixel has a class';
  if (others.length === 0) return `Every pixel is of the class "${nameOfClass(only, names)}"`;
  const [, ...foreground] = split.classMasks ?? [];
  const isSame = foreground.every((masks) => masks === 0 || masks === split.pairs);
  return classifiesImages && isSame ? 'The same classes occur' : undefined;
}

function adviseOnSame(present: readonly number[], classifiesImages: boolean): string {
  if (present.length === 0) {
    return 'Every pixel is left out by "ignore": draw the classes into the masks.';
  }
  return classifiesImages && present.length > 1
    ? 'The head tells which classes an image shows: add images that show other ones or none, and their masks. A head without global pooling learns where the classes are.'
    : 'Look at the masks: were they drawn, and are they the right files? "unetc data" shows the values they hold.';
}
