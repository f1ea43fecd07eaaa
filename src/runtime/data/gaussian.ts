import { reflectIndex, type Pixels } from './pixels.js';

/** Gaussian blur in place, mirrored at the borders, cut off at three deviations (in pixels). */
export function blurPixels(pixels: Pixels, deviation: number): void {
  const kernel = gaussianKernel(deviation);
  if (kernel.length === 1) return;
  blurRows(pixels, kernel);
  blurColumns(pixels, kernel);
}

function gaussianKernel(deviation: number): Float64Array {
  const radius = Math.ceil(3 * deviation);
  if (!(deviation > 0.05)) return Float64Array.of(1);
  const kernel = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let i = -radius; i <= radius; i++) {
    const weight = Math.exp(-(i * i) / (2 * deviation * deviation));
    kernel[i + radius] = weight;
    sum += weight;
  }
  return kernel.map((weight) => weight / sum);
}

/** Filters along each row. */
function blurRows({ height, width, channels, data }: Pixels, kernel: Float64Array): void {
  const radius = (kernel.length - 1) / 2;
  const length = width * channels;
  const padded = new Float64Array(length + 2 * radius * channels);
  for (let y = 0; y < height; y++) {
    const start = y * length;
    for (let x = -radius, to = 0; x < width + radius; x++) {
      const from = start + reflectIndex(x, width) * channels;
      for (let c = 0; c < channels; c++) padded[to++] = data[from + c]!;
    }
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = 0, at = i; k < kernel.length; k++, at += channels) {
        sum += kernel[k]! * padded[at]!;
      }
      data[start + i] = sum;
    }
  }
}

/** Filters along all columns at once, row by row, so that memory is read in its order. */
function blurColumns({ height, width, channels, data }: Pixels, kernel: Float64Array): void {
  const radius = (kernel.length - 1) / 2;
  const length = width * channels;
  const source = data.slice();
  const sums = new Float64Array(length);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = 0; k < kernel.length; k++) {
      const weight = kernel[k]!;
      const from = reflectIndex(y + k - radius, height) * length;
      for (let i = 0; i < length; i++) sums[i]! += weight * source[from + i]!;
    }
    data.set(sums, y * length);
  }
}
