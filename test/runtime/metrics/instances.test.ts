import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  averagePrecision,
  matchObjects,
  noObjects,
  panopticQuality,
} from '../../../src/runtime/metrics/instances.js';

const labels = (text: string): Int32Array =>
  Int32Array.from([...text.replaceAll(' ', '')], (letter) =>
    letter === '.' ? 0 : parseInt(letter, 36),
  );

describe('objects', () => {
  test('are paired by more than the limit, touching ones too', () => {
    const truth = labels('1112 2233 ....');
    const found = labels('7778 8833 3...');
    expect(matchObjects(found, truth, 0.5)).toEqual({
      truePositives: 3,
      falsePositives: 0,
      falseNegatives: 0,
      overlap: 1 + 1 + 2 / 3,
    });
    expect(matchObjects(found, truth, 0.7)).toMatchObject({
      truePositives: 2,
      falsePositives: 1,
      falseNegatives: 1,
    });
  });
  test('that overlap by a half exactly are no pair', () => {
    expect(matchObjects(labels('11..'), labels('1111'), 0.5)).toMatchObject({
      truePositives: 0,
      falsePositives: 1,
      falseNegatives: 1,
    });
  });
  test('of which one is cut in two are one pair at most', () => {
    expect(matchObjects(labels('1112 2'), labels('3333 3'), 0.5)).toMatchObject({
      truePositives: 1,
      falsePositives: 1,
      falseNegatives: 0,
      overlap: 3 / 5,
    });
  });
  test('lie on ignored pixels with no part, and for the most part not at all', () => {
    const ignored = (at: number): boolean => at >= 3;
    expect(matchObjects(labels('1111 1'), labels('222. .'), 0.5, ignored)).toEqual({
      truePositives: 1,
      falsePositives: 0,
      falseNegatives: 0,
      overlap: 1,
    });
    expect(matchObjects(labels('..11 1'), labels('.....'), 0.5, ignored)).toEqual(noObjects);
    expect(matchObjects(labels('.111 1'), labels('.....'), 0.5, ignored).falsePositives).toBe(1);
  });
  test('that are nowhere have no measure', () => {
    const none = matchObjects(labels('....'), labels('....'), 0.5);
    expect(none).toEqual(noObjects);
    expect([averagePrecision(none), panopticQuality(none)]).toEqual([undefined, undefined]);
  });
  test('of less than a half have several partners, which is a fault', () => {
    expect(() => matchObjects(labels('1'), labels('1'), 0.4)).toThrow('several partners');
  });
  test('have the same measures whatever their numbers are', () => {
    const image = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(image, fc.integer({ min: 50, max: 95 }), (pixels, percent) => {
        const iou = percent / 100;
        const [one, other] = [0, 1].map((side) => Int32Array.from(pixels, (each) => each[side]!));
        const counts = matchObjects(one!, other!, iou);
        const renamed = one!.map((label) => (label === 0 ? 0 : 1000 - 7 * label));
        expect(matchObjects(renamed, other!, iou)).toEqual(counts);
        const turned = matchObjects(other!, one!, iou);
        expect(turned.truePositives).toBe(counts.truePositives);
        expect(turned.falsePositives).toBe(counts.falseNegatives);
        expect(turned.overlap).toBeCloseTo(counts.overlap, 12);
        const own = matchObjects(one!, one!, iou);
        expect([own.falsePositives, own.falseNegatives, own.overlap]).toEqual([
          0,
          0,
          own.truePositives,
        ]);
      }),
    );
  });
});
