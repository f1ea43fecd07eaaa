import { hasAlpha, largestSample, type Depth, type Image } from './image.js';

/** What is known of an image once its pixels are gone. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Whether the last channel is alpha. */
  readonly alpha: boolean;
  readonly depth: Depth;
  /** The smallest and the largest sample, alpha aside. */
  readonly low: number;
  readonly high: number;
  /** Whether a pixel is not fully opaque. */
  readonly isTransparent: boolean;
}

/** An image file and what it holds. */
export interface SeenImage {
  readonly imagePath: string;
  readonly image: ImageFacts;
}

/** Looks at every sample of an image once. */
export function imageFacts(image: Image): ImageFacts {
  const { width, height, channels, depth, data } = image;
  const alpha = hasAlpha(image);
  const opaque = largestSample(depth);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let isTransparent = false;
  if (alpha) {
    const last = channels - 1;
    for (let from = 0; from < data.length; from += channels) {
      if (data[from + last] !== opaque) isTransparent = true;
      for (let c = 0; c < last; c++) {
        const value = data[from + c]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  } else {
    for (const value of data) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { width, height, channels, alpha, depth, low, high, isTransparent };
}
