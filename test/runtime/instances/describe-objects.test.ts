import { describe, expect, test } from '@jest/globals';
import { cocoJson } from '../../../src/runtime/instances/coco.js';
import {
  describeObjects,
  objectsCsv,
  objectsGeoJson,
  type DescribedObject,
} from '../../../src/runtime/instances/describe-objects.js';
import { ObjectCounter } from '../../../src/runtime/instances/object-counter.js';
import type { Piece, Ring } from '../../../src/runtime/instances/outlines.js';
import { separate } from '../../../src/runtime/instances/separate.js';
import { drawMask } from '../post/support.js';

const components = { kind: 'components', smallest: 1, corners: true } as const;

/** The objects of a mask of one class; 0.75 is the probability of all pixels. */
function objectsOf(...lines: readonly string[]): readonly DescribedObject[] {
  const mask = drawMask(...lines);
  const { height, width } = mask;
  const data = new Float32Array(height * width).fill(0.75);
  const probabilities = { height, width, channels: 1, data };
  const map = separate(mask, probabilities, components);
  return describeObjects(map, {
    ...{ mask, probabilities, border: undefined },
    classNames: ['none', 'cell, round'],
  });
}

/** The area that rings surround, by the shoelace formula; holes are negative. */
function areaOf(rings: readonly (readonly (readonly number[])[])[]): number {
  let twice = 0;
  for (const ring of rings) {
    for (const [at, corner] of ring.entries()) {
      const next = ring[(at + 1) % ring.length]!;
      twice += corner[0]! * next[1]! - next[0]! * corner[1]!;
    }
  }
  return twice / 2;
}

describe('what is measured', () => {
  test('of a rectangle', () => {
    const [object] = objectsOf('.....', '.111.', '.111.');
    expect(object).toMatchObject({
      ...{ label: 1, class: 1, className: 'cell, round', area: 6 },
      ...{ centroid: [2.5, 2], box: [1, 1, 3, 2], probability: 0.75 },
    });
    // Corners are cut: 10 sides, of which the four corners take half a diagonal for a whole side.
    expect(object!.perimeter).toBeCloseTo(10 - 4 + 4 * Math.SQRT1_2, 10);
  });

  test('a table quotes names that need it', () => {
    const [head, line, end] = objectsCsv(objectsOf('11')).split('\r\n');
    expect(head).toBe(
      'label,class,class_name,area,centroid_x,centroid_y,box_x,box_y,box_width,box_height,perimeter,probability',
    );
    expect(line).toBe('1,1,"cell, round",2,1.00,0.50,0,0,2,1,4.83,0.7500');
    expect(end).toBe('');
  });
});

describe('outlines', () => {
  test('go along the sides of pixels, around holes too', () => {
    const [object] = objectsOf('1111', '1..1', '1111');
    const [{ outline, holes }] = object!.pieces as [Piece];
    const corners = (ring: Ring): readonly string[] => ring.map(String).sort();
    expect(corners(outline)).toEqual(['0,0', '0,3', '4,0', '4,3']);
    expect(holes.map(corners)).toEqual([['1,1', '1,2', '3,1', '3,2']]);
  });

  test('enclose as many pixels as the object has, whatever its shape', () => {
    const lines = ['11.1..11', '1.11.1.1', '11.11111', '...1...1', '11111.11'];
    const objects = objectsOf(...lines);
    expect(objects.length).toBeGreaterThan(0);
    for (const { pieces, area } of objects) {
      const rings = pieces.flatMap(({ outline, holes }) => [outline, ...holes]);
      expect(areaOf(rings)).toBe(area);
    }
  });

  test('pieces that touch with their corners are apart, each with its holes', () => {
    const [object] = objectsOf('111...', '1.1...', '111...', '...111', '...1.1', '...111');
    expect(object!.pieces.map(({ holes }) => holes.length)).toEqual([1, 1]);
    const areas = object!.pieces.map(({ outline, holes }) => areaOf([outline, ...holes]));
    expect(areas).toEqual([8, 8]);
  });

  test('as GeoJSON rings are closed, and as COCO flat', () => {
    const objects = objectsOf('11');
    const { features } = JSON.parse(objectsGeoJson(objects)) as {
      readonly features: readonly {
        readonly geometry: { readonly type: string; readonly coordinates: number[][][] };
        readonly properties: object;
      }[];
    };
    expect(features).toHaveLength(1);
    const { geometry, properties } = features[0]!;
    expect([geometry.type, geometry.coordinates[0]![0]]).toEqual([
      'Polygon',
      geometry.coordinates[0]!.at(-1),
    ]);
    expect(properties).toMatchObject({ classification: { name: 'cell, round' }, area: 2 });
    const image = { fileName: 'a.png', width: 2, height: 1, objects };
    const coco = JSON.parse(cocoJson([image, image], 3, ['none', 'cell', 'edge'], 2)) as object;
    expect(coco).toMatchObject({
      images: [{ id: 1 }, { id: 2, file_name: 'a.png', width: 2, height: 1 }],
      categories: [{ id: 1, name: 'cell' }],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, area: 2, bbox: [0, 0, 2, 1], iscrowd: 0 },
        { id: 2, image_id: 2, segmentation: [[2, 0, 2, 1, 0, 1, 0, 0]] },
      ],
    });
  });
});

test('scores are those of all images together', () => {
  const counter = new ObjectCounter();
  const mask = drawMask('11.11');
  const map = separate(mask, { ...mask, channels: 1, data: new Float32Array(5) }, components);
  expect(counter.scores()).toMatchObject({ ap50: undefined, dice: undefined });
  counter.add(map, Int32Array.of(7, 7, 0, 0, 0), mask);
  // One of two is there, and whole: 1 / 2; panoptic quality 1 / 1.5.
  expect(counter.scores()).toMatchObject({ true: 1, found: 2, ap50: 0.5, ap: 0.5, dice: 2 / 3 });
  expect(counter.scores().pq).toBeCloseTo(1 / 1.5, 12);
  // Another image: both there, one of them with two of three pixels, which 0.65 still takes.
  counter.add(map, Int32Array.of(1, 1, 2, 2, 2), mask);
  expect(counter.scores()).toMatchObject({ true: 3, found: 4, ap50: 3 / 4 });
  expect(counter.scores().ap).toBeCloseTo((4 * (3 / 4) + 6 * (2 / 5)) / 10, 12);
});
