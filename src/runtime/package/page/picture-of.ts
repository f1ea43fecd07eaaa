import type { Image } from '../../data/image.js';

/** A picture as browsers decode every one: RGBA of 8 bits. */
interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The image that a file most likely held: without alpha where all is opaque, grey where no pixel
 * has a colour. So an image gives the values here that it gives where files are decoded as they are.
 */
export function pictureOf({ width, height, data }: DecodedPicture): Image {
  const every = (holds: (at: number) => boolean): boolean => {
    for (let at = 0; at < data.length; at += 4) if (!holds(at)) return false;
    return true;
  };
  const isGrey = every((at) => data[at] === data[at + 1] && data[at] === data[at + 2]);
  const alpha = !every((at) => data[at + 3] === 255);
  const kept = [...(isGrey ? [0] : [0, 1, 2]), ...(alpha ? [3] : [])];
  const channels = kept.length;
  const samples = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (const [c, from] of kept.entries()) samples[pixel * channels + c] = data[4 * pixel + from]!;
  }
  return { width, height, channels, alpha, depth: 8, data: samples };
}
