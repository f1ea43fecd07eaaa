// The gradient of a 3 x 3 filter by Winograd's tiles; see `winograd-tiles.ts`.

import { Outputs, putLanes } from './outputs';
import { addParts, firstRowOf } from './parts';
import { firstPanel, lastPanel, nextPart } from './units';
import { paddedRow, Windows } from './windows';
import {
  channelPlane,
  maxTiles,
  noColumn,
  noRow,
  placeTiles,
  tilePlane,
  TileRoom,
  transformTiles,
} from './winograd-tiles';

/**
 * The sums of `sumProducts` for 3 x 3 filters, stride 1 and a multiple of 4 channels. Each tile
 * gives 3 x 3 values from 4 x 4 pixels and 2 x 2 gradients, F(3 x 3, 2 x 2); products are summed
 * over all tiles of a part before they are transformed back. `gradients` says where dy lies; `sums`
 * has room for 16 planes for each part and panel, see `channelPlane`. Units from `first` to `end`
 * are done; see `units.ts`.
 */
export function sumTiles(
  windows: Windows,
  gradients: Outputs,
  room: TileRoom,
  rows: i32,
  columns: i32,
  sums: usize,
  parts: i32,
  groups: i32,
  first: i32,
  end: i32,
): void {
  const plane = channelPlane(windows.channels);
  const panelBytes = plane << 4;
  const panels = (gradients.channels + 7) >> 3;
  const pitch = paddedRow(windows);
  for (let unit = first; unit < end; unit = nextPart(unit, end, groups)) {
    const part = unit / groups;
    const start = firstPanel(unit, groups, panels);
    const endPanel = lastPanel(unit, end, groups, panels);
    const partSums = sums + <usize>(part * panels) * panelBytes;
    memory.fill(partSums + <usize>start * panelBytes, 0, <usize>(endPanel - start) * panelBytes);
    const partEnd = firstRowOf(windows, part + 1, parts);
    for (let row = firstRowOf(windows, part, parts); row < partEnd; row += windows.bandRows) {
      const endRow = min(row + windows.bandRows, windows.allRows);
      placeTiles(windows, gradients, room, rows, columns, row, endRow);
      const all = (endRow - row) * windows.columns;
      for (let tile = 0; tile < all; tile += maxTiles) {
        const count = min(all - tile, maxTiles);
        const at = (<usize>tile) << 2;
        transformTiles(room.places + at, count, windows.channels, pitch, room.tiles);
        for (let panel = start; panel < endPanel; panel++) {
          transformGradients(gradients, room, at, count, panel);
          const sum = partSums + <usize>panel * panelBytes;
          for (let place: usize = 0; place < 16; place++) {
            addTiles(room, place, count, windows.channels, sum + place * plane);
          }
        }
      }
    }
  }
}

/**
 * Adds the sums of all parts that `sumTiles` made, in their order, and transforms them back into
 * `result` [3, 3, channels, outputs]. Panels from `first` to `end` are done.
 */
export function finishTileSums(
  sums: usize,
  parts: i32,
  channels: i32,
  outputs: i32,
  result: usize,
  first: i32,
  end: i32,
): void {
  const panels = (outputs + 7) >> 3;
  const panelBytes = channelPlane(channels) << 4;
  for (let panel = first; panel < end; panel++) {
    const sum = sums + <usize>panel * panelBytes;
    addParts(sum, panelBytes, <usize>panels * panelBytes, parts);
    finishGradient(sum, channels, outputs, panel, result);
  }
}

/** G e G' of the 2 x 2 gradients e of each tile, 8 outputs at a time; those that do not exist are 0. */
function transformGradients(
  gradients: Outputs,
  room: TileRoom,
  at: usize,
  count: i32,
  panel: i32,
): void {
  const lanes = min(gradients.channels - (panel << 3), 8);
  for (let tile: usize = 0; tile < <usize>count; tile++) {
    const from = <usize>load<u32>(room.targets + at + (tile << 2)) + ((<usize>panel) << 5);
    const edges = load<u32>(room.edges + at + (tile << 2));
    const to = room.products + (tile << 5);
    transformHalf(gradients, from, edges, lanes, to);
    transformHalf(gradients, from + 16, edges, lanes - 4, to + 16);
  }
}

function transformHalf(
  gradients: Outputs,
  from: usize,
  edges: u32,
  lanes: i32,
  target: usize,
): void {
  const plane = tilePlane(8);
  const zero = f32x4.splat(0);
  const half = f32x4.splat(0.5);
  const right = (edges & noColumn) == 0;
  const below = (edges & noRow) == 0;
  const next = from + gradients.columnStep;
  const e00 = takeLanes(from, lanes);
  const e01 = right ? takeLanes(next, lanes) : zero;
  const e10 = below ? takeLanes(from + gradients.rowStep, lanes) : zero;
  const e11 = right && below ? takeLanes(next + gradients.rowStep, lanes) : zero;
  const s0 = f32x4.mul(half, f32x4.add(e00, e10));
  const s1 = f32x4.mul(half, f32x4.add(e01, e11));
  const d0 = f32x4.mul(half, f32x4.sub(e00, e10));
  const d1 = f32x4.mul(half, f32x4.sub(e01, e11));
  putRow(e00, e01, target, plane);
  putRow(s0, s1, target + 4 * plane, plane);
  putRow(d0, d1, target + 8 * plane, plane);
  putRow(e10, e11, target + 12 * plane, plane);
}

