import type { Operation } from './body.js';

/** What a program must know of the target that prints it. */
export interface Target {
  /** The attributes whose formulas the target writes; the others stand as values. */
  readonly writes: (operation: Operation) => readonly string[];
  /**
   * A text that is equal where the target writes two operations, alike but for numbers that
   * become parameters, in one way: only then may calls share a function.
   */
  readonly keyOf: (operation: Operation) => string;
}
