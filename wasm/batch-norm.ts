// Batch normalisation by the statistics of a batch, with the ReLU behind it, and its gradient.
//
// Pixels are taken in blocks, four channels at a time: a block stays in the first cache while all
// of its channels are done. Sums over a block are float32, sums of blocks float64.

/** Pixels of a block; so few that float32 keeps their sums. */
const blockPixels: i32 = 16;

/**
 * x [pixels, channels], gamma, beta [channels] give y like x, mean and the biased variance
 * [channels]. `sums` has room for 2 * channels float64, `lines` for 2 * channels float32. Values
 * are shifted by those of the first pixel before they are summed, so that one pass is stable.
 */
export function normalise(
  x: usize,
  pixels: i32,
  channels: i32,
  gamma: usize,
  beta: usize,
  epsilon: f64,
  relu: i32,
  y: usize,
  mean: usize,
  variance: usize,
  sums: usize,
  lines: usize,
): void {
  const squares = sums + ((<usize>channels) << 3);
  memory.fill(sums, 0, (<usize>channels) << 4);
  const pixel = (<usize>channels) << 2;
  const whole = channels & ~3;
  for (let first = 0; first < pixels; first += blockPixels) {
    const block = x + <usize>first * pixel;
    const end = block + <usize>min(pixels - first, blockPixels) * pixel;
    let channel = 0;
    for (; channel < whole; channel += 4) {
      const at = (<usize>channel) << 2;
      const shift = v128.load(x + at);
      let sum = f32x4.splat(0);
      let square = sum;
      for (let from = block + at; from < end; from += pixel) {
        const value = f32x4.sub(v128.load(from), shift);
        sum = f32x4.add(sum, value);
        square = f32x4.add(square, f32x4.mul(value, value));
      }
      addFour(sums + (at << 1), sum);
      addFour(squares + (at << 1), square);
    }
    for (; channel < channels; channel++) {
      const at = (<usize>channel) << 2;
      const shift = load<f32>(x + at);
      let sum: f32 = 0;
      let square: f32 = 0;
      for (let from = block + at; from < end; from += pixel) {
        const value = load<f32>(from) - shift;
        sum += value;
        square += value * value;
      }
      addOne(sums + (at << 1), sum);
      addOne(squares + (at << 1), square);
    }
  }
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
  applyLines(x, pixels, channels, relu, y, mean, lines);
}

/** y = scale (x - mean) + offset for each channel, not below 0 if `relu`. */
function applyLines(
  x: usize,
  pixels: i32,
  channels: i32,
  relu: i32,
  y: usize,
  mean: usize,
  lines: usize,
): void {
  const pixel = (<usize>channels) << 2;
  const whole = channels & ~3;
  // Nothing is below it: the line alone.
  const low = relu != 0 ? <f32>0 : f32.NEGATIVE_INFINITY;
  const least = f32x4.splat(low);
  for (let first = 0; first < pixels; first += blockPixels) {
    const start = <usize>first * pixel;
    const end = start + <usize>min(pixels - first, blockPixels) * pixel;
    let channel = 0;
    for (; channel < whole; channel += 4) {
      const at = (<usize>channel) << 2;
      const centre = v128.load(mean + at);
      const scale = v128.load(lines + at);
      const offset = v128.load(lines + pixel + at);
      for (let k = start + at; k < end; k += pixel) {
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
      for (let k = start + at; k < end; k += pixel) {
        const value = (load<f32>(x + k) - centre) * scale + offset;
        store<f32>(y + k, value < low ? low : value);
      }
    }
  }
}

/**
 * The gradient of `normalise`: dy and the forward pass' x, y, gamma, mean, variance give dx like
 * x, dGamma and dBeta [channels]. With r = 1 / sqrt(variance + epsilon) and g = dy where the ReLU
 * let y through: dBeta = sum g, dGamma = r sum g (x - mean),
 * dx = gamma r (g - dBeta / n - (x - mean) r dGamma / n)  (Ioffe and Szegedy 2015).
 * `sums` has room for 2 * channels float64, `planes` for 3 * channels float32.
 */
export function differentiateNorm(
  dy: usize,
  x: usize,
  y: usize,
  pixels: i32,
  channels: i32,
  gamma: usize,
  mean: usize,
  variance: usize,
  epsilon: f64,
  relu: i32,
  dx: usize,
  dGamma: usize,
  dBeta: usize,
  sums: usize,
  planes: usize,
): void {
  const moments = sums + ((<usize>channels) << 3);
  memory.fill(sums, 0, (<usize>channels) << 4);
  const pixel = (<usize>channels) << 2;
  const whole = channels & ~3;
  const zero = f32x4.splat(0);
  // Without a ReLU every gradient passes.
  const all = i32x4.splat(relu != 0 ? 0 : -1);
  for (let first = 0; first < pixels; first += blockPixels) {
    const start = <usize>first * pixel;
    const end = start + <usize>min(pixels - first, blockPixels) * pixel;
    let channel = 0;
    for (; channel < whole; channel += 4) {
      const at = (<usize>channel) << 2;
      const centre = v128.load(mean + at);
      let sum = f32x4.splat(0);
      let moment = sum;
      for (let k = start + at; k < end; k += pixel) {
        const g = v128.and(v128.load(dy + k), v128.or(f32x4.gt(v128.load(y + k), zero), all));
        sum = f32x4.add(sum, g);
        moment = f32x4.add(moment, f32x4.mul(g, f32x4.sub(v128.load(x + k), centre)));
      }
      addFour(sums + (at << 1), sum);
      addFour(moments + (at << 1), moment);
    }
    for (; channel < channels; channel++) {
      const at = (<usize>channel) << 2;
      const centre = load<f32>(mean + at);
      let sum: f32 = 0;
      let moment: f32 = 0;
      for (let k = start + at; k < end; k += pixel) {
        const g: f32 = relu == 0 || load<f32>(y + k) > 0 ? load<f32>(dy + k) : 0;
        sum += g;
        moment += g * (load<f32>(x + k) - centre);
      }
      addOne(sums + (at << 1), sum);
      addOne(moments + (at << 1), moment);
    }
  }
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
  for (let first = 0; first < pixels; first += blockPixels) {
    const start = <usize>first * pixel;
    const end = start + <usize>min(pixels - first, blockPixels) * pixel;
    let channel = 0;
    for (; channel < whole; channel += 4) {
      const at = (<usize>channel) << 2;
      const centre = v128.load(mean + at);
      const a = v128.load(planes + at);
      const b = v128.load(planes + pixel + at);
      const c = v128.load(planes + 2 * pixel + at);
      for (let k = start + at; k < end; k += pixel) {
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
      for (let k = start + at; k < end; k += pixel) {
        const g: f32 = relu == 0 || load<f32>(y + k) > 0 ? load<f32>(dy + k) : 0;
        store<f32>(dx + k, a * g + (b * (load<f32>(x + k) - centre) + c));
      }
    }
  }
}

/** Adds 4 values to 4 sums in float64. */
function addFour(sums: usize, values: v128): void {
  const high = i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(values)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

function addOne(sum: usize, value: f32): void {
  store<f64>(sum, load<f64>(sum) + <f64>value);
}
