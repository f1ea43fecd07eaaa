// Convolutions, and what is one with another filter: their gradients with respect to the image.

import { Outputs, putLanes } from './outputs';
import { firstPanel, lastPanel, nextPart } from './units';
import {
  countRuns,
  isInside,
  packBand,
  pointBand,
  runLength,
  runOffset,
  windowStep,
  Windows,
} from './windows';

/** Room for what a convolution needs at hand, in the order in which JavaScript writes it. */
@unmanaged
export class Room {
  /** Four bytes for each row of a band. */
  starts: usize;
  /** The padded images of a band; unused where windows lie inside. */
  padded: usize;
  /** Four bytes for each run of a window. */
  runs: usize;
  /** Four bytes for each window of a band, a multiple of 4, for windows and then for targets. */
  places: usize;
  targets: usize;
}

/**
 * output[window, o] = bias[o] + sum over the values of a window of window[k] filter[k, o], for
 * the windows of all images. `filter` has panels [o / 8][k][8], see `packFilter`; `bias` a value
 * for each of these outputs. Units from `first` to `end` are done; see `units.ts`.
 *
 * A tile is 4 windows by 8 outputs, summed over k in registers.
 */
export function convolve(
  windows: Windows,
  outputs: Outputs,
  room: Room,
  filter: usize,
  bias: usize,
  groups: i32,
  first: i32,
  end: i32,
): void {
  const inPlace = isInside(windows);
  const runs = countRuns(windows);
  const length = runLength(windows);
  for (let run = 0; run < runs; run++) {
    store<u32>(room.runs + ((<usize>run) << 2), <u32>runOffset(windows, run, inPlace));
  }
  const panels = (outputs.channels + 7) >> 3;
  const panelBytes = (<usize>(runs * length)) << 5;
  for (let unit = first; unit < end; unit = nextPart(unit, end, groups)) {
    const row = (unit / groups) * windows.bandRows;
    const endRow = min(row + windows.bandRows, windows.allRows);
    if (inPlace) pointBand(windows, row, endRow, room.starts);
    else packBand(windows, row, endRow, room.padded, room.starts);
    const count = place(windows, outputs, room, row, endRow);
    const endPanel = lastPanel(unit, end, groups, panels);
    for (let panel = firstPanel(unit, groups, panels); panel < endPanel; panel++) {
      sweep(
        room,
        runs,
        (<usize>length) << 2,
        count,
        filter + <usize>panel * panelBytes,
        bias + ((<usize>panel) << 5),
        (<usize>panel) << 5,
        min(outputs.channels - (panel << 3), 8),
        outputs.low,
        outputs.high,
      );
    }
  }
}

/**
 * Writes where each window of a band begins and where its values go; answers how many there are.
 * The last is repeated until the count is a multiple of 4.
 */
function place(windows: Windows, outputs: Outputs, room: Room, firstRow: i32, endRow: i32): i32 {
  const step = windowStep(windows);
  let at: usize = 0;
  let from: usize = 0;
  let to: usize = 0;
  for (let row = firstRow; row < endRow; row++) {
    const n = row / windows.rows;
    from = <usize>load<u32>(room.starts + ((<usize>(row - firstRow)) << 2));
    to =
      outputs.address +
      <usize>n * outputs.imageStep +
      <usize>(row - n * windows.rows) * outputs.rowStep;
    for (let column = 0; column < windows.columns; column++) {
      store<u32>(room.places + at, <u32>from);
      store<u32>(room.targets + at, <u32>to);
      from += step;
      to += outputs.columnStep;
      at += 4;
    }
  }
  const count = <i32>(at >> 2);
  for (; (at & 15) != 0; at += 4) {
    store<u32>(room.places + at, <u32>(from - step));
    store<u32>(room.targets + at, <u32>(to - outputs.columnStep));
  }
  return count;
}

/** Computes a panel of outputs for all windows of a band. */
function sweep(
  room: Room,
  runs: i32,
  runBytes: usize,
  count: i32,
  filter: usize,
  bias: usize,
  shift: usize,
  lanes: i32,
  low: f32,
  high: f32,
): void {
  const bias0 = v128.load(bias);
  const bias1 = v128.load(bias, 16);
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  const runsEnd = room.runs + ((<usize>runs) << 2);
  let targets = room.targets;
  let places = room.places;
  for (let window = 0; window < count; window += 4) {
    const place0 = <usize>load<u32>(places);
    const place1 = <usize>load<u32>(places, 4);
    const place2 = <usize>load<u32>(places, 8);
    const place3 = <usize>load<u32>(places, 12);
    let a0 = bias0;
    let a1 = bias1;
    let b0 = bias0;
    let b1 = bias1;
    let c0 = bias0;
    let c1 = bias1;
    let d0 = bias0;
    let d1 = bias1;
    let taps = filter;
    for (let run = room.runs; run < runsEnd; run += 4) {
      const offset = <usize>load<u32>(run);
      let p0 = place0 + offset;
      let p1 = place1 + offset;
      let p2 = place2 + offset;
      let p3 = place3 + offset;
      const end = p0 + runBytes;
      for (; p0 < end; p0 += 4) {
        const f0 = v128.load(taps);
        const f1 = v128.load(taps, 16);
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
        p1 += 4;
        p2 += 4;
        p3 += 4;
        taps += 32;
      }
    }
    a0 = f32x4.pmin(f32x4.pmax(a0, least), most);
    a1 = f32x4.pmin(f32x4.pmax(a1, least), most);
    b0 = f32x4.pmin(f32x4.pmax(b0, least), most);
    b1 = f32x4.pmin(f32x4.pmax(b1, least), most);
    c0 = f32x4.pmin(f32x4.pmax(c0, least), most);
    c1 = f32x4.pmin(f32x4.pmax(c1, least), most);
    d0 = f32x4.pmin(f32x4.pmax(d0, least), most);
    d1 = f32x4.pmin(f32x4.pmax(d1, least), most);
    putPixel(<usize>load<u32>(targets) + shift, a0, a1, lanes);
    putPixel(<usize>load<u32>(targets, 4) + shift, b0, b1, lanes);
    putPixel(<usize>load<u32>(targets, 8) + shift, c0, c1, lanes);
    putPixel(<usize>load<u32>(targets, 12) + shift, d0, d1, lanes);
    places += 16;
    targets += 16;
  }
}

/** Stores the first `lanes` of 8 values. */
function putPixel(target: usize, first: v128, second: v128, lanes: i32): void {
  putLanes(target, first, lanes);
  if (lanes > 4) putLanes(target + 16, second, lanes - 4);
}
