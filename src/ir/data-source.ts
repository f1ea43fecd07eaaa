/**
 * Where the pairs of a data set are found and which of them train: what a recipe says in
 * `images`, `masks`, `pairs` and `split`. The catalogue's docs say what each word does.
 */

import type { HeadTargets } from './target.js';

export type PairingName = 'same_name' | 'suffix' | 'list' | 'coco' | 'labelme';
export type SplitRuleName = 'folders' | 'fraction' | 'folds' | 'lists' | 'column';

/** Where images and masks lie in a data folder, and which belong together. Paths are relative to it. */
export type PairSource =
  | {
      readonly kind: 'folders';
      readonly images: string;
      readonly masks: string;
      /** Masks that number objects; used only where the folder exists. */
      readonly instances: string;
      /** What names of images and of masks end in beside what they have in common. */
      readonly suffixes: { readonly image: string; readonly mask: string };
    }
  | { readonly kind: 'list'; readonly file: string }
  | OutlineSource;

/** What becomes of objects whose category is none of the recipe's classes. */
export type OtherCategories = 'refused' | 'ignored' | 'background';

/** Images whose objects are outlined, in place of masks that store every pixel. */
export type OutlineSource = { readonly images: string; readonly others: OtherCategories } & (
  | { readonly kind: 'coco'; readonly file: string }
  | /** Documents of the images' own names. */ {
      readonly kind: 'labelme';
      readonly documents: string;
    }
);

/** Whether the objects of images are outlined. */
export const isOutlined = (pairs: PairSource): pairs is OutlineSource =>
  pairs.kind === 'coco' || pairs.kind === 'labelme';

/** How pairs are drawn into parts. */
interface Draw {
  readonly seed: number;
  /** What ends the group in a name; undefined where each pair is a group, or a list says it. */
  readonly group: string | undefined;
}

/** Which pairs train and which validate; the catalogue says what each does. */
export type SplitRule =
  | { readonly kind: 'folders'; readonly train: string; readonly val: string }
  | ({ readonly kind: 'fraction'; readonly val: number } & Draw)
  | ({ readonly kind: 'folds'; readonly count: number; readonly fold: number } & Draw)
  | { readonly kind: 'lists'; readonly train: string; readonly val: string }
  | { readonly kind: 'column' };

/** How the pairs of a data set are found. */
export interface DataSource {
  readonly pairs: PairSource;
  readonly split: SplitRule;
  /** What heads learn that do not learn the masks of the pairs. */
  readonly targets: HeadTargets;
}

/** What stands for the words of both parts in paths. */
export const PART = '{part}';

/** What a recipe that says nothing means: `train/images`, `train/masks`, `val/images`, `val/masks`. */
export const usualData = {
  pairs: {
    kind: 'folders',
    images: `${PART}/images`,
    masks: `${PART}/masks`,
    instances: `${PART}/instances`,
    suffixes: { image: '', mask: '' },
  },
  split: { kind: 'folders', train: 'train', val: 'val' },
  targets: {},
} as const satisfies DataSource;
