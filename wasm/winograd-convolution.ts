// 3 x 3 convolutions at every pixel by Winograd's tiles; see `winograd-tiles.ts`.

import { Outputs, putLanes } from './outputs';
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
 * G g G' of each filter g of a panel: filter [panels][9][channels][8] to 16 planes for each panel,
 * see `channelPlane`. Panels from `first` to `end` are done.
 */
export function transformFilter(
  filter: usize,
  channels: i32,
  target: usize,
  first: i32,
  end: i32,
): void {
  const step = (<usize>channels) << 5;
  const plane = channelPlane(channels);
  const half = f32x4.splat(0.5);
  filter += <usize>first * 9 * step;
  target += <usize>first * 16 * plane;
  for (let panel = first; panel < end; panel++) {
    for (let shift: usize = 0; shift < step; shift += 16) {
      const from = filter + shift;
      const g00 = v128.load(from);
      const g01 = v128.load(from + step);
      const g02 = v128.load(from + 2 * step);
      const g10 = f32x4.mul(half, v128.load(from + 3 * step));
      const g11 = f32x4.mul(half, v128.load(from + 4 * step));
      const g12 = f32x4.mul(half, v128.load(from + 5 * step));
      const g20 = v128.load(from + 6 * step);
      const g21 = v128.load(from + 7 * step);
      const g22 = v128.load(from + 8 * step);
      const ends0 = f32x4.mul(half, f32x4.add(g00, g20));
      const ends1 = f32x4.mul(half, f32x4.add(g01, g21));
      const ends2 = f32x4.mul(half, f32x4.add(g02, g22));
      const to = target + shift;
      putFilterRow(g00, g01, g02, to, plane);
      putFilterRow(
        f32x4.add(ends0, g10),
        f32x4.add(ends1, g11),
        f32x4.add(ends2, g12),
        to + 4 * plane,
        plane,
      );
      putFilterRow(
        f32x4.sub(ends0, g10),
        f32x4.sub(ends1, g11),
        f32x4.sub(ends2, g12),
        to + 8 * plane,
        plane,
      );
      putFilterRow(g20, g21, g22, to + 12 * plane, plane);
    }
    filter += 9 * step;
    target += 16 * plane;
  }
}

/** A row of 3 values, transformed into 4 planes. */
function putFilterRow(g0: v128, g1: v128, g2: v128, target: usize, plane: usize): void {
  const half = f32x4.splat(0.5);
  const ends = f32x4.mul(half, f32x4.add(g0, g2));
  const middle = f32x4.mul(half, g1);
  v128.store(target, g0);
  v128.store(target + plane, f32x4.add(ends, middle));
  v128.store(target + 2 * plane, f32x4.sub(ends, middle));
  v128.store(target + 3 * plane, g2);
}

/**
 * The convolution of `convolve` for 3 x 3 filters, stride 1 and a multiple of 4 channels. `windows`
 * are the tiles: 4 x 4 pixels, 2 apart. `rows` and `columns` are those of the values of an image;
 * `filter` comes from `transformFilter`. Units from `first` to `end` are done; see `units.ts`.
 */
export function convolveTiles(
  windows: Windows,
  outputs: Outputs,
  room: TileRoom,
  rows: i32,
  columns: i32,
  filter: usize,
  bias: usize,
  groups: i32,
  first: i32,
  end: i32,
): void {
  const panels = (outputs.channels + 7) >> 3;
  const plane = channelPlane(windows.channels);
  const pitch = paddedRow(windows);
  for (let unit = first; unit < end; unit = nextPart(unit, end, groups)) {
    const row = (unit / groups) * windows.bandRows;
    const endRow = min(row + windows.bandRows, windows.allRows);
    const start = firstPanel(unit, groups, panels);
    const endPanel = lastPanel(unit, end, groups, panels);
    placeTiles(windows, outputs, room, rows, columns, row, endRow);
    const all = (endRow - row) * windows.columns;
    for (let tile = 0; tile < all; tile += maxTiles) {
      const count = min(all - tile, maxTiles);
      const at = (<usize>tile) << 2;
      transformTiles(room.places + at, count, windows.channels, pitch, room.tiles);
      for (let panel = start; panel < endPanel; panel++) {
        for (let place: usize = 0; place < 16; place++) {
          const taps = filter + (<usize>panel * 16 + place) * plane;
          multiplyTiles(room, place, count, windows.channels, taps);
        }
        finishTiles(outputs, room, at, count, panel, bias + ((<usize>panel) << 5));
      }
    }
  }
}

