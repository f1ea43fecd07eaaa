import type { Raster } from '../src/runtime/package/page/messages.js';

/** Fills a canvas with a picture of 8 bits: grey, RGB or RGBA. */
export function paint(canvas: HTMLCanvasElement, raster: Raster): void {
  const { width, height, channels, data } = raster;
  canvas.width = width;
  canvas.height = height;
  const picture = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [from, to] = [pixel * channels, 4 * pixel];
    for (let c = 0; c < 3; c++) picture.data[to + c] = data[from + (channels >= 3 ? c : 0)] ?? 0;
    picture.data[to + 3] = channels === 4 ? (data[from + 3] ?? 0) : 255;
  }
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
}
