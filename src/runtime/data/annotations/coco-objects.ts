import { countOf, listOf, objectOf, textOf, type JsonValue } from '../../../files/index.js';
import type { Complain } from './read-document.js';
import { readRunText } from './run-lengths.js';
import { FARTHEST, type ImageSize, type OutlinedObject, type Shape } from './shapes.js';

/** An annotation of an image, with its place in the document's list. */
export interface CocoAnnotation {
  readonly index: number;
  readonly value: { readonly [key: string]: JsonValue | undefined };
  readonly category: string;
}

/**
 * The object of an annotation of COCO, from its polygons or its runs; undefined, and a complaint,
 * where it has neither, a number is none, or runs do not fill the image.
 */
export function readCocoObject(
  { index, value, category }: CocoAnnotation,
  size: ImageSize,
  complain: Complain,
): OutlinedObject | undefined {
  const place = `annotations[${index}].segmentation`;
  const outline = value['segmentation'];
  const polygons = listOf(outline);
  const shapes =
    polygons === undefined
      ? readRuns(outline, size, place, complain)
      : readPolygons(polygons, place, complain);
  const isCrowd = value['iscrowd'] === 1 || value['iscrowd'] === true;
  return shapes && { category, isCrowd, shapes };
}

function readPolygons(
  polygons: readonly JsonValue[],
  place: string,
  complain: Complain,
): readonly Shape[] | undefined {
  if (polygons.length === 0) return complain(place, 'is empty', 'the outline of an object');
  const shapes = polygons.map((polygon, at): Shape | undefined => {
    const own = `${place}[${at}]`;
    const points = listOf(polygon);
    if (points === undefined) return complain(own, 'is no list', 'x and y of each corner in turn');
    if (points.length < 6 || points.length % 2 !== 0) {
      return complain(own, `has ${points.length} numbers`, 'x and y of three corners or more');
    }
    const odd = points.findIndex((value) => !isCoordinate(value));
    if (odd >= 0) {
      return complain(`${own}[${odd}]`, `is ${shown(points[odd])}`, 'a number of pixels');
    }
    return { kind: 'ring', points: points as readonly number[] };
  });
  return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
}

/** Whether a value is a place that an image may be near to. */
export const isCoordinate = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Math.abs(value) <= FARTHEST;

/** A value of a document in a message, cut short. */
export function shown(value: JsonValue | undefined): string {
  // JSON has no word for what overflows: it is read as infinite.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function readRuns(
  outline: JsonValue | undefined,
  { width, height }: ImageSize,
  place: string,
  complain: Complain,
): readonly Shape[] | undefined {
  const runs = objectOf(outline);
  if (runs === undefined) {
    return complain(place, `is ${shown(outline)}`, 'a list of polygons, or runs with their size');
  }
  const [rows, columns] = listOf(runs['size']) ?? [];
  if (rows !== height || columns !== width) {
    const found = `is ${shown(runs['size'])}`;
    return complain(`${place}.size`, found, `[${height}, ${width}], as the image has`);
  }
  const text = textOf(runs['counts']);
  const counts = text === undefined ? listOf(runs['counts']) : readRunText(text);
  if (counts === undefined || !counts.every((count) => countOf(count) !== undefined)) {
    const found = text === undefined ? `is ${shown(runs['counts'])}` : 'is cut short or damaged';
    return complain(`${place}.counts`, found, 'lengths of runs, from 0 on');
  }
  const lengths = counts as readonly number[];
  const pixels = lengths.reduce((sum, count) => sum + count, 0);
  if (pixels !== width * height) {
    const found = `adds up to ${pixels} pixels`;
    return complain(`${place}.counts`, found, `the ${width * height} of the image`);
  }
  return [{ kind: 'runs', counts: lengths }];
}
