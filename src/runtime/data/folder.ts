import { extname, join } from 'node:path';
import type { Reporter } from '../../diagnostics/report.js';
import { explainMissing, isFolder, listFolder } from '../../files/index.js';
import { atFile } from './at-file.js';

/**
 * Which part of a data set a folder holds: `DIR/train/{images,masks}`,
 * `DIR/val/{images,masks}`, or, `flat`, `DIR/{images,masks}`.
 */
export type SplitName = 'train' | 'val' | 'flat';

/** An image file and its mask, both named by `name` without the extension. */
export interface FilePair {
  readonly name: string;
  readonly imagePath: string;
  readonly maskPath: string;
  /** The file that tells the objects of the mask apart, where it is wanted and there is a folder of them. */
  readonly instancesPath?: string | undefined;
}

const EXTENSIONS: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg', '.tif', '.tiff']);

/** The layout of a folder: split when it has `train` or `val`, flat when it has `images` itself. */
export async function detectLayout(folder: string): Promise<'split' | 'flat' | undefined> {
  if (isFolder(join(folder, 'train')) || isFolder(join(folder, 'val'))) {
    return 'split';
  }
  return isFolder(join(folder, 'images')) ? 'flat' : undefined;
}

/**
 * The image files of a folder, sorted by name. Hidden files and folders are
 * passed over in silence, other files with a warning.
 */
export async function listImageFiles(folder: string, reporter: Reporter): Promise<string[]> {
  const names: string[] = [];
  for (const name of listFolder(folder)) {
    if (name.startsWith('.') || isFolder(join(folder, name))) continue;
    if (EXTENSIONS.has(extname(name).toLowerCase())) names.push(name);
    else {
      const file = join(folder, name);
      reporter.report('data-file-skipped', { file }, { at: atFile(file) });
    }
  }
  return names;
}

export interface PairOptions {
  /** Whether instance masks are wanted too: those in `instances`, beside `masks`, where that folder exists. */
  readonly instances?: boolean;
}

/**
 * Pairs the images of a split with its masks by name without extension, in
 * order of names. Reports missing and empty folders, duplicates and files
 * without a partner; returns the pairs that are whole.
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
    const help = explainMissing(base, 'folder');
    reporter.report('data-folder-missing', { folder: base, expected }, { at: atFile(base), help });
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
      reporter.report('image-without-mask', parameters, { at: atFile(imagePath) });
    }
  }
  for (const [name, maskPath] of masks) {
    if (images.has(name)) continue;
    const parameters = { mask: maskPath, folder: imagesFolder, stem: name };
    reporter.report('mask-without-image', parameters, { at: atFile(maskPath) });
  }
  return pairs;
}

/** The paths of a folder's images by name without extension; undefined when there are none. */
async function listByName(
  folder: string,
  expected: string,
  reporter: Reporter,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!isFolder(folder)) {
    const help = explainMissing(folder, 'folder');
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
  if (paths.size > 0) return paths;
  reporter.report('data-folder-empty', { folder }, { at: atFile(folder) });
  return undefined;
}
