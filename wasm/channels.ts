// Channels of pixels: copied from one tensor to another, and summed.

/** Copies `count` runs of `bytes`, a multiple of 4, that lie `fromStep` and `toStep` bytes apart. */
export function copyRuns(
  from: usize,
  fromStep: usize,
  to: usize,
  toStep: usize,
  bytes: usize,
  count: i32,
): void {
  const whole = bytes & ~15;
  for (let run = 0; run < count; run++) {
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(to + at, v128.load(from + at));
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
    from += fromStep;
    to += toStep;
  }
}
