import type { MaskLevels } from '../data/mask-levels.js';
import { IGNORED, type ClassMask } from '../data/pixels.js';

/** The rectangle of an object; `bottom` and `right` lie one behind its last pixels. */
export interface Box {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** The objects of a mask: 0 is none, label i has the rectangle `boxes[i - 1]`. */
export interface ObjectLabels {
  readonly height: number;
  readonly width: number;
  /** height x width. */
  readonly labels: Int32Array;
  readonly boxes: readonly Box[];
}

/**
 * The connected parts of a mask, in the order of their first pixels: pixels of one class above 0
 * that touch with their sides. Corners join only where it is said: a one-pixel border parts cells.
 */
export function labelObjects(mask: ClassMask, corners = false): ObjectLabels {
  const { width, height, data } = mask;
  const labels = new Int32Array(data.length);
  const boxes: Box[] = [];
  const open: number[] = [];
  for (let start = 0; start < data.length; start++) {
    const found = data[start]!;
    if (found === 0 || found === IGNORED || labels[start] !== 0) continue;
    const label = boxes.length + 1;
    const box: Box = { top: height, left: width, bottom: 0, right: 0 };
    boxes.push(box);
    labels[start] = label;
    open.push(start);
    while (open.length > 0) {
      const at = open.pop()!;
      const y = Math.floor(at / width);
      const x = at - y * width;
      box.top = Math.min(box.top, y);
      box.left = Math.min(box.left, x);
      box.bottom = Math.max(box.bottom, y + 1);
      box.right = Math.max(box.right, x + 1);
      if (x > 0) visit(at - 1, found, label);
      if (x < width - 1) visit(at + 1, found, label);
      if (y > 0) visit(at - width, found, label);
      if (y < height - 1) visit(at + width, found, label);
      if (!corners) continue;
      if (x > 0 && y > 0) visit(at - width - 1, found, label);
      if (x < width - 1 && y > 0) visit(at - width + 1, found, label);
      if (x > 0 && y < height - 1) visit(at + width - 1, found, label);
      if (x < width - 1 && y < height - 1) visit(at + width + 1, found, label);
    }
  }
  return { height, width, labels, boxes };

  function visit(at: number, found: number, label: number): void {
    if (data[at] !== found || labels[at] !== 0) return;
    labels[at] = label;
    open.push(at);
  }
}

/**
 * The objects of a mask of instances: every number above 0 is one object, in one
 * piece or several. Labels count them from 1 in the order of their first pixels.
 */
export function labelInstances({ width, height, data }: MaskLevels): ObjectLabels {
  const labels = new Int32Array(data.length);
  const boxes: Box[] = [];
  const known = new Map<number, number>();
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const number = data[at]!;
      if (number === 0) continue;
      let label = known.get(number);
      if (label === undefined) {
        label = boxes.push({ top: y, left: x, bottom: y + 1, right: x + 1 });
        known.set(number, label);
      }
      const box = boxes[label - 1]!;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.bottom = y + 1;
      labels[at] = label;
    }
  }
  return { height, width, labels, boxes };
}
