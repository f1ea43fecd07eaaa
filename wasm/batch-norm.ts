// Batch normalisation by the statistics of a batch, with the ReLU behind it.

import { addFour, addOne, addSums, blockPixels, firstPixelOf } from './channel-sums';

/**
 * Sums of x [pixels, channels] and of its squares for parts from `first` to `end`: `sums` has room
 * for [parts, 2, channels] float64. Values are shifted by those of the first pixel before they are
 * summed, so that one pass is stable.
 */
export function sumSquares(
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
    const partSums = sums + ((<usize>(part * channels)) << 4);
    const squares = partSums + ((<usize>channels) << 3);
    memory.fill(partSums, 0, (<usize>channels) << 4);
    const last = firstPixelOf(part + 1, parts, pixels);
    for (let start = firstPixelOf(part, parts, pixels); start < last; start += blockPixels) {
      const block = x + <usize>start * pixel;
      const blockEnd = x + <usize>min(last, start + blockPixels) * pixel;
      let channel = 0;
      for (; channel < whole; channel += 4) {
        const at = (<usize>channel) << 2;
        const shift = v128.load(x + at);
        let sum = f32x4.splat(0);
        let square = sum;
        for (let from = block + at; from < blockEnd; from += pixel) {
          const value = f32x4.sub(v128.load(from), shift);
          sum = f32x4.add(sum, value);
          square = f32x4.add(square, f32x4.mul(value, value));
        }
        addFour(partSums + (at << 1), sum);
        addFour(squares + (at << 1), square);
      }
      for (; channel < channels; channel++) {
        const at = (<usize>channel) << 2;
        const shift = load<f32>(x + at);
        let sum: f32 = 0;
        let square: f32 = 0;
        for (let from = block + at; from < blockEnd; from += pixel) {
          const value = load<f32>(from) - shift;
          sum += value;
          square += value * value;
        }
        addOne(partSums + (at << 1), sum);
        addOne(squares + (at << 1), square);
      }
    }
  }
}

/**
 * From the sums that `sumSquares` made, gamma and beta [channels]: mean and the biased variance
 * [channels], and a line for each channel for `applyLines`, [2, channels].
 */
export function fitLines(
  x: usize,
  pixels: i32,
  channels: i32,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  mean: usize,
  variance: usize,
  sums: usize,
  parts: i32,
  lines: usize,
): void {
  addSums(sums, channels << 1, parts);
  const squares = sums + ((<usize>channels) << 3);
  const pixel = (<usize>channels) << 2;
  for (let channel: usize = 0; channel < <usize>channels; channel++) {
    const shifted = load<f64>(sums + (channel << 3)) / pixels;
    const centre = <f64>load<f32>(x + (channel << 2)) + shifted;
    const spread = max<f64>(0, load<f64>(squares + (channel << 3)) / pixels - shifted * shifted);
    const scale = <f64>load<f32>(gamma + (channel << 2)) / sqrt<f64>(spread + epsilon);
    store<f32>(mean + (channel << 2), <f32>centre);
    store<f32>(variance + (channel << 2), <f32>spread);
    store<f32>(lines + (channel << 2), <f32>scale);
    // What float32 loses of the mean goes into the offset.
    const rest = centre - <f64>(<f32>centre);
    const offset = <f64>load<f32>(beta + (channel << 2)) - rest * scale;
    store<f32>(lines + pixel + (channel << 2), <f32>offset);
  }
}

/** y = scale (x - mean) + offset for each channel, not below 0 if `relu`, for parts from `first` to `end`. */
export function applyLines(
  x: usize,
  pixels: i32,
  channels: i32,
  relu: i32,
  y: usize,
  mean: usize,
  lines: usize,
  parts: i32,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const whole = channels & ~3;
  // Nothing is below it: the line alone.
  const low = relu != 0 ? <f32>0 : f32.NEGATIVE_INFINITY;
  const least = f32x4.splat(low);
  const last = firstPixelOf(end, parts, pixels);
  for (let pixelAt = firstPixelOf(first, parts, pixels); pixelAt < last; pixelAt += blockPixels) {
    const start = <usize>pixelAt * pixel;
    const blockEnd = <usize>min(last, pixelAt + blockPixels) * pixel;
    let channel = 0;
    for (; channel < whole; channel += 4) {
      const at = (<usize>channel) << 2;
      const centre = v128.load(mean + at);
      const scale = v128.load(lines + at);
      const offset = v128.load(lines + pixel + at);
      for (let k = start + at; k < blockEnd; k += pixel) {
        const centred = f32x4.sub(v128.load(x + k), centre);
        const value = f32x4.add(f32x4.mul(centred, scale), offset);
        v128.store(y + k, f32x4.pmax(value, least));
      }
    }
    for (; channel < channels; channel++) {
      const at = (<usize>channel) << 2;
      const centre = load<f32>(mean + at);
      const scale = load<f32>(lines + at);
      const offset = load<f32>(lines + pixel + at);
      for (let k = start + at; k < blockEnd; k += pixel) {
        const value = (load<f32>(x + k) - centre) * scale + offset;
        store<f32>(y + k, value < low ? low : value);
      }
    }
  }
}
