import { basename, dirname, join } from 'node:path';
import { counted } from '../../diagnostics/counted.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { isFolder, realPath } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { isImageName, namesIn } from '../data/folder.js';
import { isPicture } from './picture-files.js';

/** The folders of a data set whose every file is read. */
const partsOfData: readonly string[] = ['images', 'masks', 'instances'];

/**
 * Reports a folder in which pictures would be taken for something else: one of a data set,
 * where the next training would find masks without images; and warns of one with other
 * images in it, among which they would be read with the next call for that folder.
 */
export function checkOutFolder(out: string): readonly Diagnostic[] {
  const at = atFile(out);
  const real = realPath(out) ?? join(realPath(dirname(out)) ?? dirname(out), basename(out));
  const data = dataAround(real);
  if (data !== undefined) {
    const help = ['Write to another folder with "--out".'];
    return [createDiagnostic('predictions-into-data', { folder: out, data }, { at, help })];
  }
  const names = isFolder(real) ? namesIn(real) : [];
  const others = names.filter((name) => isImageName(name) && !isPicture(name));
  if (others.length === 0) return [];
  const images = counted(others.length, 'other image');
  return [createDiagnostic('predictions-among-images', { folder: out, images }, { at })];
}

/** The folder with `images` and `masks` in it that a folder is a part of. */
function dataAround(folder: string): string | undefined {
  let below = folder;
  for (let above = dirname(folder); above !== below; above = dirname(above)) {
    const isPart = partsOfData.includes(basename(below));
    if (isPart && isFolder(join(above, 'images')) && isFolder(join(above, 'masks'))) return above;
    below = above;
  }
  return undefined;
}
