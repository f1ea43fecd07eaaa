/**
 * What makes the mask that is painted of the probabilities: what a recipe says in `post` and
 * `objects`. The catalogue's docs say what each word does.
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

/** How objects of a mask are told apart; the catalogue's docs say what each does. */
export type Separation =
  | { readonly kind: 'components'; readonly smallest: number; readonly corners: boolean }
  | {
      readonly kind: 'watershed';
      readonly seed: number;
      /** The class of the borders of objects; undefined where there is none. */
      readonly border: number | undefined;
      readonly smallest: number;
    }
  | {
      readonly kind: 'head_watershed';
      /** The head whose values objects grow over. */
      readonly head: string;
      readonly seed: number;
      readonly smallest: number;
    }
  | {
      readonly kind: 'distance_watershed';
      readonly depth: number;
      readonly blur: number;
      readonly smallest: number;
    };

export type SeparationName = Separation['kind'];

/** The post-processing of a recipe: its `post` and `objects`. */
export interface PostProcessing {
  /**
   * The probability above which a pixel of a head of one channel is of class 1; `found` where the
   * end of the training finds it, undefined where the recipe's first metric has it.
   */
  readonly threshold: number | 'found' | undefined;
  /** What is done to the mask then, in this order. */
  readonly steps: readonly MaskStep[];
  /** How the objects of the mask are told apart; undefined where there are none. */
  readonly objects: Separation | undefined;
}

/** That of a recipe that says nothing. */
export const noPostProcessing: PostProcessing = {
  threshold: undefined,
  steps: [],
  objects: undefined,
};

/** The head whose values a separation grows over; undefined where that is the one that is predicted. */
export const guideOf = (how: Separation): string | undefined =>
  how.kind === 'head_watershed' ? how.head : undefined;

/** The class of the borders of objects, where a separation knows one. */
export const borderOf = (how: Separation): number | undefined =>
  how.kind === 'watershed' ? how.border : undefined;
