import type { Random } from '../random.js';
import { depthInCell, drawCell, type Cell } from './cell.js';

/** Which cell each pixel belongs to (0 none, else its number from 1), and how far out it lies in it. */
export interface Tissue {
  readonly size: number;
  readonly cells: readonly Cell[];
  readonly labels: Uint16Array;
  /** 0 in a cell's middle to 1 on its rim; 1 outside. */
  readonly depths: Float32Array;
}

/** Square pixels of the picture for one cell, about. */
const AREA_PER_CELL = 760;
const RADII = [6.5, 12.5] as const;
const TOUCHING = 0.62;
const MOST_OVERLAP = 0.14;
const TRIES = 30;

/**
 * Places cells in a square of `size` pixels: some alone, most beside another so
 * that they touch. A place where cells would overlap by much is given up;
 * where they overlap by little, each pixel goes to the cell it lies deeper in,
 * which flattens the rims against each other as in tissue.
 */
export function growTissue(random: Random, size: number): Tissue {
  const labels = new Uint16Array(size * size);
  const depths = new Float32Array(size * size).fill(1);
  const cells: Cell[] = [];
  const wanted = Math.max(1, Math.round((size * size * random.uniform(0.65, 1.3)) / AREA_PER_CELL));
  for (let attempt = 0; attempt < wanted * TRIES && cells.length < wanted; attempt++) {
    const cell = proposeCell(random, size, cells);
    if (overlapOf(cell, size, labels) > MOST_OVERLAP) continue;
    cells.push(cell);
    visitCell(cell, size, (at, depth) => {
      if (depth >= depths[at]!) return;
      depths[at] = depth;
      labels[at] = cells.length;
    });
  }
  return { size, cells, labels, depths };
}

/**
 * The mask of a tissue, 0 and 255. Where two cells touch, the pixels of the
 * later one that have a pixel of the earlier one among their eight neighbours
 * stay 0, so that one pixel parts them and no two cells connect.
 */
export function maskTissue({ size, labels }: Tissue): Uint8Array {
  const mask = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const label = labels[y * size + x]!;
      if (label > 0 && !touchesEarlier(labels, size, y, x, label)) mask[y * size + x] = 255;
    }
  }
  return mask;
}

function proposeCell(random: Random, size: number, cells: readonly Cell[]): Cell {
  const radius = random.uniform(RADII[0], RADII[1]);
  const neighbour = cells.length > 0 ? cells[random.integer(cells.length)] : undefined;
  if (neighbour === undefined || random.uniform() >= TOUCHING) {
    return drawCell(random, radius, random.uniform(0, size), random.uniform(0, size));
  }
  const direction = random.uniform(0, 2 * Math.PI);
  const distance =
    radius + Math.sqrt(neighbour.longRadius * neighbour.shortRadius) - random.uniform(0, 2.5);
  const y = neighbour.y + distance * Math.sin(direction);
  const x = neighbour.x + distance * Math.cos(direction);
  return drawCell(random, radius, y, x);
}

/** The part of a cell's pixels that other cells hold already; 1 when it lies outside the picture. */
function overlapOf(cell: Cell, size: number, labels: Uint16Array): number {
  let taken = 0;
  let all = 0;
  visitCell(cell, size, (at) => {
    all++;
    if (labels[at]! > 0) taken++;
  });
  return all === 0 ? 1 : taken / all;
}

function visitCell(cell: Cell, size: number, visit: (at: number, depth: number) => void): void {
  const reach = Math.ceil(cell.longRadius * 1.4);
  const last = size - 1;
  const [top, bottom] = [Math.max(0, Math.floor(cell.y) - reach), Math.min(last, cell.y + reach)];
  const [left, right] = [Math.max(0, Math.floor(cell.x) - reach), Math.min(last, cell.x + reach)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const depth = depthInCell(cell, y, x);
      if (depth < 1) visit(y * size + x, depth);
    }
  }
}

function touchesEarlier(
  labels: Uint16Array,
  size: number,
  y: number,
  x: number,
  label: number,
): boolean {
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [nearY, nearX] = [y + dy, x + dx];
      if (nearY < 0 || nearX < 0 || nearY >= size || nearX >= size) continue;
      const near = labels[nearY * size + nearX]!;
      if (near > 0 && near < label) return true;
    }
  }
  return false;
}
