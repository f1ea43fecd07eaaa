import { make } from '../elements.js';
import type { Sample } from '../messages.js';

/** Colours of classes from the second on, after Okabe and Ito 2008. */
const colours: readonly (readonly [number, number, number])[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
];

/** Shows validation images with their masks and with what the network finds, side by side. */
export function drawSamples(place: HTMLElement, samples: readonly Sample[]): void {
  const rows = samples.map((sample) =>
    make(
      'figure',
      {},
      picture(sample, undefined, 'image'),
      picture(sample, sample.truth, 'mask'),
      picture(sample, sample.found, 'found'),
      make('figcaption', { class: 'quiet' }, `${sample.name}: image, mask, found`),
    ),
  );
  place.replaceChildren(...rows);
}

function picture(
  { name, width, height, channels, image }: Sample,
  mask: Uint8Array | undefined,
  what: string,
): HTMLCanvasElement {
  const canvas = make('canvas', { role: 'img', 'aria-label': `${name}, ${what}` });
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const index = mask?.[i] ?? 0;
    const colour = index === 0 || index === 255 ? undefined : colours[(index - 1) % colours.length];
    for (let c = 0; c < 3; c++) {
      const value = image[i * channels + (channels === 3 ? c : 0)]!;
      pixels.data[4 * i + c] = colour === undefined ? value : 0.45 * value + 0.55 * colour[c]!;
    }
    pixels.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  return canvas;
}
