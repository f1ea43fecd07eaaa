import { nameOfClass } from '../data/class-names.js';
import { measureObjects, type MeasuredObject } from './measure.js';
import { outlinesOf, type Piece, type Ring } from './outlines.js';
import type { ObjectMap } from './separate.js';
import type { ClassMask, Pixels } from '../data/pixels.js';

/** An object with all that files say of it. */
export interface DescribedObject extends MeasuredObject {
  /** Its class in words. */
  readonly className: string;
  readonly pieces: readonly Piece[];
}

/** What is known of an image whose objects are described. */
export interface DescribedImage {
  readonly mask: ClassMask;
  readonly probabilities: Pixels;
  /** The class of borders, where there is one. */
  readonly border: number | undefined;
  readonly classNames: readonly string[] | undefined;
}

/** Measures and outlines the objects of an image, in the order of their numbers. */
export function describeObjects(
  map: ObjectMap,
  { mask, probabilities, border, classNames }: DescribedImage,
): readonly DescribedObject[] {
  const outlines = outlinesOf(map);
  return measureObjects(map, mask, probabilities, border).map((measured) => ({
    ...measured,
    className: nameOfClass(measured.class, classNames),
    pieces: outlines.get(measured.label) ?? [],
  }));
}

const columns = [
  ...['label', 'class', 'class_name', 'area', 'centroid_x', 'centroid_y'],
  ...['box_x', 'box_y', 'box_width', 'box_height', 'perimeter', 'probability'],
];

/** A table of objects, a line for each (RFC 4180). */
export function objectsCsv(objects: readonly DescribedObject[]): string {
  const rows = objects.map((object) => [
    ...[object.label, object.class, quoted(object.className), object.area],
    ...object.centroid.map((value) => value.toFixed(2)),
    ...object.box,
    ...[object.perimeter.toFixed(2), object.probability.toFixed(4)],
  ]);
  return [columns, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * Objects as GeoJSON (RFC 7946) in pixels of the image, y downwards, as QuPath reads it: a
 * Polygon each, or a MultiPolygon where it is in several pieces.
 */
export function objectsGeoJson(objects: readonly DescribedObject[]): string {
  const features = objects.map((object) => {
    const polygons = object.pieces.map(({ outline, holes }) => [outline, ...holes].map(closed));
    const [only] = polygons;
    const { label, class: index, className, area, perimeter, probability } = object;
    return {
      type: 'Feature',
      id: label,
      geometry:
        polygons.length === 1
          ? { type: 'Polygon', coordinates: only }
          : { type: 'MultiPolygon', coordinates: polygons },
      properties: {
        objectType: 'annotation',
        classification: { name: className },
        ...{ label, class: index, area, perimeter, probability },
      },
    };
  });
  return `${JSON.stringify({ type: 'FeatureCollection', features })}\n`;
}

/** GeoJSON ends a ring with its first corner. */
const closed = (ring: Ring): Ring => [...ring, ring[0]!];
