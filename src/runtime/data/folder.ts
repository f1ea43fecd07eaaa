import { basename, extname, join } from 'node:path';
import type { Reporter } from '../../diagnostics/report.js';
import type { Annotations } from './annotations/annotations.js';
import { FileError, isFolder, listFolder, realPath, type FilePart } from '../../files/index.js';
import { atFile } from './at-file.js';
import type { TargetFile } from './target-files.js';

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

/**
 * An image file and its mask, both named by `name`: the path below their folder without the
 * extension, with "/" between folders.
 */
export interface FilePair {
  readonly name: string;
  readonly imagePath: string;
  readonly maskPath: string;
  /** The file that tells the objects of the mask apart, where it is wanted and there is a folder of them. */
  readonly instancesPath?: string | undefined;
  /** Where the objects of the image are outlined, in place of a mask that stores every pixel. */
  readonly annotations?: Annotations | undefined;
  /** The files of targets that heads have of their own, in the order of the recipe. */
  readonly targets?: readonly TargetFile[] | undefined;
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

/** The number of image files in a folder and in those inside of it; 0 where there is none. */
export function countImages(folder: string): number {
  let images = 0;
  for (const path of walk(folder, [])) if (isImageName(basename(path))) images++;
  return images;
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
 * The image files of a folder and of those inside of it, by their paths from there, with "/"
 * between folders and in the order of these texts. Hidden files and folders and files of the
 * system are passed over in silence, other files with a warning. Throws `FileError`.
 *
 * @param except folders inside that hold something else.
 */
export function listImageFiles(
  folder: string,
  reporter: Reporter,
  except: readonly string[] = [],
): readonly string[] {
  const paths: string[] = [];
  listFolder(folder);
  for (const path of walk(folder, except)) {
    const ending = extname(path).toLowerCase();
    if (SYSTEM_FILES.has(basename(path).toLowerCase())) continue;
    if (EXTENSIONS.has(ending)) paths.push(path);
    else {
      const file = join(folder, path);
      reporter.report('data-file-skipped', { file }, { at: atFile(file) });
    }
  }
  return paths.sort();
}

/** The files of a folder and of those inside of it whose names are wanted, as `listImageFiles` gives them; none where it cannot be read. */
export function listFilesOf(
  folder: string,
  isWanted: (name: string) => boolean,
): readonly string[] {
  return [...walk(folder, [])].filter((path) => isWanted(basename(path))).sort();
}

/** The files of a folder that are not hidden, and of those inside of it; links that lead back up are not followed. */
function* walk(
  folder: string,
  except: readonly string[],
  way = '',
  above: readonly string[] = [realPath(folder) ?? folder],
): Generator<string, void> {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (name.startsWith('.')) continue;
    if (!isFolder(path)) yield `${way}${name}`;
    else if (!except.includes(path)) {
      const real = realPath(path);
      if (real === undefined || above.includes(real)) continue;
      yield* walk(path, except, `${way}${name}/`, [...above, real]);
    }
  }
}
