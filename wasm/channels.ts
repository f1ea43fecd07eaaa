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
