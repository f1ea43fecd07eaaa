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
  /**
   * Whether a function may hold what is called by a name outside of it, as taps of a
   * declared encoder are: not where names of weights say which function they are in.
   */
  readonly takesForeignNames: boolean;
  /**
   * Whether a function that makes the layers of a shared instance is another than one that
   * makes layers and sends a tensor through them: there no tensor tells numbers of channels.
   */
  readonly makesLayersFirst?: boolean;
  /** Whether a function may have steps that some calls go without (`Condition`). */
  readonly joinsVariants?: boolean;
}
