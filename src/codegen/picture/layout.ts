import dagre from '@dagrejs/dagre';
import type { Arrow, Box, Picture } from './picture.js';

/** A box with its place: the slab that stands for the tensor, in pixels of the picture. */
export interface PlacedBox {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The lines of text below the slab, from the first baseline down. */
  readonly lines: readonly string[];
}

/** An arrow as an SVG path, its head at the end. */
export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly path: string;
}

export interface PlacedPicture {
  readonly picture: Picture;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

/** Pixels between lines of text, and about one character's width at the size of the text. */
export const lineHeight = 15;
export const characterWidth = 6.7;

const margin = 28;
/** Room for the model's name above. */
const titleHeight = 44;
/** Room for the legend below. */
const legendHeight = 44;
const gap = 46;
/** Least distance of neighbouring columns. */
const step = 62;

/** Channels make a slab wide and pixels make it high, both by their logarithms: networks span a thousandfold. */
function slabOf({ channels, pixels, kind }: Box, largest: number): readonly [number, number] {
  if (kind === 'judgement') return [14, 14];
  const width = 10 + 5.5 * Math.log2(1 + channels);
  const height = 104 * Math.max(0.22, 1 + Math.log2(Math.max(1, pixels[0]) / largest) / 6);
  return [Math.round(width), Math.round(height)];
}

/** The text below a slab: name and channels, then the size, on one line where both axes are alike. */
export function linesOf({ label, channels, size, kind }: Box): readonly string[] {
  const [height, width] = size;
  if (kind === 'judgement') return [label, `${channels}`];
  const alike = height === width.replace(/\bW\b/g, 'H');
  const shown = `${height} x ${width}`;
  if (shown.length <= 18) return [`${label} · ${channels}`, shown];
  return alike
    ? [`${label} · ${channels}`, height, 'W alike']
    : [`${label} · ${channels}`, height, width];
}

/**
 * Gives every box its place. A network of levels is drawn as the papers do: a row for
 * each resolution, the encoder stepping down and right, the decoder up and right, so
 * that the space between belongs to the skips. One that follows no lattice is laid out
 * by dagre, from left to right.
 */
export function layOut(picture: Picture): PlacedPicture {
  const isLattice = picture.boxes.every(
    ({ column, kind }) => column !== undefined || isBeside(kind),
  );
  return isLattice ? layOutLattice(picture) : layOutFreely(picture);
}

const isBeside = (kind: Box['kind']): boolean =>
  kind === 'head' || kind === 'supervision' || kind === 'judgement';

function layOutLattice(picture: Picture): PlacedPicture {
  const { boxes, arrows, rows } = picture;
  const largest = Math.max(...boxes.map(({ pixels }) => pixels[0]));
  const places = placesOf(picture);
  const slabs = new Map(boxes.map((box) => [box.id, slabOf(box, largest)]));
  const texts = new Map(boxes.map((box) => [box.id, linesOf(box)]));
  const columns = [...new Set([...places.values()].map(({ column }) => column))].sort(
    (a, b) => a - b,
  );

  // A column is as wide as its widest slab or text, since rows of a lattice alternate.
  const half = (id: string): number =>
    Math.max(slabs.get(id)![0], ...texts.get(id)!.map((line) => line.length * characterWidth)) / 2;
  const centres = new Map<number, number>();
  let x = margin;
  let previous: number | undefined;
  for (const column of columns) {
    const own = boxes.filter(({ id }) => places.get(id)!.column === column);
    const reach = Math.max(...own.map(({ id }) => half(id)));
    // Neighbours of one row stand two columns apart in a lattice: half of their room is enough.
    const before = boxes.filter(
      ({ id, row }) => places.get(id)!.column < column && own.some((each) => each.row === row),
    );
    const wanted = before.map(({ id, row }) => {
      const nearest = own.filter((each) => each.row === row).map((each) => half(each.id));
      return centres.get(places.get(id)!.column)! + half(id) + gap + Math.max(...nearest);
    });
    // What steps down or up beside a text keeps clear of it.
    const besides = arrows.flatMap(({ from, to, kind }) => {
      const at = centres.get(places.get(from)!.column);
      if (at === undefined || places.get(to)!.column !== column) return [];
      const [leaving, entering] = [slabs.get(from)![0], slabs.get(to)![0]];
      if (kind === 'descent') return [at + half(from) + 6 + entering * 0.2];
      const isNext = places.get(from)!.column === column - 1;
      return kind === 'up' && isNext ? [at + leaving * 0.2 + 6 + half(to)] : [];
    });
    const least = previous === undefined ? margin + reach : previous + step;
    x = Math.max(least, ...wanted, ...besides, margin + reach);
    centres.set(column, x);
    previous = x;
  }
  const width =
    Math.max(...boxes.map(({ id }) => centres.get(places.get(id)!.column)! + half(id))) + margin;

  // A row has room for its slabs, for arcs above them, for heads above those, and for text below.
  const tops: number[] = [];
  let y = margin + titleHeight;
  for (let row = 0; row < rows; row++) {
    const own = boxes.filter((box) => box.row === row);
    const inRow = own.filter(({ id }) => places.get(id)!.lift === 0);
    const lifted = own.filter(({ id }) => places.get(id)!.lift > 0);
    const arcs = arrows.filter((arrow) => isArc(arrow, boxes, places));
    const reach = Math.max(
      0,
      ...arcs.filter(({ to }) => rowOf(boxes, to) === row).map((arrow) => arcHeight(arrow, places)),
    );
    const above =
      lifted.length === 0
        ? 0
        : Math.max(...lifted.map(({ id }) => slabs.get(id)![1])) + 3 * lineHeight + 22;
    const tallest = Math.max(0, ...inRow.map(({ id }) => slabs.get(id)![1]));
    tops.push(y + above + reach + tallest / 2);
    const text = Math.max(0, ...inRow.map(({ id }) => texts.get(id)!.length)) * lineHeight;
    y += above + reach + tallest + text + 30;
  }

  const placed = boxes.map((box): PlacedBox => {
    const [slabWidth, slabHeight] = slabs.get(box.id)!;
    const place = places.get(box.id)!;
    const tallest = Math.max(
      ...boxes
        .filter((each) => each.row === box.row && places.get(each.id)!.lift === 0)
        .map((each) => slabs.get(each.id)![1]),
    );
    const middle = tops[box.row]!;
    const arcs = arrows.filter(
      (arrow) => isArc(arrow, boxes, places) && rowOf(boxes, arrow.to) === box.row,
    );
    const reach = Math.max(0, ...arcs.map((arrow) => arcHeight(arrow, places)));
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
    arrows: arrows.map((arrow) => ({ arrow, path: latticePath(arrow, boxes, byId, places) })),
  };
}

/** Where a box stands: on which column, and whether it is lifted above its row. */
interface Place {
  readonly column: number;
  readonly lift: number;
}

const rowOf = (boxes: readonly Box[], id: string): number =>
  boxes.find((box) => box.id === id)!.row;

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
  for (const box of boxes) {
    if (box.column !== undefined) put(box, box.row + 2 * box.column);
  }
  for (const box of boxes) {
    if (box.column !== undefined) continue;
    const sources = arrows.filter(({ to, kind }) => to === box.id && kind !== 'gate');
    const source = sources.map(({ from }) => places.get(from)).find((place) => place !== undefined);
    const column = source?.column ?? 0;
    if (box.kind === 'judgement') {
      put(box, column + 1);
      continue;
    }
    const isFree = (at: number, lift: number): boolean => !taken.has(`${box.row} ${at} ${lift}`);
    const isLast = boxes.every(
      (other) =>
        other.row !== box.row ||
        other.column === undefined ||
        places.get(other.id)!.column <= column,
    );
    if (isLast) {
      let at = column + 2;
      while (!isFree(at, 0)) at += 2;
      put(box, at);
    } else {
      let at = column;
      while (!isFree(at, 1)) at += 2;
      put(box, at, 1);
    }
  }
  return places;
}

/** Whether an arrow joins boxes of one row with others between: it goes over them. */
function isArc(
  { from, to, kind }: Arrow,
  boxes: readonly Box[],
  places: ReadonlyMap<string, Place>,
): boolean {
  if (kind !== 'skip' && kind !== 'gated' && kind !== 'stage') return false;
  const row = rowOf(boxes, from);
  const [start, end] = [places.get(from)!.column, places.get(to)!.column];
  return boxes.some((box) => {
    const { column, lift } = places.get(box.id)!;
    return box.row === row && lift === 0 && column > start && column < end;
  });
}

function arcHeight({ from, to }: Arrow, places: ReadonlyMap<string, Place>): number {
  return 10 + 5 * (places.get(to)!.column - places.get(from)!.column);
}

function latticePath(
  arrow: Arrow,
  all: readonly Box[],
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
      if (to.box.kind === 'judgement') {
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
      if (isArc(arrow, all, places)) {
        const [x, end] = [middle(from), middle(to)];
        const top = Math.min(from.y, to.y) - 2 * arcHeight(arrow, places);
        return `M${n(x)} ${n(from.y - 3)}C${n(x)} ${n(top + 12)} ${n(end)} ${n(top + 12)} ${n(end)} ${n(to.y - 7)}`;
      }
      const y = Math.max(from.y, to.y) + Math.min(from.height, to.height) * 0.3;
      return `M${n(right)} ${n(y)}H${n(left)}`;
    }
  }
}

