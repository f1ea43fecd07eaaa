import { reflectIndex, type Pixels } from './pixels.js';

/** Gaussian blur in place, mirrored at the borders, cut off at three deviations (in pixels). */
export function blurPixels(pixels: Pixels, deviation: number): void {
  const kernel = gaussianKernel(deviation);
  if (kernel.length === 1) return;
  const { height, width, channels, data } = pixels;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      filterLine(data, y * width * channels + c, channels, width, kernel);
    }
    for (let x = 0; x < width; x++) {
      filterLine(data, x * channels + c, width * channels, height, kernel);
    }
  }
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

function filterLine(
  data: Float32Array,
  start: number,
  step: number,
  length: number,
  kernel: Float64Array,
): void {
  const radius = (kernel.length - 1) / 2;
  const padded = new Float64Array(length + 2 * radius);
  for (let i = 0; i < padded.length; i++) {
    padded[i] = data[start + reflectIndex(i - radius, length) * step]!;
  }
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * padded[i + k]!;
    data[start + i * step] = sum;
  }
}
