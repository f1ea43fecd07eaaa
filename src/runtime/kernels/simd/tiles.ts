import type { Band, WindowShape } from './windows.js';

/** The number of tiles that are transformed together, as `wasm/winograd-tiles.ts` has it. */
export const maxTiles = 64;

/** Bytes of a plane of that many values for each of these tiles, as `tilePlane` there has it. */
const tilePlane = (channels: number): number => maxTiles * channels * 4 + 64;

/** Bytes of a plane of 8 values for each channel, as `channelPlane` there has it. */
export const channelPlane = (channels: number): number => channels * 32 + 64;

/**
 * Whether Winograd's tiles do a convolution: 3 x 3 at every pixel. With fewer channels the
 * transforms would cost more than they save.
 */
export function suitsTiles(windows: WindowShape, outputs: number): boolean {
  const { kernelHeight, kernelWidth, strideHeight, strideWidth } = windows;
  const { dilationHeight, dilationWidth, channels } = windows;
  return (
    kernelHeight === 3 &&
    kernelWidth === 3 &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1 &&
    channels % 4 === 0 &&
    channels >= 8 &&
    outputs >= 8
  );
}

/** The tiles of such a convolution, as windows: 4 x 4 pixels, 2 apart, the last ones beyond odd sizes. */
export function tilesOf(windows: WindowShape): WindowShape {
  const rows = Math.ceil(windows.rows / 2);
  return {
    ...windows,
    ...{ rows, columns: Math.ceil(windows.columns / 2) },
    allRows: windows.rows === 0 ? 0 : (windows.allRows / windows.rows) * rows,
    ...{ kernelHeight: 4, kernelWidth: 4, strideHeight: 2, strideWidth: 2 },
  };
}

/** Bytes of what a thread needs at hand for tiles: the fields of `TileRoom` in `wasm/winograd-tiles.ts`. */
export function tileRoom(tiles: WindowShape, band: Band, channels: number): readonly number[] {
  const places = band.rows * tiles.columns * 4;
  return [
    ...[7 * 4, band.rows * 4, band.bytes, places, places, places],
    ...[16 * tilePlane(channels), 16 * tilePlane(8)],
  ];
}

/** Writes the addresses behind the first where the first says, as kernels read them; the first. */
export function writeRoom(heap: ArrayBufferLike, [room, ...rest]: readonly number[]): number {
  new Int32Array(heap, room, rest.length).set(rest);
  return room!;
}
