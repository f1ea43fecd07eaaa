import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { isFolder, listFolder } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { writeImage } from '../data/image-files.js';
import { DEMO_DEFAULTS, demoPairs, type DemoOptions } from './demo-pairs.js';

/** How much is drawn. */
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
    for (const pair of demoPairs(split, options)) {
      for (const [part, data] of [
        ['images', pair.image],
        ['masks', pair.mask],
      ] as const) {
        const image = { width: size, height: size, channels: 1, depth: 8, data } as const;
        const path = join(folder, split, part, `${pair.name}.png`);
        const problem = await writeImage(path, image);
        if (problem !== undefined) return [problem];
      }
    }
  }
  return [];
}
