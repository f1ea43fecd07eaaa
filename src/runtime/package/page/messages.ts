import type { Depth, Samples } from '../../data/image.js';

/** What the page asks its worker. */
export interface PageQuestion {
  /** Comes back with the answer. */
  readonly id: number;
  readonly image: AskedImage;
}

/** An image as the page has it: decoded by the browser as RGBA of 8 bits, or a file of numpy. */
export type AskedImage =
  | {
      readonly kind: 'rgba';
      readonly width: number;
      readonly height: number;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'npy'; readonly bytes: Uint8Array };

/** What the worker tells. */
export type PageAnswer =
  | { readonly kind: 'ready'; readonly engine: string }
  | { readonly kind: 'tiles'; readonly id: number; readonly done: number; readonly total: number }
  | ({ readonly kind: 'painted'; readonly id: number } & PaintedPicture)
  | ({ readonly kind: 'classified'; readonly id: number } & ClassifiedPicture)
  /** Without an id: the network itself could not be opened. */
  | { readonly kind: 'failed'; readonly id?: number; readonly reason: string };

/** A picture of whole numbers, as canvases are filled. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: Depth;
  readonly data: Samples;
}

/** What was found in an image. */
export interface PaintedPicture {
  /** The image as RGB, dark ones brightened. */
  readonly image: Raster;
  /** Its classes, tinted and outlined on transparent ground. */
  readonly layer: Raster;
  /** The mask: 0 and 255, or of more than two classes their colours. */
  readonly mask: Raster;
  /** The class of each pixel. */
  readonly classes: Uint8Array;
  /** The part of the pixels of each class, class 0 first. */
  readonly shares: readonly number[];
  /** How many objects there are, where the recipe tells them apart. */
  readonly objects?: number | undefined;
  /** What was padded, resized or cut. */
  readonly description: string;
}

/** What was said of an image as a whole. */
export interface ClassifiedPicture {
  readonly image: Raster;
  readonly classes: readonly {
    readonly name: string;
    readonly probability: number;
    readonly isPredicted: boolean;
  }[];
  readonly description: string;
}
