import { describe, expect, test } from '@jest/globals';
import type { MaskStep } from '../../../src/ir/post-processing.js';
import { applySteps } from '../../../src/runtime/post/mask-steps.js';
import { drawMask, pictureOf } from './support.js';

const after = (lines: readonly string[], ...steps: readonly MaskStep[]): readonly string[] =>
  pictureOf(applySteps(drawMask(...lines), steps));

describe('remove_small', () => {
  const lines = ['1..22', '.1.2.', '.....', '111.1'];
  test('parts hang together by their sides', () => {
    const step = { kind: 'remove_small', pixels: 3, corners: false } as const;
    expect(after(lines, step)).toEqual(['...22', '...2.', '.....', '111..']);
  });
  test('or by their corners, too', () => {
    const step = { kind: 'remove_small', pixels: 2, corners: true } as const;
    expect(after(lines, step)).toEqual(['1..22', '.1.2.', '.....', '111..']);
  });
});

describe('keep_largest', () => {
  test('keeps one part of each class, the topmost of equals', () => {
    const lines = ['11.22', '.....', '11.2.', '..1..'];
    const step = { kind: 'keep_largest', corners: false } as const;
    expect(after(lines, step)).toEqual(['11.22', '.....', '.....', '.....']);
    expect(after(lines, { ...step, corners: true })).toEqual(['...22', '.....', '11...', '..1..']);
  });
});

describe('fill_holes', () => {
  const fill = { kind: 'fill_holes', pixels: undefined, corners: false } as const;
  test('fills what one class encloses', () => {
    expect(after(['1111', '1..1', '1111'], fill)).toEqual(['1111', '1111', '1111']);
  });
  test('not what reaches the edge of the image', () => {
    const lines = ['1111', '1..1', '1.11'];
    expect(after(lines, fill)).toEqual(lines);
  });
  test('not what lies between two classes', () => {
    const lines = ['1112', '1..2', '1112'];
    expect(after(lines, fill)).toEqual(lines);
  });
  test('up to a size', () => {
    const lines = ['111111', '1.11.1', '111..1', '111111'];
    expect(after(lines, { ...fill, pixels: 1 })).toEqual(['111111', '1111.1', '111..1', '111111']);
  });
  test('a ring that is closed by its corners has an inside where corners join', () => {
    const lines = ['..1..', '.1.1.', '..1..'];
    expect(after(lines, fill)).toEqual(lines);
    expect(after(lines, { ...fill, corners: true })).toEqual(['..1..', '.111.', '..1..']);
  });
});

test('steps follow each other in their order', () => {
  const lines = ['111...', '1.1.11', '111...'];
  const largest = { kind: 'keep_largest', corners: false } as const;
  const holes = { kind: 'fill_holes', pixels: undefined, corners: false } as const;
  const small = { kind: 'remove_small', pixels: 9, corners: false } as const;
  expect(after(lines, largest, holes, small)).toEqual(['111...', '111...', '111...']);
  expect(after(lines, largest, small, holes)).toEqual(['......', '......', '......']);
});

test('the mask itself stays as it is', () => {
  const mask = drawMask('1.1');
  applySteps(mask, [{ kind: 'remove_small', pixels: 2, corners: false }]);
  expect(pictureOf(mask)).toEqual(['1.1']);
});
