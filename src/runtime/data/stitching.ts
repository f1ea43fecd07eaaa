import { createPixels, type Pixels } from './pixels.js';
import type { PredictionPlan, PredictionWindow } from './prediction-plan.js';
import { cutPixels, resizePixels } from './resample.js';

/** The canvas of a plan: the image, at the size that the windows lie on. */
export function preparePrediction(image: Pixels, plan: PredictionPlan): Pixels {
  return resizePixels(image, plan.canvas.height, plan.canvas.width);
}

/** The network's input for one window: input height x input width x channels, mirrored outside the canvas. */
export function cutWindow(canvas: Pixels, plan: PredictionPlan, window: PredictionWindow): Pixels {
  const { vertical, horizontal } = plan;
  return cutPixels(canvas, window.top, window.left, vertical.input, horizontal.input);
}

/**
 * Puts the outputs of a plan's windows together. Outputs of another resolution
 * are resized to the part they stand for; where windows overlap, values are
 * averaged with weights that fall off smoothly towards a window's rim, so that
 * no seam shows.
 */
export class Stitcher {
  readonly #sums: Pixels;
  readonly #weights: Float32Array;
  readonly #vertical: Float64Array;
  readonly #horizontal: Float64Array;

  constructor(
    readonly plan: PredictionPlan,
    readonly channels: number,
  ) {
    const { canvas, vertical, horizontal, fade } = plan;
    this.#sums = createPixels(canvas.height, canvas.width, channels);
    this.#weights = new Float32Array(canvas.height * canvas.width);
    this.#vertical = fadeProfile(vertical.cover, fade.height);
    this.#horizontal = fadeProfile(horizontal.cover, fade.width);
  }

  /** Adds one window's output: output height x output width x channels. */
  add(window: PredictionWindow, output: Float32Array): void {
    const { canvas, vertical, horizontal } = this.plan;
    const raw = { height: vertical.output, width: horizontal.output, channels: this.channels };
    if (output.length !== raw.height * raw.width * raw.channels) {
      throw new Error(`output of ${output.length} values for a window of another size`);
    }
    const part = resizePixels({ ...raw, data: output }, vertical.cover, horizontal.cover);
    for (let row = 0; row < part.height; row++) {
      const y = window.coverTop + row;
      if (y < 0 || y >= canvas.height) continue;
      for (let column = 0; column < part.width; column++) {
        const x = window.coverLeft + column;
        if (x < 0 || x >= canvas.width) continue;
        const weight = this.#vertical[row]! * this.#horizontal[column]!;
        const to = y * canvas.width + x;
        const from = (row * part.width + column) * this.channels;
        this.#weights[to]! += weight;
        for (let c = 0; c < this.channels; c++) {
          this.#sums.data[to * this.channels + c]! += weight * part.data[from + c]!;
        }
      }
    }
  }

  /** The whole output at the image's size; every window must have been added. */
  finish(): Pixels {
    const { canvas, image } = this.plan;
    const stitched = createPixels(canvas.height, canvas.width, this.channels);
    for (let i = 0; i < stitched.data.length; i++) {
      stitched.data[i] = this.#sums.data[i]! / this.#weights[Math.floor(i / this.channels)]!;
    }
    return resizePixels(stitched, image.height, image.width);
  }
}

/** Weights along a window: 1 in the middle, a squared sine over `fade` pixels at both ends, never 0. */
function fadeProfile(length: number, fade: number): Float64Array {
  const ramp = Math.min(fade, length / 2);
  return Float64Array.from({ length }, (_, i) => {
    const depth = Math.min(i, length - 1 - i) + 0.5;
    return depth >= ramp ? 1 : Math.sin((Math.PI / 2) * (depth / ramp)) ** 2;
  });
}
