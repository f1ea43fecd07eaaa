import type { Pixels } from '../pixels.js';
import type { Random } from '../../random.js';

/** A place in an image, in pixels; (0, 0) is the centre of the first pixel. */
export interface Position {
  y: number;
  x: number;
}

/** The size of the image that an augmentation works on. */
export interface Frame {
  readonly height: number;
  readonly width: number;
}

/**
 * One drawn deformation, as the inverse that sampling needs: it moves `at`, a
 * place in the augmented image, to the place it comes from, in place. Places
 * outside the frame are legal; the sampler mirrors them back.
 */
export type Warp = (at: Position) => void;

/** One drawn change of values: works in place on values of 0 to 1, and keeps them there. */
export type Retouch = (pixels: Pixels) => void;

/**
 * An augmentation with its options. `draw` takes all the randomness that one
 * sample needs; undefined is "leave this sample as it is".
 */
export type Augmentation =
  | {
      readonly kind: 'warp';
      readonly draw: (random: Random, frame: Frame) => Warp | undefined;
    }
  | {
      /** How many quarter turns the window makes. */
      readonly kind: 'turn';
      readonly draw: (random: Random) => number;
    }
  | {
      readonly kind: 'retouch';
      readonly draw: (random: Random) => Retouch | undefined;
    };

/** A value of 0 to 1, what an image file can hold. */
export function clampUnit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
