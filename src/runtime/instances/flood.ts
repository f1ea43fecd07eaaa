/** Steps between the first and the last height: what is nearer counts as equal. */
export const HEIGHTS = 4096;

/** Where objects may grow, and from what. */
export interface FloodGround {
  readonly width: number;
  readonly height: number;
  /** Which pixels grow into each other: those of one number above 0; 0 for none. */
  readonly groups: Uint8Array;
  /** When a pixel is reached: from 0, the first, to `HEIGHTS - 1`. */
  readonly heights: Uint16Array;
}

/**
 * A watershed by flooding: seeds grow over the pixels of their group, lowest heights first, at one
 * height in the order in which they are reached, so that objects meet in the middle of a plain
 * (Meyer 1994, with a queue for each height). Neighbours are those at the four sides.
 *
 * @param labels of seeds, 0 elsewhere; filled in place. Pixels that no seed reaches stay 0.
 */
export function flood({ width, height, groups, heights }: FloodGround, labels: Int32Array): void {
  const size = width * height;
  const first = new Int32Array(HEIGHTS).fill(-1);
  const last = new Int32Array(HEIGHTS).fill(-1);
  const next = new Int32Array(size).fill(-1);
  const queue = (at: number, level: number): void => {
    if (first[level] === -1) first[level] = at;
    else next[last[level]!] = at;
    last[level] = at;
  };
  for (let at = 0; at < size; at++) if (labels[at] !== 0) queue(at, heights[at]!);
  for (let level = 0; level < HEIGHTS; level++) {
    // What is reached from here at a lower height is flooded at this one.
    const reach = (at: number, from: number): void => {
      if (labels[at] !== 0 || groups[at] === 0 || groups[at] !== groups[from]) return;
      labels[at] = labels[from]!;
      queue(at, Math.max(level, heights[at]!));
    };
    while (first[level] !== -1) {
      const at = first[level]!;
      first[level] = next[at]!;
      const x = at % width;
      if (at >= width) reach(at - width, at);
      if (x > 0) reach(at - 1, at);
      if (x < width - 1) reach(at + 1, at);
      if (at < size - width) reach(at + width, at);
    }
  }
}