function putRow(left: v128, right: v128, target: usize, plane: usize): void {
  const half = f32x4.splat(0.5);
  v128.store(target, left);
  v128.store(target + plane, f32x4.mul(half, f32x4.add(left, right)));
  v128.store(target + 2 * plane, f32x4.mul(half, f32x4.sub(left, right)));
  v128.store(target + 3 * plane, right);
}

/** The first `lanes` of 4 values, zeros behind them. */
function takeLanes(from: usize, lanes: i32): v128 {
  if (lanes >= 4) return v128.load(from);
  let values = f32x4.splat(0);
  if (lanes > 0) values = f32x4.replace_lane(values, 0, load<f32>(from));
  if (lanes > 1) values = f32x4.replace_lane(values, 1, load<f32>(from, 4));
  if (lanes > 2) values = f32x4.replace_lane(values, 2, load<f32>(from, 8));
  return values;
}

/** sum [channels, 8] += tiles[place]' [channels, count] x gradients[place] [count, 8]. */
function addTiles(room: TileRoom, place: usize, count: i32, channels: i32, sum: usize): void {
  const pixel = (<usize>channels) << 2;
  const tiles = room.tiles + place * tilePlane(channels);
  const gradients = room.products + place * tilePlane(8);
  const end = gradients + ((<usize>count) << 5);
  for (let shift: usize = 0; shift < pixel; shift += 16) {
    let value = tiles + shift;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    for (let from = gradients; from < end; from += 32) {
      const g0 = v128.load(from);
      const g1 = v128.load(from, 16);
      let x = v128.load32_splat(value);
      a0 = f32x4.add(a0, f32x4.mul(x, g0));
      a1 = f32x4.add(a1, f32x4.mul(x, g1));
      x = v128.load32_splat(value, 4);
      b0 = f32x4.add(b0, f32x4.mul(x, g0));
      b1 = f32x4.add(b1, f32x4.mul(x, g1));
      x = v128.load32_splat(value, 8);
      c0 = f32x4.add(c0, f32x4.mul(x, g0));
      c1 = f32x4.add(c1, f32x4.mul(x, g1));
      x = v128.load32_splat(value, 12);
      d0 = f32x4.add(d0, f32x4.mul(x, g0));
      d1 = f32x4.add(d1, f32x4.mul(x, g1));
      value += pixel;
    }
    v128.store(sum, f32x4.add(v128.load(sum), a0));
    v128.store(sum, f32x4.add(v128.load(sum, 16), a1), 16);
    v128.store(sum, f32x4.add(v128.load(sum, 32), b0), 32);
    v128.store(sum, f32x4.add(v128.load(sum, 48), b1), 48);
    v128.store(sum, f32x4.add(v128.load(sum, 64), c0), 64);
    v128.store(sum, f32x4.add(v128.load(sum, 80), c1), 80);
    v128.store(sum, f32x4.add(v128.load(sum, 96), d0), 96);
    v128.store(sum, f32x4.add(v128.load(sum, 112), d1), 112);
    sum += 128;
  }
}

/**
 * The sums of a panel, transformed back to its part of [3, 3, channels, outputs], in place: rows
 * first, then columns. The last of the 4 sums of a row or column has the other sign, as
 * `transformTiles` leaves it.
 */
function finishGradient(sums: usize, channels: i32, outputs: i32, panel: i32, result: usize): void {
  const plane = channelPlane(channels);
  const tap = (<usize>(channels * outputs)) << 2;
  const lanes = min(outputs - (panel << 3), 8);
  for (let channel: usize = 0; channel < <usize>channels; channel++) {
    const to = result + ((channel * <usize>outputs + ((<usize>panel) << 3)) << 2);
    finishLanes(sums + (channel << 5), plane, to, tap, lanes);
    if (lanes > 4) finishLanes(sums + (channel << 5) + 16, plane, to + 16, tap, lanes - 4);
  }
}

function finishLanes(sums: usize, plane: usize, target: usize, tap: usize, lanes: i32): void {
  for (let column: usize = 0; column < 4; column++) {
    const at = sums + column * plane;
    const m1 = v128.load(at + 4 * plane);
    const m2 = v128.load(at + 8 * plane);
    const both = f32x4.add(m1, m2);
    const first = f32x4.add(v128.load(at), both);
    const last = f32x4.sub(both, v128.load(at + 12 * plane));
    v128.store(at, first);
    v128.store(at + 4 * plane, f32x4.sub(m1, m2));
    v128.store(at + 8 * plane, last);
  }
  for (let row: usize = 0; row < 3; row++) {
    const at = sums + 4 * row * plane;
    const m1 = v128.load(at + plane);
    const m2 = v128.load(at + 2 * plane);
    const both = f32x4.add(m1, m2);
    const to = target + 3 * row * tap;
    putLanes(to, f32x4.add(v128.load(at), both), lanes);
    putLanes(to + tap, f32x4.sub(m1, m2), lanes);
    putLanes(to + 2 * tap, f32x4.sub(both, v128.load(at + 3 * plane)), lanes);
  }
}
