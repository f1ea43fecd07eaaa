// The gradient of batch normalisation with the ReLU behind it.
//
// With r = 1 / sqrt(variance + epsilon) and g = dy where the ReLU let y through: dBeta = sum g,
// dGamma = r sum g (x - mean), dx = gamma r (g - dBeta / n - (x - mean) r dGamma / n)
// (Ioffe and Szegedy 2015).

import { addFour, addOne, addSums, blockPixels, firstPixelOf } from './channel-sums';

/**
 * Sums of g and of g (x - mean) for parts from `first` to `end`: `sums` has room for [parts, 2,
 * channels] float64. dy, x and y, what the forward pass gave, are [pixels, channels].
 */
export function sumMoments(
  dy: usize,
  x: usize,
  y: usize,
  pixels: i32,
  channels: i32,
  mean: usize,
  relu: i32,
  sums: usize,
  parts: i32,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const whole = channels & ~3;
  const zero = f32x4.splat(0);
  // Without a ReLU every gradient passes.
  const all = i32x4.splat(relu != 0 ? 0 : -1);
  for (let part = first; part < end; part++) {
    const partSums = sums + ((<usize>(part * channels)) << 4);
    const moments = partSums + ((<usize>channels) << 3);
    memory.fill(partSums, 0, (<usize>channels) << 4);
    const last = firstPixelOf(part + 1, parts, pixels);
    for (let pixelAt = firstPixelOf(part, parts, pixels); pixelAt < last; pixelAt += blockPixels) {
      const start = <usize>pixelAt * pixel;
      const blockEnd = <usize>min(last, pixelAt + blockPixels) * pixel;
      let channel = 0;
      for (; channel < whole; channel += 4) {
        const at = (<usize>channel) << 2;
        const centre = v128.load(mean + at);
        let sum = f32x4.splat(0);
        let moment = sum;
        for (let k = start + at; k < blockEnd; k += pixel) {
          const g = v128.and(v128.load(dy + k), v128.or(f32x4.gt(v128.load(y + k), zero), all));
          sum = f32x4.add(sum, g);
          moment = f32x4.add(moment, f32x4.mul(g, f32x4.sub(v128.load(x + k), centre)));
        }
        addFour(partSums + (at << 1), sum);
        addFour(moments + (at << 1), moment);
      }
      for (; channel < channels; channel++) {
        const at = (<usize>channel) << 2;
        const centre = load<f32>(mean + at);
        let sum: f32 = 0;
        let moment: f32 = 0;
        for (let k = start + at; k < blockEnd; k += pixel) {
          const g: f32 = relu == 0 || load<f32>(y + k) > 0 ? load<f32>(dy + k) : 0;
          sum += g;
          moment += g * (load<f32>(x + k) - centre);
        }
        addOne(partSums + (at << 1), sum);
        addOne(moments + (at << 1), moment);
      }
    }
  }
}

/**
 * From the sums that `sumMoments` made, gamma, mean and variance [channels]: dGamma and dBeta
 * [channels], and a plane for each channel for `applyPlanes`, [3, channels].
 */
export function fitPlanes(
  pixels: i32,
  channels: i32,
  gamma: usize,
  variance: usize,
  epsilon: f64,
  dGamma: usize,
  dBeta: usize,
  sums: usize,
  parts: i32,
  planes: usize,
): void {
  addSums(sums, channels << 1, parts);
  const moments = sums + ((<usize>channels) << 3);
  const pixel = (<usize>channels) << 2;
  for (let channel: usize = 0; channel < <usize>channels; channel++) {
    const at = channel << 2;
    const sum = load<f64>(sums + (channel << 3));
    const moment = load<f64>(moments + (channel << 3));
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(variance + at) + epsilon);
    store<f32>(dBeta + at, <f32>sum);
    store<f32>(dGamma + at, <f32>(moment * inverse));
    const a = <f64>load<f32>(gamma + at) * inverse;
    const b = (-a * inverse * inverse * moment) / pixels;
    store<f32>(planes + at, <f32>a);
    store<f32>(planes + pixel + at, <f32>b);
    store<f32>(planes + 2 * pixel + at, <f32>((-a * sum) / pixels));
  }
}

/** dx = a g + b (x - mean) + c with the plane a, b, c of each channel, for parts from `first` to `end`. */
export function applyPlanes(
  dy: usize,
  x: usize,
  y: usize,
  pixels: i32,
  channels: i32,
  mean: usize,
  relu: i32,
  dx: usize,
  planes: usize,
  parts: i32,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const whole = channels & ~3;
  const zero = f32x4.splat(0);
  const all = i32x4.splat(relu != 0 ? 0 : -1);
  const last = firstPixelOf(end, parts, pixels);
  for (let pixelAt = firstPixelOf(first, parts, pixels); pixelAt < last; pixelAt += blockPixels) {
    const start = <usize>pixelAt * pixel;
    const blockEnd = <usize>min(last, pixelAt + blockPixels) * pixel;
    let channel = 0;
    for (; channel < whole; channel += 4) {
      const at = (<usize>channel) << 2;
      const centre = v128.load(mean + at);
      const a = v128.load(planes + at);
      const b = v128.load(planes + pixel + at);
      const c = v128.load(planes + 2 * pixel + at);
      for (let k = start + at; k < blockEnd; k += pixel) {
        const g = v128.and(v128.load(dy + k), v128.or(f32x4.gt(v128.load(y + k), zero), all));
        const slope = f32x4.add(f32x4.mul(b, f32x4.sub(v128.load(x + k), centre)), c);
        v128.store(dx + k, f32x4.add(f32x4.mul(a, g), slope));
      }
    }
    for (; channel < channels; channel++) {
      const at = (<usize>channel) << 2;
      const centre = load<f32>(mean + at);
      const a = load<f32>(planes + at);
      const b = load<f32>(planes + pixel + at);
      const c = load<f32>(planes + 2 * pixel + at);
      for (let k = start + at; k < blockEnd; k += pixel) {
        const g: f32 = relu == 0 || load<f32>(y + k) > 0 ? load<f32>(dy + k) : 0;
        store<f32>(dx + k, a * g + (b * (load<f32>(x + k) - centre) + c));
      }
    }
  }
}
