import { dirname, extname, join } from 'node:path';
import type { PairSource } from '../../ir/data-source.js';
import { Reporter } from '../../diagnostics/report.js';
import { isFolder } from '../../files/index.js';
import { atFile } from './at-file.js';
import { listImageFiles, type FilePair } from './folder.js';
import { suggestFolder } from './layout.js';
import { explainUnpaired } from './unpaired.js';

/** Where the files of pairs lie, and what their names end in. */
export interface PairFolders {
  readonly images: string;
  readonly masks: string;
  /** Masks of instances, used where that folder exists; undefined where they are not wanted. */
  readonly instances: string | undefined;
  readonly suffixes: Suffixes;
  /** Folders of other files, which are not searched for images and masks. */
  readonly others: readonly string[];
}

type Suffixes = (PairSource & { readonly kind: 'folders' })['suffixes'];

/**
 * Pairs images with their masks by name without extension and suffix, in
 * order of names; folders inside are mirrored. Reports missing and empty folders, duplicates and files
 * without a partner, with the likely reason; returns the pairs that are whole.
 */
export function pairFiles(folders: PairFolders, reporter: Reporter): readonly FilePair[] {
  const { images: imagesFolder, masks: masksFolder, suffixes } = folders;
  const base = dirname(imagesFolder);
  if (!isFolder(base)) {
    const expected = 'a folder with the folders "images" and "masks" in it';
    reporter.report('data-folder-missing', { folder: base, expected }, { at: atFile(base) });
    return [];
  }
  const isShared = imagesFolder === masksFolder;
  const [ofImages, ofMasks] = isShared
    ? tellApart(suffixes)
    : [endingIn(suffixes.image), endingIn(suffixes.mask)];
  const others = [
    ...[imagesFolder, masksFolder, folders.instances ?? masksFolder],
    ...folders.others,
  ];
  const list = (folder: string, what: string, naming: Naming, told: Reporter) =>
    listByName(
      folder,
      what,
      naming,
      others.filter((other) => other !== folder),
      told,
    );
  const images = list(imagesFolder, 'a folder of images', ofImages, reporter);
  const masksReport = new Reporter();
  const masks = list(masksFolder, 'a folder of masks', ofMasks, masksReport);
  // What is passed over in a folder of both has been told already.
  const told = masksReport.diagnostics;
  reporter.add(isShared ? told.filter(({ severity }) => severity === 'error') : told);
  if (images === undefined || masks === undefined) return [];
  const pairs: FilePair[] = [];
  const { instances } = folders;
  const objects =
    instances !== undefined && isFolder(instances)
      ? list(instances, 'a folder of instance masks', endingIn(''), reporter)
      : undefined;
  const help = explainUnpaired(
    [...images.keys()].filter((name) => !masks.has(name)),
    [...masks.keys()].filter((name) => !images.has(name)),
  );
  for (const [name, imagePath] of images) {
    const maskPath = masks.get(name);
    const instancesPath = objects?.get(name);
    if (objects !== undefined && instancesPath === undefined) {
      const parameters = { image: imagePath, folder: instances!, stem: name };
      reporter.report('image-without-instances', parameters, { at: atFile(imagePath) });
    } else if (maskPath !== undefined) {
      pairs.push({ name, imagePath, maskPath, instancesPath });
    } else {
      const parameters = { image: imagePath, folder: masksFolder, stem: name + suffixes.mask };
      reporter.report('image-without-mask', parameters, { at: atFile(imagePath), help });
    }
  }
  for (const [name, maskPath] of masks) {
    if (images.has(name)) continue;
    const parameters = { mask: maskPath, folder: imagesFolder, stem: name + suffixes.image };
    reporter.report('mask-without-image', parameters, { at: atFile(maskPath), help });
  }
  return pairs;
}

/** Which files of a folder are of one kind. */
export interface Naming {
  readonly suffix: string;
  /** The name of a pair by that of a file without extension; undefined for a file of another kind. */
  readonly nameOf: (stem: string) => string | undefined;
  /** Whether a file of another kind has a meaning, too. */
  readonly isOther: (stem: string) => boolean;
}

/** Files whose names end in a suffix. */
export function endingIn(suffix: string): Naming {
  const nameOf = (stem: string): string | undefined =>
    stem.length - stem.lastIndexOf('/') - 1 > suffix.length && stem.endsWith(suffix)
      ? stem.slice(0, stem.length - suffix.length)
      : undefined;
  return { suffix, nameOf, isOther: () => false };
}

/** Images and masks of one folder: of names that both suffixes fit, the longer suffix decides. */
function tellApart({ image, mask }: Suffixes): readonly [images: Naming, masks: Naming] {
  const kinds = [endingIn(image), endingIn(mask)] as const;
  const among = (own: Naming, other: Naming): Naming => {
    const isOther = (stem: string): boolean =>
      other.nameOf(stem) !== undefined &&
      (other.suffix.length > own.suffix.length || own.nameOf(stem) === undefined);
    return { ...own, isOther, nameOf: (stem) => (isOther(stem) ? undefined : own.nameOf(stem)) };
  };
  return [among(kinds[0], kinds[1]), among(kinds[1], kinds[0])];
}

/**
 * The paths of a folder's images, and of those inside of it, by their path from there without
 * extension and suffix; undefined when there are none.
 *
 * @param except folders inside that hold something else.
 */
export function listByName(
  folder: string,
  expected: string,
  { suffix, nameOf, isOther }: Naming,
  except: readonly string[],
  reporter: Reporter,
): ReadonlyMap<string, string> | undefined {
  if (!isFolder(folder)) {
    const help = suggestFolder(folder);
    reporter.report('data-folder-missing', { folder, expected }, { at: atFile(folder), help });
    return undefined;
  }
  const paths = new Map<string, string>();
  const files = listImageFiles(folder, reporter, except);
  for (const file of files) {
    const stem = file.slice(0, file.length - extname(file).length);
    const path = join(folder, file);
    const name = nameOf(stem);
    if (name === undefined) {
      if (isOther(stem)) continue;
      const at = atFile(path);
      reporter.report('data-name-skipped', { file: path, suffix }, { at });
      continue;
    }
    const earlier = paths.get(name);
    if (earlier === undefined) paths.set(name, path);
    else {
      const at = atFile(path);
      reporter.report('duplicate-stem', { first: earlier, second: path }, { at });
    }
  }
  if (paths.size > 0) return paths;
  const at = atFile(folder);
  if (files.length === 0) reporter.report('data-folder-empty', { folder }, { at });
  else {
    const parameters = { folder, files: files.length, suffix };
    reporter.report('data-names-unfit', parameters, { at });
  }
  return undefined;
}
