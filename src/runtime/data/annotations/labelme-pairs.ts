import { extname, join } from 'node:path';
import type { Reporter } from '../../../diagnostics/report.js';
import { isFolder } from '../../../files/index.js';
import type { OtherCategories } from '../../../ir/data-source.js';
import { atFile } from '../at-file.js';
import { isImageName, listFilesOf, type FilePair } from '../folder.js';
import { suggestFolder } from '../layout.js';

/** Where images and their documents of labelme lie. */
export interface LabelmePlace {
  /** The data folder. */
  readonly folder: string;
  readonly images: string;
  readonly documents: string;
  readonly others: OtherCategories;
  /** Whether masks that number objects are wanted. */
  readonly withObjects: boolean;
}

/**
 * The images of a folder and of those inside of it, each with its document of labelme, in the
 * order of their names. Images without one have no objects, since labelme saves none for those;
 * how many they are is told. Reports folders that are missing or empty, names that occur twice
 * and documents without an image.
 */
export function labelmePairs(
  { folder, images, documents, others, withObjects }: LabelmePlace,
  reporter: Reporter,
): readonly FilePair[] {
  for (const [place, expected] of [
    [images, 'a folder of images'],
    [documents, 'a folder of documents of labelme'],
  ] as const) {
    if (isFolder(place)) continue;
    const help = suggestFolder(place);
    reporter.report(
      'data-folder-missing',
      { folder: place, expected },
      { at: atFile(place), help },
    );
    return [];
  }
  const nameOf = (path: string): string => path.slice(0, path.length - extname(path).length);
  const isDocument = (name: string): boolean => extname(name).toLowerCase() === '.json';
  const drawn = new Map(listFilesOf(documents, isDocument).map((path) => [nameOf(path), path]));
  const pairs = new Map<string, FilePair>();
  const bare: string[] = [];
  for (const path of listFilesOf(images, isImageName)) {
    const [name, imagePath] = [nameOf(path), join(images, path)];
    const earlier = pairs.get(name);
    if (earlier !== undefined) {
      const parameters = { first: earlier.imagePath, second: imagePath };
      reporter.report('duplicate-stem', parameters, { at: atFile(imagePath) });
      continue;
    }
    const document = drawn.get(name);
    if (document === undefined) bare.push(imagePath);
    const maskPath = join(documents, document ?? `${name}.json`);
    const kind = document === undefined ? 'none' : 'labelme';
    const instancesPath = withObjects ? maskPath : undefined;
    const annotations = { kind, folder, others } as const;
    pairs.set(name, { name, imagePath, maskPath, instancesPath, annotations });
  }
  if (pairs.size === 0) {
    reporter.report('data-folder-empty', { folder: images }, { at: atFile(images) });
  }
  for (const [name, path] of drawn) {
    if (pairs.has(name)) continue;
    const mask = join(documents, path);
    const parameters = { mask, folder: images, stem: name };
    reporter.report('mask-without-image', parameters, { at: atFile(mask) });
  }
  if (bare.length > 0) {
    const parameters = { folder: images, images: bare.length, of: pairs.size, example: bare[0]! };
    const help = ['Move images that nobody has looked at out of the folder.'];
    reporter.report('images-not-annotated', parameters, { at: atFile(images), help });
  }
  return [...pairs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
