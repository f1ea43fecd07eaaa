import type { Arrow } from './picture.js';
import { lineHeight, n, type PlacedBox } from './placed-picture.js';

/** Where a box stands: on which column, and whether it is lifted above its row. */
export interface Place {
  readonly column: number;
  readonly lift: number;
}

/** How far an arc rises above the slabs of its row: by the columns that it passes. */
export function arcHeight({ from, to }: Arrow, places: ReadonlyMap<string, Place>): number {
  return 10 + 5 * (places.get(to)!.column - places.get(from)!.column);
}

/** The path of an arrow over the boxes between. */
export function arcPath(
  arrow: Arrow,
  boxes: ReadonlyMap<string, PlacedBox>,
  places: ReadonlyMap<string, Place>,
): string {
  const [from, to] = [boxes.get(arrow.from)!, boxes.get(arrow.to)!];
  const [x, end] = [from.x + from.width / 2, to.x + to.width / 2];
  const top = Math.min(from.y, to.y) - 2 * arcHeight(arrow, places);
  return `M${n(x)} ${n(from.y - 3)}C${n(x)} ${n(top + 12)} ${n(end)} ${n(top + 12)} ${n(end)} ${n(to.y - 7)}`;
}

/** The path of any other arrow, by its kind. */
export function latticePath(
  arrow: Arrow,
  boxes: ReadonlyMap<string, PlacedBox>,
  places: ReadonlyMap<string, Place>,
): string {
  const [from, to] = [boxes.get(arrow.from)!, boxes.get(arrow.to)!];
  const middle = (placed: PlacedBox): number => placed.x + placed.width / 2;
  const rowMiddle = (placed: PlacedBox): number => placed.y + placed.height / 2;
  const right = from.x + from.width + 3;
  const left = to.x - 7;
  switch (arrow.kind) {
    case 'descent': {
      // Right, then down into the top of the next level, left of what leaves it upwards.
      const y = from.y + from.height * 0.75;
      return `M${n(right)} ${n(y)}H${n(to.x + to.width * 0.3)}V${n(to.y - 7)}`;
    }
    case 'up': {
      const isNext = places.get(arrow.to)!.column === places.get(arrow.from)!.column + 1;
      const x = from.x + from.width * 0.7;
      const y = to.y + to.height * 0.72;
      return isNext
        ? `M${n(x)} ${n(from.y - 3)}V${n(y)}H${n(left)}`
        : `M${n(x)} ${n(from.y - 3)}Q${n(x)} ${n(y)} ${n(left)} ${n(y)}`;
    }
    case 'down': {
      const y = from.y + from.height * 0.5;
      const x = middle(to) - to.width * 0.25;
      return `M${n(right)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(to.y - 7)}`;
    }
    case 'head': {
      if (to.box.kind === 'classification') {
        const y = from.y + from.height * 0.75;
        return `M${n(right)} ${n(y)}H${n(middle(to))}V${n(to.y - 7)}`;
      }
      if (places.get(arrow.to)!.lift > 0) {
        const end = to.y + to.height + to.lines.length * lineHeight + 9;
        return `M${n(middle(from))} ${n(from.y - 3)}V${n(end)}`;
      }
      const y = rowMiddle(from);
      const end = rowMiddle(to);
      return `M${n(right)} ${n(y)}C${n((right + left) / 2)} ${n(y)} ${n((right + left) / 2)} ${n(end)} ${n(left)} ${n(end)}`;
    }
    case 'gate': {
      const [x, y] = [to.x + to.width / 2, to.y + to.height + to.lines.length * lineHeight + 9];
      const start = from.x + from.width + 3;
      const isBelow = from.y > y;
      return isBelow
        ? `M${n(start)} ${n(rowMiddle(from))}Q${n(x)} ${n(rowMiddle(from))} ${n(x)} ${n(y)}`
        : `M${n(start)} ${n(rowMiddle(from))}H${n(to.x - 7)}`;
    }
    case 'skip':
    case 'gated':
    case 'stage': {
      const y = Math.max(from.y, to.y) + Math.min(from.height, to.height) * 0.3;
      return `M${n(right)} ${n(y)}H${n(left)}`;
    }
  }
}
