import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { isFolder, listFolder } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { writeImage } from '../data/image-files.js';
import { Random } from '../random.js';
import { photograph } from './microscope.js';
import { growTissue, maskTissue } from './tissue.js';

/** How much is drawn. */
export interface DemoOptions {
  readonly seed: number;
  /** The number of pairs to train on and to validate with. */
  readonly train: number;
  readonly val: number;
  /** Height and width of the square images in pixels, 16 or more. */
  readonly size: number;
}

const DEMO_DEFAULTS: DemoOptions = { seed: 1, train: 40, val: 10, size: 128 };

/** An image and its mask, `size` x `size`, 8-bit grey; the mask holds 0 and 255. */
export interface DemoPair {
  readonly image: Uint8Array;
  readonly mask: Uint8Array;
}

/** Draws one pair; the same randomness gives the same bytes. */
export function drawDemoPair(random: Random, size: number): DemoPair {
  const tissue = growTissue(random.fork('tissue'), size);
  return { image: photograph(random.fork('microscope'), tissue), mask: maskTissue(tissue) };
}

/**
 * Writes a made-up microscopy data set, `train/{images,masks}` and
 * `val/{images,masks}`: stained cells, many of them touching, parted in the
 * mask by one pixel. The same options give the same files, byte for byte. A
 * folder that has content is left alone; returns what went wrong.
 *
 * @example
 * ```ts
 * import { readdirSync } from 'node:fs';
 * import { generateDemo } from 'unetc/runtime';
 *
 * await generateDemo('cells', { seed: 1, train: 3, val: 1, size: 32 });
 * console.log(readdirSync('cells/train/images').join());
 * ```
 *
 * ```text
 * cells-001.png,cells-002.png,cells-003.png
 * ```
 */
export async function generateDemo(
  folder: string,
  options: DemoOptions = DEMO_DEFAULTS,
): Promise<readonly Diagnostic[]> {
  const content = isFolder(folder) ? listFolder(folder) : [];
  if (content.length > 0) {
    return [createDiagnostic('demo-folder-not-empty', { folder }, { at: atFile(folder) })];
  }
  const { size } = options;
  for (const split of ['train', 'val'] as const) {
    for (let index = 0; index < options[split]; index++) {
      const random = new Random(options.seed).fork(`${split} ${index}`);
      const pair = drawDemoPair(random, size);
      const name = `cells-${String(index + 1).padStart(3, '0')}.png`;
      for (const [part, data] of [
        ['images', pair.image],
        ['masks', pair.mask],
      ] as const) {
        const image = { width: size, height: size, channels: 1, depth: 8, data } as const;
        const path = join(folder, split, part, name);
        const problem = await writeImage(path, image);
        if (problem !== undefined) return [problem];
      }
    }
  }
  return [];
}
