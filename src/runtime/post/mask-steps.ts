import type { MaskStep } from '../../ir/post-processing.js';
import { IGNORED, type ClassMask } from '../data/pixels.js';
import { labelObjects, type ObjectLabels } from '../losses/objects.js';

/** Does the steps of a recipe to a whole mask, in their order; the mask itself stays as it is. */
export function applySteps(mask: ClassMask, steps: readonly MaskStep[]): ClassMask {
  return steps.reduce((changed, step) => applyStep(changed, step), mask);
}

function applyStep(mask: ClassMask, step: MaskStep): ClassMask {
  switch (step.kind) {
    case 'remove_small': {
      const parts = labelObjects(mask, step.corners);
      const sizes = sizesOf(parts);
      return keepParts(mask, parts, (label) => sizes[label]! >= step.pixels);
    }
    case 'keep_largest': {
      const parts = labelObjects(mask, step.corners);
      const kept = largestOfClasses(mask, parts);
      return keepParts(mask, parts, (label) => kept.has(label));
    }
    case 'fill_holes':
      return fillHoles(mask, step.pixels ?? Infinity, step.corners);
  }
}

/** The pixels of each label; of 0, those of none. */
function sizesOf({ labels, boxes }: ObjectLabels): Float64Array {
  const sizes = new Float64Array(boxes.length + 1);
  for (const label of labels) sizes[label]! += 1;
  return sizes;
}

/** Parts that do not stay become background. */
function keepParts(
  mask: ClassMask,
  { labels }: ObjectLabels,
  stays: (label: number) => boolean,
): ClassMask {
  const data = mask.data.map((found, at) => (labels[at] === 0 || stays(labels[at]!) ? found : 0));
  return { ...mask, data };
}

/** The label of the largest part of each class; labels count from the top, and the first of equals stays. */
function largestOfClasses(mask: ClassMask, parts: ObjectLabels): ReadonlySet<number> {
  const sizes = sizesOf(parts);
  const classes = new Uint8Array(sizes.length);
  for (const [at, label] of parts.labels.entries()) classes[label] = mask.data[at]!;
  const largest = new Map<number, number>();
  for (let label = 1; label < sizes.length; label++) {
    const found = classes[label]!;
    const known = largest.get(found);
    if (known === undefined || sizes[label]! > sizes[known]!) largest.set(found, label);
  }
  return new Set(largest.values());
}

/** What a hole touches: nothing yet, a class, or more than a hole may. */
const UNTOUCHED = 0;

/**
 * Fills holes. Where objects hang together by their corners, the background does not, and the
 * other way round: so that a closed ring has an inside (Rosenfeld 1970).
 */
function fillHoles(mask: ClassMask, most: number, corners: boolean): ClassMask {
  const { width, height, data } = mask;
  const background: ClassMask = {
    ...mask,
    data: data.map((found) => (found === 0 ? 1 : 0)),
  };
  const parts = labelObjects(background, !corners);
  const sizes = sizesOf(parts);
  const around = new Uint8Array(sizes.length).fill(UNTOUCHED);
  const touch = (label: number, found: number): void => {
    if (label === 0 || found === 0) return;
    const known = around[label]!;
    around[label] = known === UNTOUCHED || known === found ? found : IGNORED;
  };
  const { labels } = parts;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const label = labels[at]!;
      if (label === 0) continue;
      const isEdge = y === 0 || x === 0 || y === height - 1 || x === width - 1;
      if (isEdge) around[label] = IGNORED;
      if (x > 0) touch(label, data[at - 1]!);
      if (x < width - 1) touch(label, data[at + 1]!);
      if (y > 0) touch(label, data[at - width]!);
      if (y < height - 1) touch(label, data[at + width]!);
    }
  }
  const filled = data.map((found, at) => {
    const label = labels[at]!;
    const other = around[label]!;
    const isHole = label > 0 && other !== IGNORED && other !== UNTOUCHED && sizes[label]! <= most;
    return isHole ? other : found;
  });
  return { ...mask, data: filled };
}
