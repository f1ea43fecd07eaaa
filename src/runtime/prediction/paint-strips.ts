import { joinRows, rowsOf, type Rows } from '../data/join-rows.js';
import { classesOfProbabilities } from '../data/overlay.js';
import type { PixelSource } from '../data/pixel-source.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { needsWholeMask, type MaskRule } from '../post/mask-rule.js';
import { applySteps } from '../post/mask-steps.js';
import type { Painter } from './painter.js';

/** The mask of an image and the probabilities that it was made of. */
export interface WholeImage {
  readonly mask: ClassMask;
  readonly probabilities: Pixels;
}

/** Paints one image, of strips of probabilities from its top. */
export interface StripPainting {
  add(strip: Pixels): Promise<void>;
  /** All strips are there; what they make together, where objects are to be told apart. */
  end(): Promise<WholeImage | undefined>;
}

/**
 * Paints probabilities as they come, and the mask with them; where the rule changes whole masks,
 * only behind the last strip.
 */
export function paintStrips(painter: Painter, source: PixelSource, rule: MaskRule): StripPainting {
  let row = 0;
  const paintMask = async (mask: ClassMask): Promise<void> => {
    for (const piece of piecesOf(mask)) {
      await painter.addMask(await source.rows(row, row + piece.height), piece);
      row += piece.height;
    }
  };
  if (!needsWholeMask(rule)) {
    return {
      add: async (strip) => {
        for (const piece of piecesOf(strip)) {
          await painter.addProbabilities(piece);
          await paintMask(classesOfProbabilities(piece, rule.threshold));
        }
      },
      end: () => Promise.resolve(undefined),
    };
  }
  const masks: ClassMask[] = [];
  const kept: Pixels[] = [];
  return {
    add: async (strip) => {
      for (const piece of piecesOf(strip)) await painter.addProbabilities(piece);
      masks.push(classesOfProbabilities(strip, rule.threshold));
      if (rule.objects !== undefined) kept.push(strip);
    },
    end: async () => {
      const mask = applySteps(joinRows(masks), rule.steps);
      await paintMask(mask);
      return rule.objects && { mask, probabilities: joinRows(kept) };
    },
  };
}

/** Rows painted at a time: what is painted of them is small beside the strip. */
const pieceRows = 64;

function* piecesOf<R extends Rows>(strip: R): Generator<R> {
  for (let first = 0; first < strip.height; first += pieceRows) {
    yield rowsOf(strip, first, Math.min(strip.height, first + pieceRows));
  }
}
