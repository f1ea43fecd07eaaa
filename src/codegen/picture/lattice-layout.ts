import { arcHeight, arcPath, latticePath, type Place } from './lattice-arrows.js';
import type { Arrow, Box, Picture } from './picture.js';
import {
  characterWidth,
  legendHeight,
  lineHeight,
  linesOf,
  margin,
  slabOf,
  titleHeight,
  type PlacedBox,
  type PlacedPicture,
} from './placed-picture.js';

const gap = 46;
/** Least distance of neighbouring columns. */
const step = 62;

/**
 * A network of levels as the papers draw it: a row for each resolution, the encoder
 * stepping down and right, the decoder up and right. Every walk is linear in boxes and
 * arrows, since networks may have thousands.
 */
export function layOutLattice(picture: Picture): PlacedPicture {
  const { boxes, arrows, rows } = picture;
  const largest = boxes.reduce((most, { pixels }) => Math.max(most, pixels[0]), 0);
  const places = placesOf(picture);
  const slabs = new Map(boxes.map((box) => [box.id, slabOf(box, largest)]));
  const texts = new Map(boxes.map((box) => [box.id, linesOf(box)]));

  // A column is as wide as its widest slab or text, since rows of a lattice alternate.
  const half = (id: string): number =>
    Math.max(slabs.get(id)![0], ...texts.get(id)!.map((line) => line.length * characterWidth)) / 2;
  const centres = centresOf(picture, places, (id) => slabs.get(id)![0], half);
  const width = margin + most(boxes, ({ id }) => centres.get(places.get(id)!.column)! + half(id));

  // A row has room for its slabs, for arcs above them, for heads above those, and for text below.
  const arcs = arcsOf(picture, places);
  const inRows = groupBy(boxes, ({ row }) => row);
  const rowOf = new Map(boxes.map(({ id, row }) => [id, row]));
  const arcRows = groupBy([...arcs], ({ to }) => rowOf.get(to)!);
  const measures: RowMeasures[] = [];
  let y = margin + titleHeight;
  for (let row = 0; row < rows; row++) {
    const own = inRows.get(row) ?? [];
    const inRow = own.filter(({ id }) => places.get(id)!.lift === 0);
    const lifted = own.filter(({ id }) => places.get(id)!.lift > 0);
    const reach = most(arcRows.get(row) ?? [], (arrow) => arcHeight(arrow, places));
    const above =
      lifted.length === 0 ? 0 : most(lifted, ({ id }) => slabs.get(id)![1]) + 3 * lineHeight + 22;
    const tallest = most(inRow, ({ id }) => slabs.get(id)![1]);
    measures.push({ middle: y + above + reach + tallest / 2, tallest, reach });
    const text = most(inRow, ({ id }) => texts.get(id)!.length) * lineHeight;
    y += above + reach + tallest + text + 30;
  }

  const placed = boxes.map((box): PlacedBox => {
    const [slabWidth, slabHeight] = slabs.get(box.id)!;
    const place = places.get(box.id)!;
    const { middle, tallest, reach } = measures[box.row]!;
    const top =
      place.lift === 0
        ? middle - slabHeight / 2
        : middle - tallest / 2 - reach - 20 - 3 * lineHeight - slabHeight;
    return {
      box,
      x: centres.get(place.column)! - slabWidth / 2,
      y: top,
      width: slabWidth,
      height: slabHeight,
      lines: texts.get(box.id)!,
    };
  });
  const byId = new Map(placed.map((each) => [each.box.id, each]));
  return {
    picture,
    width: Math.ceil(width),
    height: Math.ceil(y + legendHeight),
    boxes: placed,
    arrows: arrows.map((arrow) => ({
      arrow,
      path: arcs.has(arrow) ? arcPath(arrow, byId, places) : latticePath(arrow, byId, places),
    })),
  };
}

/** The heights of one row. */
interface RowMeasures {
  readonly middle: number;
  readonly tallest: number;
  /** Of arcs above its slabs. */
  readonly reach: number;
}

