import { createPixels, type Pixels } from './pixels.js';
import type { PixelSource } from './pixel-source.js';
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
  #weights = new Float32Array(0);

  constructor(
    readonly plan: PredictionPlan,
    readonly channels: number,
  ) {
    this.#sums = createPixels(0, plan.canvas.width, channels);
  }

  /** Adds one window's output: output height x output width x channels. */
  add(window: Pick<PredictionWindow, 'coverTop' | 'coverLeft'>, output: Float32Array): void {
    const { canvas, vertical, horizontal, rows, columns } = this.plan;
    const raw = { height: vertical.output, width: horizontal.output, channels: this.channels };
    if (output.length !== raw.height * raw.width * raw.channels) {
      throw new Error(`output of ${output.length} values for a window of another size`);
    }
    const part = resizePixels({ ...raw, data: output }, vertical.cover, horizontal.cover);
    const rowWeights = rows.find(({ start }) => start === window.coverTop)!.weights;
    const columnWeights = columns.find(({ start }) => start === window.coverLeft)!.weights;
    this.#reach(Math.min(canvas.height, window.coverTop + part.height));
    for (let row = 0; row < part.height; row++) {
      const y = window.coverTop + row;
      if (y < this.#first || y >= canvas.height || rowWeights[row] === 0) continue;
      for (let column = 0; column < part.width; column++) {
        const x = window.coverLeft + column;
        const weight = rowWeights[row]! * columnWeights[column]!;
        if (x < 0 || x >= canvas.width || weight === 0) continue;
        const to = (y - this.#first) * canvas.width + x;
        const from = (row * part.width + column) * this.channels;
        this.#weights[to]! += weight;
        for (let c = 0; c < this.channels; c++) {
          this.#sums.data[to * this.channels + c]! += weight * part.data[from + c]!;
        }
      }
    }
  }

  /** Takes out the finished rows of the canvas before row `end`. */
  take(end: number): Pixels {
    const { width } = this.plan.canvas;
    const height = end - this.#first;
    const { data } = this.#sums;
    for (let i = 0, at = 0; at < height * width; at++) {
      const weight = this.#weights[at]!;
      for (let c = 0; c < this.channels; c++, i++) data[i]! /= weight;
    }
    const count = height * width * this.channels;
    const taken: Pixels = { ...this.#sums, height, data: data.subarray(0, count) };
    this.#sums = {
      ...this.#sums,
      height: this.#sums.height - height,
      data: data.slice(count),
    };
    this.#weights = this.#weights.slice(height * width);
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
    const weights = new Float32Array(height * width);
    weights.set(this.#weights);
    this.#sums = sums;
    this.#weights = weights;
  }
}
