import type { Reporter } from '../../../diagnostics/report.js';
import { numberOf } from '../../../files/index.js';
import { atFile } from '../at-file.js';
import { borderLevels } from '../border-levels.js';
import type { FilePair } from '../folder.js';
import type { MaskLevels } from '../mask-levels.js';
import type { PairRules } from '../pair-rules.js';
import { IGNORED } from '../pixels.js';
import type { Annotations } from './annotations.js';
import { classOfCategory, type CategoryClass } from './category-classes.js';
import { readCocoObject } from './coco-objects.js';
import { drawObjects } from './draw-objects.js';
import { readLabelmeObjects } from './labelme-objects.js';
import { complaining, readDocument, type Complain } from './read-document.js';
import type { ImageSize, OutlinedObject } from './shapes.js';

/** The mask that annotations stand for. */
export interface AnnotatedMask {
  /** Class numbers; `IGNORED` for pixels that have none. */
  readonly levels: MaskLevels;
  /** The objects by number, 0 for none. */
  readonly numbers: MaskLevels;
  readonly drawn: DrawnCounts;
}

/** How many objects annotations outline. */
export interface DrawnCounts {
  readonly objects: number;
  /** Objects that hide pixels of earlier ones. */
  readonly overlapping: number;
}

/**
 * Draws the objects of a pair over its image; undefined when a problem was reported: a document
 * that cannot be read or says another size, outlines that are none, categories that the recipe
 * does not know.
 */
export async function readAnnotations(
  { imagePath, maskPath }: FilePair,
  annotations: Annotations,
  size: ImageSize,
  rules: PairRules | undefined,
  reporter: Reporter,
): Promise<AnnotatedMask | undefined> {
  const at = atFile(imagePath);
  const complain = complaining(maskPath, imagePath, reporter);
  const outlined = await outlinesOf(maskPath, annotations, size, complain, reporter);
  if (outlined === undefined) return undefined;
  if (!isOfSize(outlined, size)) {
    const stated = `${outlined.width ?? size.width} x ${outlined.height ?? size.height}`;
    const found = `${size.width} x ${size.height}`;
    const parameters = { file: maskPath, image: imagePath, stated, found };
    reporter.report('annotated-size-differs', parameters, { at });
    return undefined;
  }
  const categories = new Set(outlined.objects.map(({ category }) => category));
  const classes = classesOf(categories, maskPath, annotations, rules, at.file, reporter);
  if (classes === undefined) return undefined;
  const drawn = drawObjects(outlined.objects, size, (category) => classes.get(category)!);
  if (drawn === undefined) {
    return complain(
      'the outlines of an image',
      'would take minutes to draw',
      'fewer or simpler ones',
    );
  }
  const { objects, overlapping } = drawn;
  const numbers = { ...size, data: drawn.numbers };
  const width = rules?.borderWidth;
  const data = width === undefined ? drawn.classes : withBorders(numbers, width, drawn.classes);
  return { levels: { ...size, data }, numbers, drawn: { objects, overlapping } };
}

/** The classes of inside and border, without those pixels that have no class. */
function withBorders(numbers: MaskLevels, width: number, classes: Uint8Array): Uint8Array {
  const { data } = borderLevels(numbers, width);
  return classes.map((own, at) => (own === IGNORED ? own : data[at]!));
}

interface Outlined {
  readonly objects: readonly OutlinedObject[];
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

const isOfSize = ({ width, height }: Outlined, size: ImageSize): boolean =>
  (width ?? size.width) === size.width && (height ?? size.height) === size.height;

async function outlinesOf(
  file: string,
  annotations: Annotations,
  size: ImageSize,
  complain: Complain,
  reporter: Reporter,
): Promise<Outlined | undefined> {
  switch (annotations.kind) {
    case 'none':
      return { objects: [] };
    case 'coco': {
      const { width, height } = annotations;
      // Runs are of the image's size: where that is another one, nothing else is worth telling.
      if (!isOfSize({ objects: [], width, height }, size)) return { objects: [], width, height };
      const found = annotations.objects.map((each) => readCocoObject(each, size, complain));
      return found.every((object) => object !== undefined)
        ? { objects: found, width, height }
        : undefined;
    }
    case 'labelme': {
      const document = await readDocument(annotations.folder, file, reporter);
      const found = document && readLabelmeObjects(document, complain);
      if (document === undefined || found === undefined) return undefined;
      for (const [kind, count] of found.leftOut) {
        reporter.report('shapes-without-area', { file, kind, count }, { at: atFile(file) });
      }
      const [width, height] = [numberOf(document['imageWidth']), numberOf(document['imageHeight'])];
      return { objects: found.objects, width, height };
    }
  }
}

function classesOf(
  categories: ReadonlySet<string>,
  file: string,
  { others }: Annotations,
  rules: PairRules | undefined,
  image: string,
  reporter: Reporter,
): ReadonlyMap<string, CategoryClass> | undefined {
  const classes = new Map<string, CategoryClass>();
  const names = [...categories];
  const at = atFile(image);
  for (const category of names) {
    const found = classOfCategory(category, rules, others);
    if (found === 'unknown') {
      const known = (rules?.classNames ?? []).map((name) => JSON.stringify(name)).join(', ');
      const parameters = { file, category, known };
      const help = [
        'Name it in "classes", with a channel of the head for it; or say what becomes of the categories without a class: "others: background" or "others: ignored" in the parentheses of "pairs".',
      ];
      reporter.report('category-unknown', parameters, { at, help });
    } else if (found === 'unnamed') {
      const { classCount } = rules!;
      const listed = names.map((name) => JSON.stringify(name)).join(', ');
      const help = [
        `Name the classes, the background first, as in classes: [background, ${listed}].`,
      ];
      reporter.report('categories-unnamed', { file, classes: classCount }, { at, help });
      return undefined;
    } else classes.set(category, found);
  }
  return classes.size === categories.size ? classes : undefined;
}