/** products[place] [count, 8] = tiles[place] [count, channels] x taps [channels, 8]. */
function multiplyTiles(room: TileRoom, place: usize, count: i32, channels: i32, taps: usize): void {
  const pixel = (<usize>channels) << 2;
  let p0 = room.tiles + place * tilePlane(channels);
  let to = room.products + place * tilePlane(8);
  for (let tile = 0; tile < count; tile += 4) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    const end = p0 + pixel;
    let p1 = end;
    let p2 = p1 + pixel;
    let p3 = p2 + pixel;
    let from = taps;
    while (p0 < end) {
      const f0 = v128.load(from);
      const f1 = v128.load(from, 16);
      let x = v128.load32_splat(p0);
      a0 = f32x4.add(a0, f32x4.mul(x, f0));
      a1 = f32x4.add(a1, f32x4.mul(x, f1));
      x = v128.load32_splat(p1);
      b0 = f32x4.add(b0, f32x4.mul(x, f0));
      b1 = f32x4.add(b1, f32x4.mul(x, f1));
      x = v128.load32_splat(p2);
      c0 = f32x4.add(c0, f32x4.mul(x, f0));
      c1 = f32x4.add(c1, f32x4.mul(x, f1));
      x = v128.load32_splat(p3);
      d0 = f32x4.add(d0, f32x4.mul(x, f0));
      d1 = f32x4.add(d1, f32x4.mul(x, f1));
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      from += 32;
    }
    v128.store(to, a0);
    v128.store(to, a1, 16);
    v128.store(to, b0, 32);
    v128.store(to, b1, 48);
    v128.store(to, c0, 64);
    v128.store(to, c1, 80);
    v128.store(to, d0, 96);
    v128.store(to, d1, 112);
    p0 = p3;
    to += 128;
  }
}

/** A' m A of the products m of each tile, with bias and limits, to the pixels that exist. */
function finishTiles(
  outputs: Outputs,
  room: TileRoom,
  at: usize,
  count: i32,
  panel: i32,
  bias: usize,
): void {
  const lanes = min(outputs.channels - (panel << 3), 8);
  for (let tile: usize = 0; tile < <usize>count; tile++) {
    const target = <usize>load<u32>(room.targets + at + (tile << 2)) + ((<usize>panel) << 5);
    const edges = load<u32>(room.edges + at + (tile << 2));
    const from = room.products + (tile << 5);
    finishHalf(outputs, from, target, edges, lanes, v128.load(bias));
    if (lanes > 4)
      finishHalf(outputs, from + 16, target + 16, edges, lanes - 4, v128.load(bias, 16));
  }
}

/** Four of the 8 outputs of a tile. */
function finishHalf(
  outputs: Outputs,
  from: usize,
  target: usize,
  edges: u32,
  lanes: i32,
  bias: v128,
): void {
  const plane = tilePlane(8);
  let m0 = v128.load(from);
  let m1 = v128.load(from + 4 * plane);
  let m2 = v128.load(from + 8 * plane);
  let m3 = v128.load(from + 12 * plane);
  const top0 = f32x4.add(f32x4.add(m0, m1), m2);
  const low0 = f32x4.sub(f32x4.sub(m1, m2), m3);
  m0 = v128.load(from + plane);
  m1 = v128.load(from + 5 * plane);
  m2 = v128.load(from + 9 * plane);
  m3 = v128.load(from + 13 * plane);
  const top1 = f32x4.add(f32x4.add(m0, m1), m2);
  const low1 = f32x4.sub(f32x4.sub(m1, m2), m3);
  m0 = v128.load(from + 2 * plane);
  m1 = v128.load(from + 6 * plane);
  m2 = v128.load(from + 10 * plane);
  m3 = v128.load(from + 14 * plane);
  const top2 = f32x4.add(f32x4.add(m0, m1), m2);
  const low2 = f32x4.sub(f32x4.sub(m1, m2), m3);
  m0 = v128.load(from + 3 * plane);
  m1 = v128.load(from + 7 * plane);
  m2 = v128.load(from + 11 * plane);
  m3 = v128.load(from + 15 * plane);
  const top3 = f32x4.add(f32x4.add(m0, m1), m2);
  const low3 = f32x4.sub(f32x4.sub(m1, m2), m3);
  const least = f32x4.splat(outputs.low);
  const most = f32x4.splat(outputs.high);
  let value = f32x4.add(f32x4.add(f32x4.add(top0, top1), top2), bias);
  putLanes(target, f32x4.pmin(f32x4.pmax(value, least), most), lanes);
  if ((edges & noColumn) == 0) {
    value = f32x4.add(f32x4.sub(f32x4.sub(top1, top2), top3), bias);
    putLanes(target + outputs.columnStep, f32x4.pmin(f32x4.pmax(value, least), most), lanes);
  }
  if ((edges & noRow) != 0) return;
  target += outputs.rowStep;
  value = f32x4.add(f32x4.add(f32x4.add(low0, low1), low2), bias);
  putLanes(target, f32x4.pmin(f32x4.pmax(value, least), most), lanes);
  if ((edges & noColumn) == 0) {
    value = f32x4.add(f32x4.sub(f32x4.sub(low1, low2), low3), bias);
    putLanes(target + outputs.columnStep, f32x4.pmin(f32x4.pmax(value, least), most), lanes);
  }
}
