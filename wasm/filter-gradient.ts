// The gradient of a convolution with respect to its filter.

import { addParts, firstRowOf } from './parts';
import { firstPanel, lastPanel, nextPart } from './units';
import { countRuns, packBand, runLength, runOffset, windowStep, Windows } from './windows';

/**
 * dFilter[i, j, c, o] = sum over windows of image[window + tap i j, c] dy[window, o].
 *
 * Sums of parts of the images and dy [n, rows, columns, outputs], for `finishSums`. A band of
 * windows is copied side by side first, its gradients in panels of 8 outputs; then each tile of 4
 * values of a window by 8 outputs is summed over the band in registers.
 *
 * There is room for: addresses of the rows of a band; its padded images with 4 values more;
 * 8 values for each of its windows; sums [part][panel][run][values, a multiple of 4][8].
 * Units from `first` to `end` are done; see `units.ts`.
 */
export function sumProducts(
  windows: Windows,
  dy: usize,
  outputs: i32,
  starts: usize,
  padded: usize,
  gradients: usize,
  sums: usize,
  parts: i32,
  groups: i32,
  first: i32,
  end: i32,
): void {
  const runs = countRuns(windows);
  const tiles = (runLength(windows) + 3) >> 2;
  const panelBytes = (<usize>(runs * tiles)) << 7;
  const panels = (outputs + 7) >> 3;
  for (let unit = first; unit < end; unit = nextPart(unit, end, groups)) {
    const part = unit / groups;
    const start = firstPanel(unit, groups, panels);
    const endPanel = lastPanel(unit, end, groups, panels);
    const partSums = sums + <usize>(part * panels) * panelBytes;
    memory.fill(partSums + <usize>start * panelBytes, 0, <usize>(endPanel - start) * panelBytes);
    const partEnd = firstRowOf(windows, part + 1, parts);
    for (let row = firstRowOf(windows, part, parts); row < partEnd; row += windows.bandRows) {
      const endRow = min(row + windows.bandRows, windows.allRows);
      packBand(windows, row, endRow, padded, starts);
      const pixels = (endRow - row) * windows.columns;
      const from = dy + ((<usize>(row * windows.columns * outputs)) << 2);
      for (let panel = start; panel < endPanel; panel++) {
        packGradients(from, pixels, outputs, panel, gradients);
        let sum = partSums + <usize>panel * panelBytes;
        for (let run = 0; run < runs; run++) {
          let offset = runOffset(windows, run, false);
          for (let tile = 0; tile < tiles; tile++) {
            addTile(windows, endRow - row, starts, offset, gradients, sum);
            offset += 16;
            sum += 128;
          }
        }
      }
    }
  }
}

/**
 * Adds the sums of all parts that `sumProducts` made, in their order, into `result`
 * [kh, kw, c, outputs]. Panels from `first` to `end` are done.
 */
export function finishSums(
  windows: Windows,
  outputs: i32,
  sums: usize,
  parts: i32,
  result: usize,
  first: i32,
  end: i32,
): void {
  const runs = countRuns(windows);
  const length = runLength(windows);
  const panels = (outputs + 7) >> 3;
  const panelBytes = (<usize>(runs * ((length + 3) >> 2))) << 7;
  for (let panel = first; panel < end; panel++) {
    const sum = sums + <usize>panel * panelBytes;
    addParts(sum, panelBytes, <usize>panels * panelBytes, parts);
    unpackSums(sum, runs, length, outputs, panel, result);
  }
}

/** Copies the 8 outputs of a panel for each pixel; outputs that do not exist are 0. */
function packGradients(dy: usize, pixels: i32, outputs: i32, panel: i32, target: usize): void {
  const lanes = min(outputs - (panel << 3), 8);
  const step = (<usize>outputs) << 2;
  let from = dy + ((<usize>panel) << 5);
  const end = target + ((<usize>pixels) << 5);
  if (lanes == 8) {
    for (; target < end; target += 32) {
      v128.store(target, v128.load(from));
      v128.store(target, v128.load(from, 16), 16);
      from += step;
    }
    return;
  }
  for (; target < end; target += 32) {
    v128.store(target, f32x4.splat(0));
    v128.store(target, f32x4.splat(0), 16);
    for (let lane = 0; lane < lanes; lane++) {
      store<f32>(target + ((<usize>lane) << 2), load<f32>(from + ((<usize>lane) << 2)));
    }
    from += step;
  }
}

/** Adds the products of 4 values of each window of a band and the 8 gradients of its panel to a tile. */
function addTile(
  windows: Windows,
  rows: i32,
  starts: usize,
  offset: usize,
  gradients: usize,
  sum: usize,
): void {
  const step = windowStep(windows);
  const rowBytes = (<usize>windows.columns) << 5;
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  for (let row = 0; row < rows; row++) {
    let value = <usize>load<u32>(starts + ((<usize>row) << 2)) + offset;
    const end = gradients + rowBytes;
    for (; gradients < end; gradients += 32) {
      const g0 = v128.load(gradients);
      const g1 = v128.load(gradients, 16);
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
      value += step;
    }
  }
  v128.store(sum, f32x4.add(v128.load(sum), a0));
  v128.store(sum, f32x4.add(v128.load(sum, 16), a1), 16);
  v128.store(sum, f32x4.add(v128.load(sum, 32), b0), 32);
  v128.store(sum, f32x4.add(v128.load(sum, 48), b1), 48);
  v128.store(sum, f32x4.add(v128.load(sum, 64), c0), 64);
  v128.store(sum, f32x4.add(v128.load(sum, 80), c1), 80);
  v128.store(sum, f32x4.add(v128.load(sum, 96), d0), 96);
  v128.store(sum, f32x4.add(v128.load(sum, 112), d1), 112);
}

/** Writes the sums of a panel to their places in [runs, length, outputs]. */
function unpackSums(
  sums: usize,
  runs: i32,
  length: i32,
  outputs: i32,
  panel: i32,
  result: usize,
): void {
  const lanes = min(outputs - (panel << 3), 8);
  const step = (<usize>outputs) << 2;
  const skipped = (<usize>(((length + 3) & ~3) - length)) << 5;
  let to = result + ((<usize>panel) << 5);
  for (let run = 0; run < runs; run++) {
    for (let k = 0; k < length; k++) {
      if (lanes == 8) {
        v128.store(to, v128.load(sums));
        v128.store(to, v128.load(sums, 16), 16);
      } else {
        for (let lane = 0; lane < lanes; lane++) {
          store<f32>(to + ((<usize>lane) << 2), load<f32>(sums + ((<usize>lane) << 2)));
        }
      }
      sums += 32;
      to += step;
    }
    sums += skipped;
  }
}
