import { Random } from '../random.js';
import { photograph } from './microscope.js';
import { growTissue, maskTissue } from './tissue.js';

/** How large the made-up data set is, and what it is drawn from. */
export interface DemoOptions {
  readonly seed: number;
  /** The number of pairs to train on and to validate with. */
  readonly train: number;
  readonly val: number;
  /** Height and width of the square images in pixels, 16 or more. */
  readonly size: number;
}

export const DEMO_DEFAULTS: DemoOptions = { seed: 1, train: 40, val: 10, size: 128 };

/** An image and its mask, `size` x `size`, 8-bit grey; the mask holds 0 and 255. */
export interface DemoPair {
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
}

/** A pair of the demo's data set. */
export interface NamedDemoPair extends DemoPair {
  /** `cells-001`. */
  readonly name: string;
}

/** Draws one pair; the same randomness gives the same bytes. */
export function drawDemoPair(random: Random, size: number): DemoPair {
  const tissue = growTissue(random.fork('tissue'), size);
  return { image: photograph(random.fork('microscope'), tissue), mask: maskTissue(tissue) };
}

/** The pairs of one part of the data set, one after the other. */
export function* demoPairs(
  split: 'train' | 'val',
  options: DemoOptions = DEMO_DEFAULTS,
): Generator<NamedDemoPair> {
  for (let index = 0; index < options[split]; index++) {
    const random = new Random(options.seed).fork(`${split} ${index}`);
    const name = `cells-${String(index + 1).padStart(3, '0')}`;
    yield { name, ...drawDemoPair(random, options.size) };
  }
}
