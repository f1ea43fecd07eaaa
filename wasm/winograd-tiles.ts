// Winograd's tiles: 2 x 2 values of a 3 x 3 convolution from 16 products in place of 36
// (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", F(2 x 2, 3 x 3)).

import { Outputs } from './outputs';
import { packBand, Windows, windowStep } from './windows';

/** Tiles that are transformed together: their values stay in the caches of a core. */
export const maxTiles: i32 = 64;

/**
 * Bytes from one plane of 8 values for each channel to the next. Planes that lie a power of two
 * apart would take each other's places in a cache.
 */
export function channelPlane(channels: i32): usize {
  return ((<usize>channels) << 5) + 64;
}

/** Bytes from one plane of `channels` values for each tile to the next; see `channelPlane`. */
export function tilePlane(channels: i32): usize {
  return ((<usize>(maxTiles * channels)) << 2) + 64;
}

/** Room for work by tiles, in the order in which JavaScript writes it. */
@unmanaged
export class TileRoom {
  /** Four bytes for each row of tiles of a band. */
  starts: usize;
  /** The padded images of a band. */
  padded: usize;
  /** Four bytes for each tile of a band: where it begins, where its values go, which exist. */
  places: usize;
  targets: usize;
  edges: usize;
  /** 16 planes of [maxTiles, channels], see `tilePlane`. */
  tiles: usize;
  /** 16 planes of [maxTiles, 8]: products, or gradients of tiles. */
  products: usize;
}

/** Which values of a tile lie beyond the image: its second row, its second column. */
export const noRow: u32 = 2;
export const noColumn: u32 = 1;

/**
 * Copies the images of a band of tiles side by side, and writes where each tile begins, where its
 * values are in `outputs`, and which of them exist.
 */
export function placeTiles(
  windows: Windows,
  outputs: Outputs,
  room: TileRoom,
  rows: i32,
  columns: i32,
  firstRow: i32,
  endRow: i32,
): void {
  packBand(windows, firstRow, endRow, room.padded, room.starts);
  const step = windowStep(windows);
  let at: usize = 0;
  for (let row = firstRow; row < endRow; row++) {
    const n = row / windows.rows;
    const y = (row - n * windows.rows) << 1;
    let from = <usize>load<u32>(room.starts + ((<usize>(row - firstRow)) << 2));
    let to = outputs.address + <usize>n * outputs.imageStep + <usize>y * outputs.rowStep;
    const below = y + 1 < rows ? 0 : noRow;
    for (let column = 0; column < windows.columns; column++) {
      store<u32>(room.places + at, <u32>from);
      store<u32>(room.targets + at, <u32>to);
      store<u32>(room.edges + at, below | ((column << 1) + 1 < columns ? 0 : noColumn));
      from += step;
      to += outputs.columnStep << 1;
      at += 4;
    }
  }
}

/**
 * B' d B for the 4 x 4 pixels d of each of `count` tiles, whose addresses stand at `places`. A
 * pixel has `channels` values, a multiple of 4; rows lie `pitch` bytes apart. `target` gets 16
 * planes of [maxTiles, channels], see `tilePlane`.
 */
export function transformTiles(
  places: usize,
  count: i32,
  channels: i32,
  pitch: usize,
  target: usize,
): void {
  const pixel = (<usize>channels) << 2;
  const plane = tilePlane(channels);
  for (let tile = 0; tile < count; tile++) {
    const place = <usize>load<u32>(places + ((<usize>tile) << 2));
    const to = target + <usize>tile * pixel;
    for (let shift: usize = 0; shift < pixel; shift += 16) {
      const row0 = place + shift;
      const row1 = row0 + pitch;
      const row2 = row1 + pitch;
      const row3 = row2 + pitch;
      transformRow(row0, row2, pixel, 0, to + shift, plane);
      transformRow(row1, row2, pixel, 1, to + shift + 4 * plane, plane);
      transformRow(row2, row1, pixel, 0, to + shift + 8 * plane, plane);
      transformRow(row1, row3, pixel, 0, to + shift + 12 * plane, plane);
    }
  }
}

/** The sum or difference of two rows of 4 pixels, transformed along the row into 4 planes. */
function transformRow(
  first: usize,
  second: usize,
  pixel: usize,
  isSum: i32,
  target: usize,
  plane: usize,
): void {
  const two = pixel << 1;
  const three = two + pixel;
  let d0: v128;
  let d1: v128;
  let d2: v128;
  let d3: v128;
  if (isSum != 0) {
    d0 = f32x4.add(v128.load(first), v128.load(second));
    d1 = f32x4.add(v128.load(first + pixel), v128.load(second + pixel));
    d2 = f32x4.add(v128.load(first + two), v128.load(second + two));
    d3 = f32x4.add(v128.load(first + three), v128.load(second + three));
  } else {
    d0 = f32x4.sub(v128.load(first), v128.load(second));
    d1 = f32x4.sub(v128.load(first + pixel), v128.load(second + pixel));
    d2 = f32x4.sub(v128.load(first + two), v128.load(second + two));
    d3 = f32x4.sub(v128.load(first + three), v128.load(second + three));
  }
  v128.store(target, f32x4.sub(d0, d2));
  v128.store(target + plane, f32x4.add(d1, d2));
  v128.store(target + plane * 2, f32x4.sub(d2, d1));
  v128.store(target + plane * 3, f32x4.sub(d1, d3));
}
