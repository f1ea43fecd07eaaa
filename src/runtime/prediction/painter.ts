import { notWritten } from '../data/image-files.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Samples } from '../data/image.js';
import type { Colour } from '../data/mask-encoding.js';
import {
  likeliestOf,
  paletteOf,
  renderMask,
  renderOverlay,
  renderProbabilities,
} from '../data/overlay.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { openPng, type PngDescription, type PngOutput } from '../data/png-rows.js';
import { PendingWrites } from './pending-writes.js';
import type { PictureFiles } from './picture-files.js';

/** How the pictures of an image are painted. */
export interface PaintingOptions {
  readonly files: PictureFiles;
  readonly width: number;
  readonly height: number;
  readonly classCount: number;
  /** Colours of the classes, where the recipe names some. */
  readonly colours: readonly Colour[] | undefined;
  /** What the image's values are multiplied by for display. */
  readonly gain: number;
}

/** A picture that could not be written. */
export class PictureError extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = 'PictureError';
  }
}

/**
 * Paints the pictures of one image from the top, so that only some rows of them are in
 * memory: probabilities, and masks with what lies below them, which may follow later. They are compressed and written while the next rows are computed. None has its name
 * before all are whole. Methods reject with `PictureError`, perhaps for rows added before.
 */
export class Painter {
  readonly #options: PaintingOptions;
  readonly #outputs = new Map<string, PngOutput>();
  readonly #writes = new PendingWrites();
  readonly #counts: number[];
  /** The last rows of the mask, at most two; the image's last row, which waits for the row below it. */
  #maskTail: ClassMask;
  #imageTail: Pixels | undefined;
  #painted = 0;

  constructor(options: PaintingOptions) {
    const { width, classCount } = options;
    this.#options = options;
    this.#counts = new Array<number>(classCount).fill(0);
    this.#maskTail = { width, height: 0, data: new Uint8Array(0) };
  }

  /** Adds rows of probabilities. */
  async addProbabilities(probabilities: Pixels): Promise<void> {
    const { files } = this.#options;
    const isOne = files.probabilities.length === 1 && probabilities.channels > 1;
    const shown = isOne ? likeliestOf(probabilities) : probabilities;
    for (const [c, map] of renderProbabilities(shown, 8).entries()) {
      await this.#write(files.probabilities[c]!, map.data, 1);
    }
  }

  /** Adds rows of a plane of 0 to 1 to a grey picture at `path`. */
  async addPlane(path: string, plane: Pixels): Promise<void> {
    const [picture] = renderProbabilities(plane, 8);
    await this.#write(path, picture!.data, 1);
  }

  /** Adds rows: the image, and the mask of it. */
  async addMask(image: Pixels, mask: ClassMask): Promise<void> {
    const { files, classCount, colours } = this.#options;
    for (const found of mask.data) this.#counts[found]! += 1;
    const isIndices = classCount > 2 && colours === undefined;
    const palette = isIndices ? paletteOf(classCount) : undefined;
    const channels = colours === undefined ? 1 : 3;
    await this.#write(files.mask, renderMask(mask, classCount, colours).data, channels, palette);
    this.#painted += image.height;
    await this.#overlay(image, mask);
  }

  /** Gives all pictures their names; the answer is the part of the pixels of each class. */
  async finish(): Promise<readonly number[]> {
    for (const [path, output] of this.#outputs) {
      await this.#writes.add(path, 0, () => attempt(path, () => output.end()));
    }
    await this.#writes.settle();
    const named = [...this.#outputs].map(([path, output]) => attempt(path, () => output.finish()));
    await Promise.all(named);
    const { width, height } = this.#options;
    return this.#counts.map((count) => count / (width * height));
  }

  /** Drops what is not finished. */
  abandon(): void {
    for (const output of this.#outputs.values()) output.abandon();
  }

  /** Whether a pixel lies on a contour is known with the row below it: the last row waits. */
  async #overlay(image: Pixels, mask: ClassMask): Promise<void> {
    const { files, height, colours, gain } = this.#options;
    const rows = this.#imageTail ? below(this.#imageTail, image) : image;
    const masks = below(this.#maskTail, mask);
    const isLast = this.#painted === height;
    const count = isLast ? rows.height : rows.height - 1;
    const rowsAbove = masks.height - rows.height;
    const known = partOf(rows, 0, count);
    const { data } = renderOverlay(known, masks, { colours, gain, rowsAbove });
    await this.#write(files.overlay, data, 3);
    this.#maskTail = partOf(masks, Math.max(0, masks.height - 2), masks.height);
    this.#imageTail = partOf(rows, count, rows.height);
  }

  async #write(
    path: string,
    data: Samples,
    channels: PngDescription['channels'],
    palette?: readonly Colour[],
  ): Promise<void> {
    const { width, height } = this.#options;
    const write = async (): Promise<void> => {
      const known = this.#outputs.get(path);
      const output = known ?? (await openPng(path, { width, height, channels, palette }));
      this.#outputs.set(path, output);
      await output.write(data as Uint8Array);
    };
    await this.#writes.add(path, data.byteLength, () => attempt(path, write));
  }
}

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (problem) {
    throw new PictureError(notWritten(path, problem));
  }
}

/** Rows of values: a mask has one a pixel. */
interface Rows<T> {
  readonly height: number;
  readonly width: number;
  readonly data: T;
}

/** One below the other. */
function below<R extends Rows<Uint8Array | Float32Array>>(upper: R, lower: R): R {
  if (upper.height === 0) return lower;
  const length = upper.data.length + lower.data.length;
  const data = lower.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  data.set(upper.data);
  data.set(lower.data, upper.data.length);
  return { ...lower, height: upper.height + lower.height, data };
}

/** A copy of some rows where those are the last ones, so that the others can go. */
function partOf<R extends Rows<Uint8Array | Float32Array>>(rows: R, first: number, end: number): R {
  if (first === 0 && end === rows.height) return rows;
  const row = rows.height === 0 ? 0 : rows.data.length / rows.height;
  const [from, to] = [first * row, end * row];
  const data = first === 0 ? rows.data.subarray(from, to) : rows.data.slice(from, to);
  return { ...rows, height: end - first, data };
}
