import { createPixels, type Pixels } from './pixels.js';
import type { PixelSource } from './pixel-source.js';
import type { PlacedCover } from './placed-covers.js';
import type { PredictionPlan, PredictionWindow } from './prediction-plan.js';
import { resizeColumns, resizePixels, resizeRows } from './resample.js';

/** The canvas of a plan that resizes the image; the image is read in strips. */
export async function resizeToCanvas(source: PixelSource, plan: PredictionPlan): Promise<Pixels> {
  const { canvas } = plan;
  const narrow = createPixels(source.height, canvas.width, source.channels);
  let at = 0;
  for await (const strip of source.strips()) {
    const { data } = resizeColumns(strip, canvas.width);
    narrow.data.set(data, at);
    at += data.length;
  }
  return resizeRows(narrow, canvas.height);
}

/** Rows of a strip of an output that is resized. */
const stripRows = 256;

/**
 * Puts the outputs of a plan's windows together, given row by row. Outputs of
 * another resolution are resized to the part they stand for; where windows
 * overlap, values are averaged with the plan's weights. Rows that no later window
 * touches can be taken out, so that an image needs the memory of a strip.
 */
export class Stitcher {
  #first = 0;
  #sums: Pixels;
  /** Of each pixel, where windows are blended; where each pixel is of one window alone, undefined. */
  #weights: Float32Array | undefined;

  constructor(
    readonly plan: PredictionPlan,
    readonly channels: number,
  ) {
    const { canvas, rows, columns } = plan;
    this.#sums = createPixels(0, canvas.width, channels);
    const isBlended = !areApart(rows, canvas.height) || !areApart(columns, canvas.width);
    this.#weights = isBlended ? new Float32Array(0) : undefined;
  }

  /** Adds one window's output: output height x output width x channels. */
  add(window: Pick<PredictionWindow, 'coverTop' | 'coverLeft'>, output: Float32Array): void {
    const { canvas, vertical, horizontal, rows, columns } = this.plan;
    const raw = { height: vertical.output, width: horizontal.output, channels: this.channels };
    if (output.length !== raw.height * raw.width * raw.channels) {
      throw new Error(`output of ${output.length} values for a window of another size`);
    }
    const part = resizePixels({ ...raw, data: output }, vertical.cover, horizontal.cover);
    const row = rows.find(({ start }) => start === window.coverTop)!;
    const column = columns.find(({ start }) => start === window.coverLeft)!;
    this.#reach(Math.min(canvas.height, window.coverTop + part.height));
    if (this.#weights === undefined) this.#copy(part, row, column);
    else this.#blend(part, row, column, this.#weights);
  }

  #copy({ width, data }: Pixels, row: PlacedCover, column: PlacedCover): void {
    const { channels } = this;
    const { canvas } = this.plan;
    const [top, bottom] = countingPart(row, canvas.height);
    const [left, right] = countingPart(column, canvas.width);
    for (let y = Math.max(top, this.#first); y < bottom; y++) {
      const from = ((y - row.start) * width + left - column.start) * channels;
      const line = data.subarray(from, from + (right - left) * channels);
      this.#sums.data.set(line, ((y - this.#first) * canvas.width + left) * channels);
    }
  }

  #blend(
    { width, height, data }: Pixels,
    { start: top, weights: rowWeights }: PlacedCover,
    { start: left, weights: columnWeights }: PlacedCover,
    weights: Float32Array,
  ): void {
    const { canvas } = this.plan;
    for (let row = 0; row < height; row++) {
      const y = top + row;
      if (y < this.#first || y >= canvas.height || rowWeights[row] === 0) continue;
      for (let column = 0; column < width; column++) {
        const x = left + column;
        const weight = rowWeights[row]! * columnWeights[column]!;
        if (x < 0 || x >= canvas.width || weight === 0) continue;
        const to = (y - this.#first) * canvas.width + x;
        const from = (row * width + column) * this.channels;
        weights[to]! += weight;
        for (let c = 0; c < this.channels; c++) {
          this.#sums.data[to * this.channels + c]! += weight * data[from + c]!;
        }
      }
    }
  }

  /** Takes out the finished rows of the canvas before row `end`. */
  take(end: number): Pixels {
    const { width } = this.plan.canvas;
    const height = end - this.#first;
    const { data } = this.#sums;
    const weights = this.#weights;
    if (weights !== undefined) {
      for (let i = 0, at = 0; at < height * width; at++) {
        const weight = weights[at]!;
        for (let c = 0; c < this.channels; c++, i++) data[i]! /= weight;
      }
      this.#weights = weights.slice(height * width);
    }
    const count = height * width * this.channels;
    const taken: Pixels = { ...this.#sums, height, data: data.subarray(0, count) };
    this.#sums = {
      ...this.#sums,
      height: this.#sums.height - height,
      data: data.slice(count),
    };
    this.#first = end;
    return taken;
  }

  /** The whole output at the image's size, in strips; every window must have been added, no row taken out. */
  *finish(): Generator<Pixels> {
    const { canvas, image } = this.plan;
    const wide = resizeColumns(this.take(canvas.height), image.width);
    for (let first = 0; first < image.height; first += stripRows) {
      const end = Math.min(image.height, first + stripRows);
      yield resizeRows(wide, image.height, first, end);
    }
  }

  /** Makes room for rows up to `end`. */
  #reach(end: number): void {
    const height = end - this.#first;
    if (height <= this.#sums.height) return;
    const { width } = this.plan.canvas;
    const sums = createPixels(height, width, this.channels);
    sums.data.set(this.#sums.data);
    this.#sums = sums;
    if (this.#weights === undefined) return;
    const weights = new Float32Array(height * width);
    weights.set(this.#weights);
    this.#weights = weights;
  }
}

/** Where a cover's pixels count, on an axis of the canvas; `end` is behind the last one. */
function countingPart({ start, weights }: PlacedCover, size: number): readonly [number, number] {
  const first = Math.max(0, start + weights.findIndex((weight) => weight > 0));
  return [first, Math.min(size, start + weights.findLastIndex((weight) => weight > 0) + 1)];
}

/** Whether each pixel of an axis comes from one cover alone, with its whole weight. */
function areApart(covers: readonly PlacedCover[], size: number): boolean {
  let end = 0;
  for (const cover of covers) {
    const [first, behind] = countingPart(cover, size);
    const counting = cover.weights.subarray(first - cover.start, behind - cover.start);
    if (first !== end || counting.some((weight) => weight !== 1)) return false;
    end = behind;
  }
  return end === size;
}
