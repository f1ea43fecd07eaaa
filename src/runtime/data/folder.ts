import { extname, join } from 'node:path';
import type { Reporter } from '../../diagnostics/report.js';
import { FileError, isFolder, listFolder, type FilePart } from '../../files/index.js';
import { atFile } from './at-file.js';

/**
 * Which part of a data set: what is trained on, what validates, or, `flat`, all pairs of a
 * folder that is not divided.
 */
export type SplitName = 'train' | 'val' | 'flat';

/** Where the bytes of a pair are in an archive. */
export interface PairParts {
  readonly image: FilePart;
  readonly mask: FilePart;
  readonly instances?: FilePart | undefined;
}

/** An image file and its mask, both named by `name` without the extension. */
export interface FilePair {
  readonly name: string;
  readonly imagePath: string;
  readonly maskPath: string;
  /** The file that tells the objects of the mask apart, where it is wanted and there is a folder of them. */
  readonly instancesPath?: string | undefined;
  /**
   * Of a pair in a shard, whose paths are those of its members behind that of the shard;
   * undefined where each path is that of a file.
   */
  readonly parts?: PairParts | undefined;
}

const EXTENSIONS: ReadonlySet<string> = new Set([
  ...['.png', '.jpg', '.jpeg', '.tif', '.tiff', '.webp', '.npy'],
]);

/** What Windows and NAS systems leave in folders of images. */
const SYSTEM_FILES: ReadonlySet<string> = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini']);

/** Whether a name ends as images do. */
export function isImageName(name: string): boolean {
  return !name.startsWith('.') && EXTENSIONS.has(extname(name).toLowerCase());
}

/** A folder inside a folder of images or masks. */
export interface Subfolder {
  readonly name: string;
  readonly path: string;
  readonly images: number;
}

/** The folders inside a folder that hold images, sorted by name. */
export function foldersWithImages(folder: string): readonly Subfolder[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name.startsWith('.') || isImageName(name) || !isFolder(path)) return [];
    const images = countImages(path);
    return images === 0 ? [] : [{ name, path, images }];
  });
}

/** The number of image files in a folder; 0 where there is none. */
export function countImages(folder: string): number {
  return namesIn(folder).filter(isImageName).length;
}

/** The names in a folder, sorted; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return listFolder(folder);
  } catch (problem) {
    if (problem instanceof FileError) return [];
    throw problem;
  }
}

/**
 * The image files of a folder, sorted by name. Hidden files, folders and files
 * of the system are passed over in silence, other files with a warning.
 */
export async function listImageFiles(folder: string, reporter: Reporter): Promise<string[]> {
  const names: string[] = [];
  for (const name of listFolder(folder)) {
    if (name.startsWith('.') || SYSTEM_FILES.has(name.toLowerCase())) continue;
    if (isFolder(join(folder, name))) continue;
    if (EXTENSIONS.has(extname(name).toLowerCase())) names.push(name);
    else {
      const file = join(folder, name);
      reporter.report('data-file-skipped', { file }, { at: atFile(file) });
    }
  }
  return names;
}
