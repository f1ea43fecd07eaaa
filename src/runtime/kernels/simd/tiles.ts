import type { WindowShape } from './windows.js';

/** The number of tiles that are transformed together, as `wasm/winograd-tiles.ts` has it. */
const maxTiles = 64;

/** Bytes of a plane of that many values for each of these tiles, as `tilePlane` there has it. */
export const tilePlane = (channels: number): number => maxTiles * channels * 4 + 64;

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
