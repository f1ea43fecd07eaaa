// Channels of pixels: copied from one tensor to another.

/**
 * Copies runs of `bytes`, a multiple of 4, that lie `fromStep` and `toStep` bytes apart. Runs from
 * `first` to `end` are done.
 */
export function copyRuns(
  from: usize,
  fromStep: usize,
  to: usize,
  toStep: usize,
  bytes: usize,
  first: i32,
  end: i32,
): void {
  const whole = bytes & ~15;
  from += <usize>first * fromStep;
  to += <usize>first * toStep;
  for (let run = first; run < end; run++) {
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(to + at, v128.load(from + at));
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
    from += fromStep;
    to += toStep;
  }
}

/**
 * Copies runs of `bytes`, a multiple of 4: in each block of `size` runs, those that the `count`
 * numbers at `indices` name. Runs of the result from `first` to `end` are done.
 */
export function gatherRuns(
  from: usize,
  size: i32,
  indices: usize,
  count: i32,
  to: usize,
  bytes: usize,
  first: i32,
  end: i32,
): void {
  const whole = bytes & ~15;
  to += <usize>first * bytes;
  for (let run = first; run < end; run++) {
    const block = run / count;
    const index = load<i32>(indices + ((<usize>(run - block * count)) << 2));
    const source = from + <usize>(block * size + index) * bytes;
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(to + at, v128.load(source + at));
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(source + at));
    to += bytes;
  }
}
