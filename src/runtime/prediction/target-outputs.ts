import { join } from 'node:path';
import type { TrainRecipe } from '../../ir/recipe.js';
import { classMetrics, paintingThreshold } from '../../ir/metric-options.js';
import { openOutput } from '../../files/index.js';
import { npyHeader, npyValues } from '../data/npy.js';
import { classesOfProbabilities, paletteOf, renderMask } from '../data/overlay.js';
import type { Pixels } from '../data/pixels.js';
import { openPng } from '../data/png-rows.js';
import type { Head } from '../losses/head.js';

/** What is predicted of one head with a target of its own. */
export interface TargetPrediction {
  readonly head: string;
  readonly file: string;
}

/** A file that is written from the top, whole or not at all. */
interface RowsOutput {
  add(strip: Pixels): Promise<void>;
  finish(): Promise<void>;
  abandon(): void;
}

/**
 * Where what a head with a target of its own predicts of the image `name` is written: classes as a
 * mask, values and the probabilities of classes that lie over each other as an array of numpy.
 */
export function targetFile(out: string, name: string, head: Pick<Head, 'name' | 'form'>): string {
  return join(out, `${name}.${head.name}.${head.form === 'classes' ? 'mask.png' : 'npy'}`);
}

/**
 * Writes what the heads with targets of their own predict of one image: float32 of the shape (H, W),
 * or (H, W, C) of several channels, or a mask. Methods reject with `FileError`.
 */
export class TargetOutputs {
  readonly #outputs: readonly (readonly [Head, string, RowsOutput])[];

  private constructor(outputs: readonly (readonly [Head, string, RowsOutput])[]) {
    this.#outputs = outputs;
  }

  static async open(
    heads: readonly Head[],
    { out, name, width, height }: Pick<Place, 'width' | 'height'> & Named,
    { targetMetrics }: Pick<TrainRecipe, 'targetMetrics'>,
  ): Promise<TargetOutputs> {
    const outputs: (readonly [Head, string, RowsOutput])[] = [];
    try {
      for (const head of heads) {
        const file = targetFile(out, name, head);
        const threshold = paintingThreshold(classMetrics(targetMetrics[head.name]!));
        const place = { file, width, height };
        const output =
          head.form === 'classes'
            ? await openMask(place, head, threshold)
            : await openValues(place, head);
        outputs.push([head, file, output]);
      }
    } catch (error) {
      for (const [, , output] of outputs) output.abandon();
      throw error;
    }
    return new TargetOutputs(outputs);
  }

  /** Adds the next rows of all heads, in their order. */
  async add(strips: readonly Pixels[]): Promise<void> {
    for (const [at, [, , output]] of this.#outputs.entries()) await output.add(strips[at]!);
  }

  /** Gives all files their names. */
  async finish(): Promise<readonly TargetPrediction[]> {
    for (const [, , output] of this.#outputs) await output.finish();
    return this.#outputs.map(([{ name: head }, file]) => ({ head, file }));
  }

  /** Drops what is not finished. */
  abandon(): void {
    for (const [, , output] of this.#outputs) output.abandon();
  }
}

interface Named {
  readonly out: string;
  /** Of the image. */
  readonly name: string;
}

interface Place {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

async function openValues({ file, width, height }: Place, { channels }: Head): Promise<RowsOutput> {
  const output = await openOutput(file);
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  await output.write(npyHeader(shape));
  return {
    add: ({ data }) => output.write(npyValues(data)),
    finish: () => output.finish(),
    abandon: () => output.abandon(),
  };
}

async function openMask(
  { file, width, height }: Place,
  { classCount }: Head,
  threshold: number,
): Promise<RowsOutput> {
  const palette = classCount > 2 ? paletteOf(classCount) : undefined;
  const output = await openPng(file, { width, height, channels: 1, palette });
  return {
    add: (strip) => {
      const mask = classesOfProbabilities(strip, threshold);
      return output.write(renderMask(mask, classCount, undefined).data as Uint8Array);
    },
    finish: () => output.finish(),
    abandon: () => output.abandon(),
  };
}
