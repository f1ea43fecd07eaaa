// Depthwise convolutions, where each channel has a kernel of its own, and the gradient of their filters.

import { addFour, addOne } from './channel-sums';
import { Outputs } from './outputs';
import { Windows } from './windows';

/**
 * output[window, c] = bias[c] + sum over the taps of a window of window[tap, c] filter[tap, c], for
 * rows of windows of all images from `first` to `end`. Taps beyond an image are left out, so
 * nothing is copied. `filter` is [kh, kw, channels]; `taps` has room for 8 bytes for each tap: where
 * it lies in the image, and in the filter.
 */
export function convolveDepthwise(
  windows: Windows,
  outputs: Outputs,
  filter: usize,
  bias: usize,
  taps: usize,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>windows.channels) << 2;
  const step = windows.strideWidth * <i32>pixel;
  for (let row = first; row < end; row++) {
    const n = row / windows.rows;
    const line = row - n * windows.rows;
    const y = line * windows.strideHeight - windows.top;
    let target = outputs.address + <usize>n * outputs.imageStep + <usize>line * outputs.rowStep;
    // The window's first pixel, which may lie before the image.
    let place =
      <i32>windows.image + ((n * windows.height + y) * windows.width - windows.left) * <i32>pixel;
    let before = -1;
    let behind = -1;
    let count = 0;
    for (let column = 0; column < windows.columns; column++) {
      const x = column * windows.strideWidth - windows.left;
      const firstTap = tapsBefore(x, windows.dilationWidth, windows.kernelWidth);
      const lastTap = tapsInside(x, windows.width, windows.dilationWidth, windows.kernelWidth);
      if (firstTap != before || lastTap != behind) {
        count = listTaps(windows, y, firstTap, lastTap, filter, taps);
        before = firstTap;
        behind = lastTap;
      }
      sumTaps(<usize>place, taps, count, pixel, bias, outputs.low, outputs.high, target);
      place += step;
      target += outputs.columnStep;
    }
  }
}

/** How many taps of a kernel that begins at `start` lie before an image. */
function tapsBefore(start: i32, dilation: i32, kernel: i32): i32 {
  return start >= 0 ? 0 : min((dilation - 1 - start) / dilation, kernel);
}

/** How many lie before its end. */
function tapsInside(start: i32, size: i32, dilation: i32, kernel: i32): i32 {
  return start >= size ? 0 : min((size - start + dilation - 1) / dilation, kernel);
}

/** Writes the taps of a window that lie inside; answers how many there are. */
function listTaps(
  windows: Windows,
  y: i32,
  firstColumn: i32,
  endColumn: i32,
  filter: usize,
  taps: usize,
): i32 {
  const pixel = windows.channels << 2;
  const endRow = tapsInside(y, windows.height, windows.dilationHeight, windows.kernelHeight);
  let at = taps;
  for (let i = tapsBefore(y, windows.dilationHeight, windows.kernelHeight); i < endRow; i++) {
    for (let j = firstColumn; j < endColumn; j++) {
      const place = i * windows.dilationHeight * windows.width + j * windows.dilationWidth;
      store<i32>(at, place * pixel);
      store<u32>(at, <u32>filter + (i * windows.kernelWidth + j) * pixel, 4);
      at += 8;
    }
  }
  return <i32>((at - taps) >> 3);
}

/** One pixel of the output. */
function sumTaps(
  place: usize,
  taps: usize,
  count: i32,
  pixel: usize,
  bias: usize,
  low: f32,
  high: f32,
  target: usize,
): void {
  const end = taps + ((<usize>count) << 3);
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  let k: usize = 0;
  for (; k + 32 <= pixel; k += 32) {
    let a = v128.load(bias + k);
    let b = v128.load(bias + k, 16);
    for (let tap = taps; tap < end; tap += 8) {
      const from = place + <usize>load<u32>(tap) + k;
      const factor = <usize>load<u32>(tap, 4) + k;
      a = f32x4.add(a, f32x4.mul(v128.load(from), v128.load(factor)));
      b = f32x4.add(b, f32x4.mul(v128.load(from, 16), v128.load(factor, 16)));
    }
    v128.store(target + k, f32x4.pmin(f32x4.pmax(a, least), most));
    v128.store(target + k, f32x4.pmin(f32x4.pmax(b, least), most), 16);
  }
  for (; k + 16 <= pixel; k += 16) {
    let a = v128.load(bias + k);
    for (let tap = taps; tap < end; tap += 8) {
      const from = place + <usize>load<u32>(tap) + k;
      a = f32x4.add(a, f32x4.mul(v128.load(from), v128.load(<usize>load<u32>(tap, 4) + k)));
    }
    v128.store(target + k, f32x4.pmin(f32x4.pmax(a, least), most));
  }
  for (; k < pixel; k += 4) {
    let a = load<f32>(bias + k);
    for (let tap = taps; tap < end; tap += 8) {
      a += load<f32>(place + <usize>load<u32>(tap) + k) * load<f32>(<usize>load<u32>(tap, 4) + k);
    }
    // As above: what is no number stays none.
    if (a < low) a = low;
    if (a > high) a = high;
    store<f32>(target + k, a);
  }
}

