import { extname, join } from 'node:path';
import type { Reporter } from '../../diagnostics/report.js';
import { isFolder } from '../../files/index.js';
import { atFile } from './at-file.js';
import { foldersWithImages, listImageFiles, type FilePair, type SplitName } from './folder.js';
import { suggestFolder } from './layout.js';
import { explainUnpaired } from './unpaired.js';

export interface PairOptions {
  /** Whether instance masks are wanted too: those in `instances`, beside `masks`, where that folder exists. */
  readonly instances?: boolean;
}

/**
 * Pairs the images of a split with its masks by name without extension, in
 * order of names. Reports missing and empty folders, duplicates and files
 * without a partner, with the likely reason; returns the pairs that are whole.
 */
export async function pairFiles(
  folder: string,
  split: SplitName,
  reporter: Reporter,
  { instances = false }: PairOptions = {},
): Promise<readonly FilePair[]> {
  const base = split === 'flat' ? folder : join(folder, split);
  const imagesFolder = join(base, 'images');
  const masksFolder = join(base, 'masks');
  if (!isFolder(base)) {
    const expected = 'a folder with the folders "images" and "masks" in it';
    reporter.report('data-folder-missing', { folder: base, expected }, { at: atFile(base) });
    return [];
  }
  const images = await listByName(imagesFolder, 'a folder of images', reporter);
  const masks = await listByName(masksFolder, 'a folder of masks', reporter);
  if (images === undefined || masks === undefined) return [];
  const pairs: FilePair[] = [];
  const instancesFolder = join(base, 'instances');
  const objects =
    instances && isFolder(instancesFolder)
      ? await listByName(instancesFolder, 'a folder of instance masks', reporter)
      : undefined;
  const help = explainUnpaired(
    [...images.keys()].filter((name) => !masks.has(name)),
    [...masks.keys()].filter((name) => !images.has(name)),
  );
  for (const [name, imagePath] of images) {
    const maskPath = masks.get(name);
    const instancesPath = objects?.get(name);
    if (objects !== undefined && instancesPath === undefined) {
      const parameters = { image: imagePath, folder: instancesFolder, stem: name };
      reporter.report('image-without-instances', parameters, { at: atFile(imagePath) });
    } else if (maskPath !== undefined) {
      pairs.push({ name, imagePath, maskPath, instancesPath });
    } else {
      const parameters = { image: imagePath, folder: masksFolder, stem: name };
      reporter.report('image-without-mask', parameters, { at: atFile(imagePath), help });
    }
  }
  for (const [name, maskPath] of masks) {
    if (images.has(name)) continue;
    const parameters = { mask: maskPath, folder: imagesFolder, stem: name };
    reporter.report('mask-without-image', parameters, { at: atFile(maskPath), help });
  }
  return pairs;
}

/** Folders named in one message at most. */
const MOST_NAMED = 4;

/** The paths of a folder's images by name without extension; undefined when there are none. */
async function listByName(
  folder: string,
  expected: string,
  reporter: Reporter,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!isFolder(folder)) {
    const help = suggestFolder(folder);
    reporter.report('data-folder-missing', { folder, expected }, { at: atFile(folder), help });
    return undefined;
  }
  const paths = new Map<string, string>();
  for (const file of await listImageFiles(folder, reporter)) {
    const name = file.slice(0, file.length - extname(file).length);
    const path = join(folder, file);
    const earlier = paths.get(name);
    if (earlier === undefined) paths.set(name, path);
    else {
      const at = atFile(path);
      reporter.report('duplicate-stem', { first: earlier, second: path }, { at });
    }
  }
  const subfolders = foldersWithImages(folder);
  if (paths.size > 0) {
    for (const { path, images } of subfolders) {
      const help = ['Move its files up if they belong to the data.'];
      const parameters = { folder: path, images };
      reporter.report('data-subfolder-skipped', parameters, { at: atFile(path), help });
    }
    return paths;
  }
  const at = atFile(folder);
  if (subfolders.length === 0) {
    reporter.report('data-folder-empty', { folder }, { at });
    return undefined;
  }
  const names = subfolders.map(({ name }) => `"${name}"`);
  const rest = names.length - MOST_NAMED;
  const listed = names.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const help = [
    'Move the files into one folder, with names that stay different.',
    'Masks with a folder for each class, or several masks for one image, are not supported: every pixel is of one class, written into one file.',
  ];
  reporter.report('data-in-subfolders', { folder, subfolders: listed }, { at, help });
  return undefined;
}
