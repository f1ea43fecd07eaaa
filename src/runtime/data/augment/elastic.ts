import type { ComponentCall } from '../../../ir/recipe.js';
import type { Random } from '../../random.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Smooth random deformation: a displacement vector for each node of a coarse
 * `grid` x `grid` lattice laid over the sample, both components normal with
 * deviation `sigma` in pixels; between nodes bicubic. Ronneberger et al. 2015,
 * section 3.1: sigma 10, grid 3.
 */
export function buildElastic(call: ComponentCall): Augmentation {
  const sigma = numberOption(call, 'sigma');
  const grid = numberOption(call, 'grid');
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const downward = drawField(random, grid, sigma);
      const sideward = drawField(random, grid, sigma);
      const toGridY = (grid - 1) / Math.max(1, frame.height - 1);
      const toGridX = (grid - 1) / Math.max(1, frame.width - 1);
      const row = new Float64Array(4);
      const column = new Float64Array(4);
      return (at) => {
        const gridY = Math.max(0, Math.min(grid - 1, at.y * toGridY));
        const gridX = Math.max(0, Math.min(grid - 1, at.x * toGridX));
        const cellY = Math.min(Math.floor(gridY), grid - 2);
        const cellX = Math.min(Math.floor(gridX), grid - 2);
        weighCubic(gridY - cellY, row);
        weighCubic(gridX - cellX, column);
        const first = cellY * (grid + 2) + cellX;
        at.y += interpolate(downward, first, grid + 2, row, column);
        at.x += interpolate(sideward, first, grid + 2, row, column);
      };
    },
  };
}

/**
 * Random displacements of the grid's nodes with one more node on each side,
 * extrapolated on a line, which the cubic needs at the rim.
 */
function drawField(random: Random, grid: number, sigma: number): Float64Array {
  const side = grid + 2;
  const field = new Float64Array(side * side);
  for (let y = 1; y <= grid; y++) {
    for (let x = 1; x <= grid; x++) field[y * side + x] = sigma * random.normal();
  }
  for (let y = 1; y <= grid; y++) extrapolate(field, y * side, 1, side);
  for (let x = 0; x < side; x++) extrapolate(field, x, side, side);
  return field;
}

function extrapolate(field: Float64Array, start: number, step: number, side: number): void {
  const node = (i: number): number => field[start + i * step]!;
  field[start] = 2 * node(1) - node(2);
  field[start + (side - 1) * step] = 2 * node(side - 2) - node(side - 3);
}

/** Keys' cubic convolution with a = -1/2 (Catmull-Rom): the weights of four neighbours. */
function weighCubic(t: number, weights: Float64Array): void {
  weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
  weights[1] = (1.5 * t - 2.5) * t * t + 1;
  weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
  weights[3] = (0.5 * t - 0.5) * t * t;
}

function interpolate(
  field: Float64Array,
  first: number,
  side: number,
  row: Float64Array,
  column: Float64Array,
): number {
  return (
    row[0]! * interpolateRow(field, first, column) +
    row[1]! * interpolateRow(field, first + side, column) +
    row[2]! * interpolateRow(field, first + 2 * side, column) +
    row[3]! * interpolateRow(field, first + 3 * side, column)
  );
}

function interpolateRow(field: Float64Array, at: number, column: Float64Array): number {
  return (
    column[0]! * field[at]! +
    column[1]! * field[at + 1]! +
    column[2]! * field[at + 2]! +
    column[3]! * field[at + 3]!
  );
}
