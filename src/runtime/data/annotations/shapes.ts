/**
 * The outline of a part of an object, in pixels: (0, 0) is the upper left corner of the image and
 * the centre of its first pixel lies at (0.5, 0.5). Every number is finite.
 */
export type Shape =
  | /** A closed ring of corners, x and y in turn, three or more. */
    { readonly kind: 'ring'; readonly points: readonly number[] }
  | {
      readonly kind: 'circle';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
    } /** Lengths of runs outside and inside in turn, down the columns, as COCO's masks have them. */
  | { readonly kind: 'runs'; readonly counts: readonly number[] };

/** An object as an annotation outlines it: all that one of its shapes covers. */
export interface OutlinedObject {
  readonly category: string;
  /** Whether it stands for objects that are not told apart: its pixels have no class. */
  readonly isCrowd: boolean;
  readonly shapes: readonly Shape[];
}

/** The largest coordinate, either way: far outside of any image that is read. */
export const FARTHEST = 2 ** 31;

/** The size of an image in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}
