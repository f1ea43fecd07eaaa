import type { Colour } from '../../ir/recipe.js';
import type { ValueRange } from '../../ir/scaling.js';
import type { TargetRule } from './read-target.js';

/** What a network expects of the files. */
export interface PairRules {
  /** The number of classes that masks name, 2 or more. */
  readonly classCount: number;
  readonly inputChannels: number;
  /** The file values that count as 0 and 1; those of the file's type where it is undefined. */
  readonly range?: ValueRange | undefined;
  /** The recipe's table of colours, by which masks are read; undefined for grey masks and indices. */
  readonly colours: readonly Colour[] | undefined;
  /** What pixels without a class look like, where the recipe says so. */
  readonly ignore: readonly (number | Colour)[] | undefined;
  /** What the recipe calls the classes, class 0 first. */
  readonly classNames?: readonly string[] | undefined;
  /** Where masks number objects: the width of the borders that the network learns, in pixels. */
  readonly borderWidth?: number | undefined;
  /** What the files of targets that heads have of their own have to hold. */
  readonly targets: readonly TargetRule[];
  /** Whether the masks of a training before have settled what values mean. */
  readonly isSettled: boolean;
}
