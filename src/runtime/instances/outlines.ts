import type { ObjectMap } from './separate.js';

/** A corner of pixels: x to the right, y down, 0 at the top left corner of the image. */
export type Corner = readonly [x: number, y: number];

/** A closed line along sides of pixels, without the first corner again at its end. */
export type Ring = readonly Corner[];

/** A piece of an object: its outline, clockwise as seen, and the outlines of its holes, the other way round. */
export interface Piece {
  readonly outline: Ring;
  readonly holes: readonly Ring[];
}

/** The exact outlines of all objects by number, along the sides of their pixels. */
export function outlinesOf(map: ObjectMap): ReadonlyMap<number, readonly Piece[]> {
  const rings = new Map<number, Ring[]>();
  for (const [label, ring] of traceRings(map)) {
    const known = rings.get(label);
    if (known === undefined) rings.set(label, [ring]);
    else known.push(ring);
  }
  return new Map([...rings].map(([label, own]) => [label, piecesOf(own)]));
}

/** Steps to the right, down, left and up. */
const steps: readonly Corner[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** Follows the sides of pixels with the object at the right hand. */
function* traceRings({ width, height, labels }: ObjectMap): Generator<[number, Ring]> {
  const labelAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : labels[y * width + x]!;
  // Upper sides of pixels, walked to the right: each ring has one.
  const done = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const label = labelAt(x, y);
      if (label === 0 || labelAt(x, y - 1) === label || done[y * width + x] === 1) continue;
      const ring: Corner[] = [];
      let [cornerX, cornerY, direction] = [x, y, 0];
      do {
        if (direction === 0) done[cornerY * width + cornerX] = 1;
        const [stepX, stepY] = steps[direction]!;
        cornerX += stepX;
        cornerY += stepY;
        const turn = turnAt(cornerX, cornerY, direction, label, labelAt);
        if (turn !== 0) ring.push([cornerX, cornerY]);
        direction = (direction + turn + 4) % 4;
      } while (cornerX !== x || cornerY !== y || direction !== 0);
      yield [label, ring];
    }
  }
}

/** 1 to the right, 0 straight on, -1 to the left: pixels that touch with their corners alone stay apart. */
function turnAt(
  x: number,
  y: number,
  direction: number,
  label: number,
  labelAt: (x: number, y: number) => number,
): 1 | 0 | -1 {
  const [stepX, stepY] = steps[direction]!;
  const [rightX, rightY] = steps[(direction + 1) % 4]!;
  // The pixels ahead, at the right and at the left hand.
  const pixel = (side: 1 | -1): boolean =>
    labelAt(x + (stepX + side * rightX - 1) / 2, y + (stepY + side * rightY - 1) / 2) === label;
  if (!pixel(1)) return 1;
  return pixel(-1) ? -1 : 0;
}

function piecesOf(rings: readonly Ring[]): readonly Piece[] {
  const outer = rings.filter((ring) => areaOf(ring) > 0);
  const inner = rings.filter((ring) => areaOf(ring) < 0);
  return outer.map((outline) => ({
    outline,
    holes: inner.filter((hole) => outer.length === 1 || smallestAround(hole, outer) === outline),
  }));
}

/** Twice the area; positive where the ring runs clockwise as seen, y being downwards. */
function areaOf(ring: Ring): number {
  return ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

function smallestAround(hole: Ring, outlines: readonly Ring[]): Ring | undefined {
  const [x, y] = insideOf(hole);
  return outlines
    .filter((outline) => contains(outline, x, y))
    .sort((a, b) => areaOf(a) - areaOf(b))[0];
}

/** The centre of a pixel in a hole: below the middle of its first pixel from the top left. */
function insideOf(ring: Ring): Corner {
  const [x, y] = ring.reduce((best, corner) =>
    corner[1] < best[1] || (corner[1] === best[1] && corner[0] < best[0]) ? corner : best,
  );
  return [x + 0.5, y + 0.5];
}

/** Whether a ring surrounds a point, by the sides that a ray to the right crosses. */
function contains(ring: Ring, x: number, y: number): boolean {
  let isIn = false;
  for (const [at, [fromX, fromY]] of ring.entries()) {
    const [, toY] = ring[(at + 1) % ring.length]!;
    if (fromY > y !== toY > y && fromX > x) isIn = !isIn;
  }
  return isIn;
}
