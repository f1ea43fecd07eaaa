// Filters as convolutions read them: panels of 8 outputs, with zeros for outputs that do not exist.

/** filter [values, outputs] to [outputs / 8][values][8]. Panels from `first` to `end` are done. */
export function packFilter(
  filter: usize,
  values: i32,
  outputs: i32,
  target: usize,
  first: i32,
  end: i32,
): void {
  const step = (<usize>outputs) << 2;
  target += (<usize>(first * values)) << 5;
  for (let panel = first; panel < end; panel++) {
    const lanes = min(outputs - (panel << 3), 8);
    let from = filter + ((<usize>panel) << 5);
    for (let value = 0; value < values; value++) {
      if (lanes == 8) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
      } else {
        packLanes(from, 4, lanes, target);
      }
      from += step;
      target += 32;
    }
  }
}

/**
 * Some taps of a filter [kh, kw, channels, outputs], turned by 180 degrees and with its last axes
 * exchanged, as the gradient of an image needs them: [channels / 8][i][j][outputs][8] for `rows`
 * taps i from the last, which is `firstRow` + (`rows` - 1) * `rowStep`, to the first; j likewise.
 * Panels from `first` to `end` are done.
 */
export function packTurnedFilter(
  filter: usize,
  kernelWidth: i32,
  channels: i32,
  outputs: i32,
  firstRow: i32,
  rowStep: i32,
  rows: i32,
  firstColumn: i32,
  columnStep: i32,
  columns: i32,
  target: usize,
  first: i32,
  end: i32,
): void {
  const step = (<usize>outputs) << 2;
  target += (<usize>(first * rows * columns * outputs)) << 5;
  for (let panel = first; panel < end; panel++) {
    const lanes = min(channels - (panel << 3), 8);
    for (let i = rows - 1; i >= 0; i--) {
      for (let j = columns - 1; j >= 0; j--) {
        const tap = (firstRow + i * rowStep) * kernelWidth + firstColumn + j * columnStep;
        let from = filter + <usize>(tap * channels + (panel << 3)) * step;
        for (let output = 0; output < outputs; output++) {
          packLanes(from, step, lanes, target);
          from += 4;
          target += 32;
        }
      }
    }
  }
}

/** Copies `lanes` values that lie `step` bytes apart, and zeros behind them up to 8. */
function packLanes(from: usize, step: usize, lanes: i32, target: usize): void {
  if (lanes < 8) {
    v128.store(target, f32x4.splat(0));
    v128.store(target, f32x4.splat(0), 16);
  }
  const end = target + ((<usize>lanes) << 2);
  for (; target < end; target += 4) {
    store<f32>(target, load<f32>(from));
    from += step;
  }
}
