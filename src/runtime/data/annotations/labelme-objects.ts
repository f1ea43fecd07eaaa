import { listOf, objectOf, textOf, type JsonObject, type JsonValue } from '../../../files/index.js';
import { isCoordinate, shown } from './coco-objects.js';
import type { Complain } from './read-document.js';
import type { OutlinedObject, Shape } from './shapes.js';

/** The objects of a document of labelme. */
export interface LabelmeObjects {
  readonly objects: readonly OutlinedObject[];
  /** Shapes without an area, such as points and lines, by kind. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Kinds of shapes that have no area. */
const withoutArea: ReadonlySet<string> = new Set(['point', 'points', 'line', 'linestrip']);

/**
 * The objects of a document of labelme in its order: polygons, rectangles and circles; shapes of
 * one label and one `group_id` are one object. Undefined, and complaints, where a shape is none of
 * these or its numbers are none.
 */
export function readLabelmeObjects(
  document: JsonObject,
  complain: Complain,
): LabelmeObjects | undefined {
  const shapes = listOf(document['shapes']);
  if (shapes === undefined) {
    return complain('shapes', `is ${shown(document['shapes'])}`, 'the list of shapes of labelme');
  }
  const objects = new Map<string, OutlinedObject & { readonly shapes: Shape[] }>();
  const leftOut = new Map<string, number>();
  let isSound = true;
  for (const [index, value] of shapes.entries()) {
    const place = `shapes[${index}]`;
    const [fields, category] = [objectOf(value), textOf(objectOf(value)?.['label'])];
    if (fields === undefined || category === undefined) {
      complain(`${place}.label`, `is ${shown(fields?.['label'])}`, 'the name of a class');
      isSound = false;
      continue;
    }
    const kind = textOf(fields['shape_type']) ?? 'polygon';
    if (withoutArea.has(kind)) {
      leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1);
      continue;
    }
    const shape = readShape(kind, fields['points'], place, complain);
    if (shape === undefined) {
      isSound = false;
      continue;
    }
    const group = fields['group_id'];
    const isAlone = group === undefined || group === null;
    const key = JSON.stringify(isAlone ? index : [category, group]);
    const known = objects.get(key);
    if (known !== undefined) known.shapes.push(shape);
    else objects.set(key, { category, isCrowd: false, shapes: [shape] });
  }
  return isSound ? { objects: [...objects.values()], leftOut } : undefined;
}

type Point = readonly [x: number, y: number];

function readShape(
  kind: string,
  value: JsonValue | undefined,
  place: string,
  complain: Complain,
): Shape | undefined {
  const points: Point[] = [];
  for (const [at, each] of (listOf(value) ?? []).entries()) {
    const [x, y, ...more] = listOf(each) ?? [];
    if (!isCoordinate(x) || !isCoordinate(y) || more.length > 0) {
      return complain(`${place}.points[${at}]`, `is ${shown(each)}`, 'x and y in pixels');
    }
    points.push([x, y]);
  }
  const [first, second] = points;
  const found = `has ${points.length} points`;
  switch (kind) {
    case 'polygon':
      if (points.length < 3) return complain(place, found, 'three or more of a polygon');
      return { kind: 'ring', points: points.flat() };
    case 'rectangle': {
      if (points.length !== 2) return complain(place, found, 'two corners of a rectangle');
      const [[left, top], [right, bottom]] = [first!, second!];
      return { kind: 'ring', points: [left, top, right, top, right, bottom, left, bottom] };
    }
    case 'circle': {
      if (points.length !== 2) return complain(place, found, 'the centre and a point of the rim');
      const [[x, y], [rimX, rimY]] = [first!, second!];
      return { kind: 'circle', x, y, radius: Math.sqrt((rimX - x) ** 2 + (rimY - y) ** 2) };
    }
    default:
      return complain(`${place}.shape_type`, `is "${kind}"`, '"polygon", "rectangle" or "circle"');
  }
}