/**
 * dFilter[i, j, c] = sum over windows of image[window + tap i j, c] dy[window, c]. dy is [n, rows,
 * columns, channels]. Parts of the rows of all images from `first` to `end` are done: `sums` has
 * room for [parts, kh, kw, channels] float64. Sums over a row are float32, sums of rows float64.
 */
export function sumDepthwise(
  windows: Windows,
  dy: usize,
  sums: usize,
  parts: i32,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>windows.channels) << 2;
  const size = windows.kernelHeight * windows.kernelWidth * windows.channels;
  for (let part = first; part < end; part++) {
    const partSums = sums + ((<usize>(part * size)) << 3);
    memory.fill(partSums, 0, (<usize>size) << 3);
    const endRow = ((part + 1) * windows.allRows) / parts;
    for (let row = (part * windows.allRows) / parts; row < endRow; row++) {
      const n = row / windows.rows;
      const y = (row - n * windows.rows) * windows.strideHeight - windows.top;
      const gradients = dy + <usize>(row * windows.columns) * pixel;
      const endTap = tapsInside(y, windows.height, windows.dilationHeight, windows.kernelHeight);
      for (let i = tapsBefore(y, windows.dilationHeight, windows.kernelHeight); i < endTap; i++) {
        const line = n * windows.height + y + i * windows.dilationHeight;
        const image = windows.image + <usize>(line * windows.width) * pixel;
        for (let j = 0; j < windows.kernelWidth; j++) {
          const tap = partSums + ((<usize>(i * windows.kernelWidth + j) * pixel) << 1);
          sumRow(windows, image, gradients, j * windows.dilationWidth - windows.left, tap);
        }
      }
    }
  }
}

/** Adds the products of a row of windows at one tap, `shift` pixels behind their beginning. */
function sumRow(windows: Windows, image: usize, gradients: usize, shift: i32, sums: usize): void {
  const stride = windows.strideWidth;
  const pixel = (<usize>windows.channels) << 2;
  const step = <usize>stride * pixel;
  const first = shift >= 0 ? 0 : (stride - 1 - shift) / stride;
  const last = min((windows.width - shift + stride - 1) / stride, windows.columns);
  if (windows.width <= shift || first >= last) return;
  const from = image + <usize>(first * stride + shift) * pixel;
  const end = gradients + <usize>last * pixel;
  gradients += <usize>first * pixel;
  let k: usize = 0;
  for (; k + 32 <= pixel; k += 32) {
    let a = f32x4.splat(0);
    let b = a;
    let value = from + k;
    for (let g = gradients + k; g < end; g += pixel) {
      a = f32x4.add(a, f32x4.mul(v128.load(value), v128.load(g)));
      b = f32x4.add(b, f32x4.mul(v128.load(value, 16), v128.load(g, 16)));
      value += step;
    }
    addFour(sums + (k << 1), a);
    addFour(sums + (k << 1) + 32, b);
  }
  for (; k + 16 <= pixel; k += 16) {
    let a = f32x4.splat(0);
    let value = from + k;
    for (let g = gradients + k; g < end; g += pixel) {
      a = f32x4.add(a, f32x4.mul(v128.load(value), v128.load(g)));
      value += step;
    }
    addFour(sums + (k << 1), a);
  }
  for (; k < pixel; k += 4) {
    let a: f32 = 0;
    let value = from + k;
    for (let g = gradients + k; g < end; g += pixel) {
      a += load<f32>(value) * load<f32>(g);
      value += step;
    }
    addOne(sums + (k << 1), a);
  }
}
