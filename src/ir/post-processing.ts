/**
 * What makes the mask that is painted of the probabilities: what a recipe says in `post`. The
 * catalogue's docs say what each word does.
 */

/** A step that changes a whole mask. */
export type MaskStep =
  | { readonly kind: 'remove_small'; readonly pixels: number; readonly corners: boolean }
  | {
      readonly kind: 'fill_holes';
      /** The largest hole that is filled; undefined where all are. */
      readonly pixels: number | undefined;
      readonly corners: boolean;
    }
  | { readonly kind: 'keep_largest'; readonly corners: boolean };

/** The words of `post`. */
export type PostStepName = 'threshold' | MaskStep['kind'];

/** The post-processing of a recipe. */
export interface PostProcessing {
  /**
   * The probability above which a pixel of a head of one channel is of class 1; `found` where the
   * end of the training finds it, undefined where the recipe's first metric has it.
   */
  readonly threshold: number | 'found' | undefined;
  /** What is done to the mask then, in this order. */
  readonly steps: readonly MaskStep[];
}

/** That of a recipe that says nothing. */
export const noPostProcessing: PostProcessing = { threshold: undefined, steps: [] };
