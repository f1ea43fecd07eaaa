import type { ValueRange } from '../../ir/scaling.js';

/** What a network expects of the files. */
export interface PairRules {
  /** The number of classes that masks name, 2 or more. */
  readonly classCount: number;
  readonly inputChannels: number;
  /** The file values that count as 0 and 1; those of the file's type where it is undefined. */
  readonly range?: ValueRange | undefined;
  /** Whether masks are read as colours of the recipe's table. */
  readonly byColour: boolean;
}
