// Sums over the pixels of each channel, in float64.
//
// Pixels are taken in blocks, four channels at a time: a block stays in the first cache while all
// of its channels are done. Sums over a block are float32, sums of blocks float64. Blocks make up
// parts, whose number depends on the shape alone; threads share the parts.

/** Pixels of a block; so few that float32 keeps their sums. */
export const blockPixels: i32 = 16;

/** The first pixel of a part; parts have whole blocks. */
export function firstPixelOf(part: i32, parts: i32, pixels: i32): i32 {
  const blocks = (pixels + blockPixels - 1) / blockPixels;
  return min(<i32>((<i64>part * blocks) / parts) * blockPixels, pixels);
}

/**
 * Sums of x [pixels, channels] for parts from `first` to `end`: `sums` has room for [parts,
 * channels] float64.
 */
export function sumChannels(
  x: usize,
  pixels: i32,
  channels: i32,
  sums: usize,
  parts: i32,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const whole = channels & ~3;
  for (let part = first; part < end; part++) {
    const partSums = sums + ((<usize>(part * channels)) << 3);
    memory.fill(partSums, 0, (<usize>channels) << 3);
    const last = firstPixelOf(part + 1, parts, pixels);
    for (let from = firstPixelOf(part, parts, pixels); from < last; from += blockPixels) {
      const block = x + <usize>from * pixel;
      const blockEnd = x + <usize>min(last, from + blockPixels) * pixel;
      let channel = 0;
      for (; channel < whole; channel += 4) {
        const at = (<usize>channel) << 2;
        let sum = f32x4.splat(0);
        for (let k = block + at; k < blockEnd; k += pixel) sum = f32x4.add(sum, v128.load(k));
        addFour(partSums + (at << 1), sum);
      }
      for (; channel < channels; channel++) {
        const at = (<usize>channel) << 2;
        let sum: f32 = 0;
        for (let k = block + at; k < blockEnd; k += pixel) sum += load<f32>(k);
        addOne(partSums + (at << 1), sum);
      }
    }
  }
}

/** Adds to `count` float64 sums those of the other parts, in their order. */
export function addSums(sums: usize, count: i32, parts: i32): void {
  const step = (<usize>count) << 3;
  for (let part = 1; part < parts; part++) {
    const from = sums + <usize>part * step;
    for (let at: usize = 0; at < step; at += 8) {
      store<f64>(sums + at, load<f64>(sums + at) + load<f64>(from + at));
    }
  }
}

/** Adds 4 values to 4 sums in float64. */
export function addFour(sums: usize, values: v128): void {
  const high = i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(values)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

export function addOne(sum: usize, value: f32): void {
  store<f64>(sum, load<f64>(sum) + <f64>value);
}
