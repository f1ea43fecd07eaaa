import { kernelNames } from '../names.js';
import type { WasmBackend } from './heap.js';
import { allocate, floats, input, wasmKernel } from './heap.js';

/** How values are gathered for statistics; see `GroupNormOptions` of the primitives. */
interface Attributes {
  readonly groups: number;
  readonly perPixel: boolean;
  readonly epsilon: number;
}

/** The image, or the pixel, whose groups have statistics of their own. */
interface Layout {
  readonly slices: number;
  readonly pixels: number;
  readonly channels: number;
  readonly groups: number;
  /** Channels of one group. */
  readonly size: number;
}

function layoutOf(shape: readonly number[], { groups, perPixel }: Attributes): Layout {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const area = height * width;
  return {
    slices: perPixel ? batch * area : batch,
    pixels: perPixel ? 1 : area,
    channels,
    groups,
    size: channels / groups,
  };
}

/**
 * Normalises x [n, h, w, c] within each group of channels of an image or of a
 * pixel: gamma [c] and beta [c] give y like x, and the groups' means and
 * 1 / sqrt(variance + epsilon) for the gradient. Sums are float64, shifted by
 * each group's first value, and run along the channels, as the values lie.
 */
export const groupNorm = wasmKernel<Attributes>(kernelNames.groupNorm, (call) => {
  const { backend, attributes } = call;
  const image = input(call, 'x');
  const layout = layoutOf(image.shape, attributes);
  const { slices, pixels, channels, groups, size } = layout;
  const output = allocate(backend, image.shape);
  const means = allocate(backend, [slices * groups]);
  const inverses = allocate(backend, [slices * groups]);
  const x = floats(backend, image);
  const y = floats(backend, output);
  const gamma = floats(backend, input(call, 'gamma'));
  const beta = floats(backend, input(call, 'beta'));
  const mean = floats(backend, means);
  const inverse = floats(backend, inverses);
  const [shift, sums, squares] = [0, 1, 2].map(() => new Float64Array(channels)) as Rows;
  const length = pixels * channels;
  for (let slice = 0; slice < slices; slice++) {
    const start = slice * length;
    for (let c = 0; c < channels; c++) shift[c] = x[start + c - (c % size)]!;
    sums.fill(0);
    squares.fill(0);
    for (let at = start; at < start + length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const value = x[at + c]! - shift[c]!;
        sums[c]! += value;
        squares[c]! += value * value;
      }
    }
    for (let group = 0; group < groups; group++) {
      const from = group * size;
      const count = pixels * size;
      const shifted = sumOf(sums, from, size) / count;
      const variance = Math.max(0, sumOf(squares, from, size) / count - shifted * shifted);
      const centre = shift[from]! + shifted;
      const scale = 1 / Math.sqrt(variance + attributes.epsilon);
      mean[slice * groups + group] = centre;
      inverse[slice * groups + group] = scale;
      // From here on the sums hold each channel's line y = scale x + offset.
      for (let c = from; c < from + size; c++) {
        sums[c] = gamma[c]! * scale;
        squares[c] = beta[c]! - centre * sums[c]!;
      }
    }
    for (let at = start; at < start + length; at += channels) {
      for (let c = 0; c < channels; c++) y[at + c] = x[at + c]! * sums[c]! + squares[c]!;
    }
  }
  return [output, means, inverses];
});

/**
 * Gradient of `groupNorm`: dy and the forward pass' x, gamma, mean, inverse give
 * dx like x, dGamma [c], dBeta [c]. With r the inverse, m the values of a group,
 * s = sum gamma dy and t = r sum gamma dy (x - mean) over the group:
 * dx = r (gamma dy - s / m - (x - mean) r t / m)  (Wu and He 2018).
 */
export const groupNormGradient = wasmKernel<Attributes>(kernelNames.groupNormGradient, (call) => {
  const { backend, attributes } = call;
  const image = input(call, 'x');
  const { slices, pixels, channels, groups, size } = layoutOf(image.shape, attributes);
  const outputs = [image.shape, [channels], [channels]].map((shape) => allocate(backend, shape));
  const [dx, dGamma, dBeta] = outputs.map((info) => floats(backend, info)) as FloatRows;
  const [x, dy, gamma] = floatInputs(backend, call, ['x', 'dy', 'gamma']);
  const [mean, inverse] = floatInputs(backend, call, ['mean', 'inverse']);
  const [totals, centre, sums, moments, slopes] = [0, 1, 2, 3, 4].map(
    () => new Float64Array(channels),
  ) as [...Rows, Float64Array, Float64Array];
  const gammaTotals = new Float64Array(channels);
  const length = pixels * channels;
  const count = pixels * size;
  for (let slice = 0; slice < slices; slice++) {
    const start = slice * length;
    for (let c = 0; c < channels; c++) centre[c] = mean[slice * groups + Math.floor(c / size)]!;
    sums.fill(0);
    moments.fill(0);
    for (let at = start; at < start + length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const gradient = dy[at + c]!;
        sums[c]! += gradient;
        moments[c]! += gradient * (x[at + c]! - centre[c]!);
      }
    }
    for (let group = 0; group < groups; group++) {
      const from = group * size;
      const scale = inverse[slice * groups + group]!;
      let sum = 0;
      let moment = 0;
      for (let c = from; c < from + size; c++) {
        totals[c]! += sums[c]!;
        gammaTotals[c]! += scale * moments[c]!;
        sum += gamma[c]! * sums[c]!;
        moment += gamma[c]! * scale * moments[c]!;
      }
      // From here on the rows hold each channel's plane dx = slope dy + moments x + sums.
      const bend = (-scale * scale * moment) / count;
      for (let c = from; c < from + size; c++) {
        slopes[c] = gamma[c]! * scale;
        moments[c] = bend;
        sums[c] = (-scale * sum) / count - bend * centre[c]!;
      }
    }
    for (let at = start; at < start + length; at += channels) {
      for (let c = 0; c < channels; c++) {
        dx[at + c] = slopes[c]! * dy[at + c]! + moments[c]! * x[at + c]! + sums[c]!;
      }
    }
  }
  dGamma.set(gammaTotals);
  dBeta.set(totals);
  return outputs;
});

type Rows = [Float64Array, Float64Array, Float64Array];
type FloatRows = [Float32Array, Float32Array, Float32Array];

function floatInputs(
  backend: WasmBackend,
  call: Parameters<typeof input>[0],
  names: readonly string[],
): FloatRows {
  return names.map((name) => floats(backend, input(call, name))) as FloatRows;
}

function sumOf(values: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let at = from; at < from + count; at++) sum += values[at]!;
  return sum;
}