/** The largest number of some things, not below zero. */
function most<T>(items: readonly T[], measure: (item: T) => number): number {
  return items.reduce((largest, item) => Math.max(largest, measure(item)), 0);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** The middle of each column, from left to right. */
function centresOf(
  { boxes, arrows }: Picture,
  places: ReadonlyMap<string, Place>,
  widthOf: (id: string) => number,
  half: (id: string) => number,
): ReadonlyMap<number, number> {
  const columnOf = (id: string): number => places.get(id)!.column;
  const inColumns = groupBy(boxes, ({ id }) => columnOf(id));
  const intoColumns = groupBy(arrows, ({ to }) => columnOf(to));
  const centres = new Map<number, number>();
  /** How far to the right each row is taken by the columns before. */
  const reaches = new Map<number, number>();
  let previous: number | undefined;
  for (const column of [...inColumns.keys()].sort((a, b) => a - b)) {
    const own = inColumns.get(column)!;
    const reach = most(own, ({ id }) => half(id));
    // Neighbours of one row stand two columns apart in a lattice: half of their room is enough.
    const wanted = most(own, ({ id, row }) => {
      const before = reaches.get(row);
      return before === undefined ? 0 : before + half(id) + gap;
    });
    // What steps down or up beside a text keeps clear of it.
    const beside = most(intoColumns.get(column) ?? [], ({ from, to, kind }) => {
      const at = centres.get(columnOf(from));
      if (at === undefined) return 0;
      if (kind === 'descent') return at + half(from) + 6 + widthOf(to) * 0.2;
      const isNext = columnOf(from) === column - 1;
      return kind === 'up' && isNext ? at + widthOf(from) * 0.2 + 6 + half(to) : 0;
    });
    const least = previous === undefined ? margin + reach : previous + step;
    const x = Math.max(least, wanted, beside, margin + reach);
    centres.set(column, x);
    for (const { id, row } of own) {
      reaches.set(row, Math.max(reaches.get(row) ?? 0, x + half(id)));
    }
    previous = x;
  }
  return centres;
}

/**
 * Columns of the picture. A step down goes half a step of the lattice to the right, so
 * box (row, column) stands at row + 2 column. Outputs stand beside what they are made
 * of, or above it where something else is there.
 */
function placesOf({ boxes, arrows }: Picture): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const taken = new Set<string>();
  const put = ({ id, row }: Box, column: number, lift = 0): void => {
    places.set(id, { column, lift });
    taken.add(`${row} ${column} ${lift}`);
  };
  const lastOf = new Map<number, number>();
  for (const box of boxes) {
    if (box.column === undefined) continue;
    const column = box.row + 2 * box.column;
    put(box, column);
    lastOf.set(box.row, Math.max(lastOf.get(box.row) ?? -Infinity, column));
  }
  const into = groupBy(
    arrows.filter(({ kind }) => kind !== 'gate'),
    ({ to }) => to,
  );
  /** Where the last search from a place ended: thousands of outputs may stand beside one box. */
  const ends = new Map<string, number>();
  const firstFree = (row: number, start: number, lift: number): number => {
    const key = `${row} ${start} ${lift}`;
    let at = ends.get(key) ?? start;
    while (taken.has(`${row} ${at} ${lift}`)) at += 2;
    ends.set(key, at);
    return at;
  };
  for (const box of boxes) {
    if (box.column !== undefined) continue;
    const sources = (into.get(box.id) ?? []).map(({ from }) => places.get(from));
    const column = sources.find((place) => place !== undefined)?.column ?? 0;
    if (box.kind === 'classification') {
      put(box, column + 1);
    } else if ((lastOf.get(box.row) ?? -Infinity) <= column) {
      put(box, firstFree(box.row, column + 2, 0));
    } else {
      put(box, firstFree(box.row, column, 1), 1);
    }
  }
  return places;
}

/** The arrows that join boxes of one row with others between: they go over them. */
function arcsOf(
  { boxes, arrows }: Picture,
  places: ReadonlyMap<string, Place>,
): ReadonlySet<Arrow> {
  const columnOf = (id: string): number => places.get(id)!.column;
  const rowOf = new Map(boxes.map(({ id, row }) => [id, row]));
  const standing = groupBy(
    boxes.filter(({ id }) => places.get(id)!.lift === 0),
    ({ row }) => row,
  );
  const columns = new Map(
    [...standing].map(([row, own]) => [
      row,
      own.map(({ id }) => columnOf(id)).sort((a, b) => a - b),
    ]),
  );
  const isOver = ({ from, to, kind }: Arrow): boolean => {
    if (kind !== 'skip' && kind !== 'gated' && kind !== 'stage') return false;
    const next = firstAbove(columns.get(rowOf.get(from)!) ?? [], columnOf(from));
    return next !== undefined && next < columnOf(to);
  };
  return new Set(arrows.filter(isOver));
}

/** The first of sorted numbers above a bound. */
function firstAbove(sorted: readonly number[], bound: number): number | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return sorted[low];
}
