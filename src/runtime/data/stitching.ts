import { createPixels, type Pixels } from './pixels.js';
import type { PredictionPlan, PredictionWindow } from './prediction-plan.js';
import { cutPixels, resizePixels } from './resample.js';

/** The canvas of a plan: the image, at the size that the windows lie on. */
export function preparePrediction(image: Pixels, plan: PredictionPlan): Pixels {
  return resizePixels(image, plan.canvas.height, plan.canvas.width);
}

/**
 * The network's input for one window: input height x input width x channels,
 * mirrored outside the canvas. Of the canvas only the rows from `firstRow` on that
 * the window needs must be there.
 */
export function cutWindow(
  rows: Pixels,
  plan: PredictionPlan,
  window: PredictionWindow,
  firstRow = 0,
): Pixels {
  const { vertical, horizontal, canvas } = plan;
  const strip = { rows, firstRow, height: canvas.height };
  return cutPixels(strip, window.top, window.left, vertical.input, horizontal.input);
}

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
  add(window: PredictionWindow, output: Float32Array): void {
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
    const taken = createPixels(height, width, this.channels);
    for (let i = 0, at = 0; at < height * width; at++) {
      const weight = this.#weights[at]!;
      for (let c = 0; c < this.channels; c++, i++) taken.data[i] = this.#sums.data[i]! / weight;
    }
    const { data } = this.#sums;
    this.#sums = {
      ...this.#sums,
      height: this.#sums.height - height,
      data: data.slice(height * width * this.channels),
    };
    this.#weights = this.#weights.slice(height * width);
    this.#first = end;
    return taken;
  }

  /** The whole output at the image's size; every window must have been added, no row taken out. */
  finish(): Pixels {
    const { canvas, image } = this.plan;
    return resizePixels(this.take(canvas.height), image.height, image.width);
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
