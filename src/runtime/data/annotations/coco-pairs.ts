import { extname, join } from 'node:path';
import type { Reporter } from '../../../diagnostics/report.js';
import {
  countOf,
  isFile,
  isFolder,
  isInside,
  listOf,
  objectOf,
  textOf,
  type JsonObject,
  type JsonValue,
} from '../../../files/index.js';
import type { OtherCategories } from '../../../ir/data-source.js';
import { atFile } from '../at-file.js';
import { isImageName, listFilesOf, type FilePair } from '../folder.js';
import { suggestFolder } from '../layout.js';
import { shown, type CocoAnnotation } from './coco-objects.js';
import { complaining, readDocument, type Complain } from './read-document.js';

/** Where the images of a document of COCO lie, and the document. */
export interface CocoPlace {
  /** The data folder. */
  readonly folder: string;
  readonly images: string;
  readonly file: string;
  readonly others: OtherCategories;
  /** Whether masks that number objects are wanted. */
  readonly withObjects: boolean;
  /** Whether the folder holds images of other documents as well. */
  readonly isShared: boolean;
}

/**
 * The images that a document of COCO lists, each with its objects, in the order of their names:
 * their paths below the folder of images, without extension. Reports a document that is none,
 * images that are missing or lie outside of their folder, names that occur twice, annotations of
 * images or categories that are not there.
 */
export async function cocoPairs(
  place: CocoPlace,
  reporter: Reporter,
): Promise<readonly FilePair[]> {
  const { folder, images, file } = place;
  if (!isFolder(images)) {
    const parameters = { folder: images, expected: 'a folder of images' };
    const help = suggestFolder(images);
    reporter.report('data-folder-missing', parameters, { at: atFile(images), help });
    return [];
  }
  const document = await readDocument(folder, file, reporter);
  if (document === undefined) return [];
  const complain = complaining(file, file, reporter);
  const lists = (['images', 'annotations', 'categories'] as const).map((name) => {
    const items = listOf(document[name]);
    return items ?? complain(name, `is ${shown(document[name])}`, 'a list, as in COCO');
  });
  const [listed, annotated, named] = lists;
  if (listed === undefined || annotated === undefined || named === undefined) return [];
  const objects = new Map<JsonValue, CocoAnnotation[]>();
  const pairs = imagePairs(listed, place, objects, complain, reporter);
  sortObjects(annotated, objects, readCategories(named, complain), complain);
  if (listed.length === 0) complain('images', 'is empty', 'one image at least');
  if (!place.isShared) warnOfOthers(place, pairs, reporter);
  return [...pairs].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The pairs of the images that are listed; `objects` gets a list for the id of each. */
function imagePairs(
  listed: readonly JsonValue[],
  { folder, images, file, others, withObjects }: CocoPlace,
  objects: Map<JsonValue, CocoAnnotation[]>,
  complain: Complain,
  reporter: Reporter,
): readonly FilePair[] {
  const pairs = new Map<string, FilePair>();
  for (const [index, value] of listed.entries()) {
    const image = readImageEntry(objectOf(value), index, complain);
    if (image === undefined) continue;
    const { id, path, width, height } = image;
    if (objects.has(id)) {
      complain(`images[${index}].id`, `is ${shown(id)} once more`, 'an id of its own');
      continue;
    }
    const own: CocoAnnotation[] = [];
    objects.set(id, own);
    const imagePath = join(images, path);
    if (!isInside(images, imagePath) || !isFile(imagePath)) {
      const parameters = { file, image: path, folder: images };
      reporter.report('annotated-image-missing', parameters, { at: atFile(imagePath) });
      continue;
    }
    const name = path.slice(0, path.length - extname(path).length);
    const earlier = pairs.get(name);
    if (earlier !== undefined) {
      const parameters = { first: earlier.imagePath, second: imagePath };
      reporter.report('duplicate-stem', parameters, { at: atFile(imagePath) });
      continue;
    }
    const instancesPath = withObjects ? file : undefined;
    const annotations = { kind: 'coco', folder, others, width, height, objects: own } as const;
    pairs.set(name, { name, imagePath, maskPath: file, instancesPath, annotations });
  }
  return [...pairs.values()];
}

/** Puts annotations into the lists of their images. */
function sortObjects(
  annotated: readonly JsonValue[],
  objects: ReadonlyMap<JsonValue, CocoAnnotation[]>,
  categories: ReadonlyMap<JsonValue, string>,
  complain: Complain,
): void {
  for (const [index, each] of annotated.entries()) {
    const value = objectOf(each) ?? {};
    const { image_id: image = null, category_id: id = null } = value;
    const [own, category] = [objects.get(image), categories.get(id)];
    const place = `annotations[${index}]`;
    if (own === undefined) {
      complain(`${place}.image_id`, `is ${shown(image)}`, 'the "id" of one of its images');
    } else if (category === undefined) {
      complain(`${place}.category_id`, `is ${shown(id)}`, 'the "id" of one of its categories');
    } else own.push({ index, value, category });
  }
}

/** Tells how many images of the folder the document does not list. */
function warnOfOthers(
  { images: folder, file }: CocoPlace,
  pairs: readonly FilePair[],
  reporter: Reporter,
): void {
  const known = new Set(pairs.map(({ imagePath }) => imagePath));
  const paths = listFilesOf(folder, isImageName);
  const images = paths.filter((path) => !known.has(join(folder, path))).length;
  if (images === 0) return;
  reporter.report('images-not-listed', { file, folder, images }, { at: atFile(folder) });
}

/** The names of categories by their ids. */
function readCategories(
  named: readonly JsonValue[],
  complain: Complain,
): ReadonlyMap<JsonValue, string> {
  const names = new Map<JsonValue, string>();
  for (const [index, value] of named.entries()) {
    const category = objectOf(value) ?? {};
    const [id, name] = [category['id'] ?? null, textOf(category['name'])];
    if (name === undefined) {
      complain(`categories[${index}].name`, `is ${shown(category['name'])}`, 'a name');
    } else if (names.has(id)) {
      complain(`categories[${index}].id`, `is ${shown(id)} once more`, 'an id of its own');
    } else names.set(id, name);
  }
  return names;
}

interface ImageEntry {
  readonly id: JsonValue;
  /** Below the folder of images, with "/" between folders. */
  readonly path: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

function readImageEntry(
  entry: JsonObject | undefined,
  index: number,
  complain: Complain,
): ImageEntry | undefined {
  const own = `images[${index}]`;
  const [id, path] = [entry?.['id'], textOf(entry?.['file_name'])];
  if (typeof id !== 'number' && typeof id !== 'string') {
    return complain(`${own}.id`, `is ${shown(id)}`, 'a number');
  }
  if (path === undefined || path === '' || path.includes('\0')) {
    return complain(
      `${own}.file_name`,
      `is ${shown(entry?.['file_name'])}`,
      'the path of an image',
    );
  }
  const [width, height] = [countOf(entry?.['width']), countOf(entry?.['height'])];
  const steps = path.replaceAll('\\', '/').split('/');
  return { id, path: steps.filter((step) => step !== '.').join('/'), width, height };
}