/** A number of the picture, with one digit at most: the same text on every machine. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function layOutFreely(picture: Picture): PlacedPicture {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 34, ranksep: 60, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const largest = Math.max(...picture.boxes.map(({ pixels }) => pixels[0]));
  for (const box of picture.boxes) {
    const [width, height] = slabOf(box, largest);
    const lines = linesOf(box);
    const text = Math.max(...lines.map((line) => line.length * characterWidth));
    graph.setNode(box.id, {
      width: Math.max(width, text),
      height: height + lines.length * lineHeight + 8,
    });
  }
  for (const { from, to } of picture.arrows) graph.setEdge(from, to);
  dagre.layout(graph);
  const boxes = picture.boxes.map((box): PlacedBox => {
    const [width, height] = slabOf(box, largest);
    const node = graph.node(box.id);
    const top = node.y - node.height / 2 + titleHeight;
    return { box, x: node.x - width / 2, y: top, width, height, lines: linesOf(box) };
  });
  const byId = new Map(boxes.map((each) => [each.box.id, each]));
  const arrows = picture.arrows.map((arrow): PlacedArrow => {
    const [from, to] = [byId.get(arrow.from)!, byId.get(arrow.to)!];
    const inner = (
      graph.edge(arrow.from, arrow.to) as { readonly points: readonly Point[] }
    ).points.slice(1, -1);
    const start = { x: from.x + from.width + 3, y: from.y + from.height / 2 };
    const end = { x: to.x - 7, y: to.y + to.height / 2 };
    const points = [start, ...inner.map(({ x, y }) => ({ x, y: y + titleHeight })), end];
    return { arrow, path: `M${points.map(({ x, y }) => `${n(x)} ${n(y)}`).join('L')}` };
  });
  const { width = 0, height = 0 } = graph.graph();
  return {
    picture,
    width: Math.ceil(Math.max(width, 420)),
    height: Math.ceil(height + titleHeight + legendHeight),
    boxes,
    arrows,
  };
}
