import type { ImageSize, Shape } from './shapes.js';

/** Takes the pixels of a row from `first` to before `end`. */
export type PaintRow = (row: number, first: number, end: number) => void;

/**
 * Paints the pixels of a shape: those whose centre lies inside of it. Inside of a ring is what a
 * ray to the left leaves after an odd number of edges (even-odd), and an edge belongs to what lies
 * right of it and below: rings that share an edge share no pixel and leave none out. What lies
 * outside of the image is left out.
 */
export function fillShape(shape: Shape, size: ImageSize, paint: PaintRow): void {
  switch (shape.kind) {
    case 'ring':
      fillRing(shape.points, size, paint);
      break;
    case 'circle':
      fillCircle(shape, size, paint);
      break;
    case 'runs':
      fillRuns(shape.counts, size, paint);
      break;
  }
}

/** An upper bound of the rows that the edges of a shape are looked at in. */
export function rowsOfEdges(shape: Shape, { height }: ImageSize): number {
  if (shape.kind !== 'ring') return 0;
  let rows = 0;
  for (const { first, end } of edgesOf(shape.points, height)) rows += end - first;
  return rows;
}

/** An edge that is not level, from its upper end to its lower one, and the rows whose centres it crosses. */
interface Edge {
  readonly top: number;
  readonly bottom: number;
  readonly fromX: number;
  readonly toX: number;
  readonly first: number;
  readonly end: number;
}

function edgesOf(points: readonly number[], height: number): readonly Edge[] {
  const edges: Edge[] = [];
  for (let at = 0; at < points.length; at += 2) {
    const next = (at + 2) % points.length;
    const isDown = points[at + 1]! <= points[next + 1]!;
    const [from, to] = isDown ? [at, next] : [next, at];
    const [top, bottom] = [points[from + 1]!, points[to + 1]!];
    const [first, end] = [boundedCentre(top, height), boundedCentre(bottom, height)];
    if (first < end) {
      edges.push({ top, bottom, fromX: points[from]!, toX: points[to]!, first, end });
    }
  }
  return edges;
}

/** The first pixel along an axis whose centre lies at `place` or behind it, in an axis of `size`. */
const boundedCentre = (place: number, size: number): number =>
  Math.min(size, Math.max(0, Math.ceil(place - 0.5)));

function fillRing(points: readonly number[], { width, height }: ImageSize, paint: PaintRow): void {
  const edges = [...edgesOf(points, height)].sort((a, b) => a.first - b.first);
  let active: Edge[] = [];
  let next = 0;
  for (let row = edges[0]?.first ?? 0; next < edges.length || active.length > 0; row++) {
    if (active.length === 0) row = edges[next]!.first;
    while (next < edges.length && edges[next]!.first === row) active.push(edges[next++]!);
    const centre = row + 0.5;
    const crossings = active
      .map(({ top, bottom, fromX, toX }) =>
        boundedCentre(fromX + ((centre - top) * (toX - fromX)) / (bottom - top), width),
      )
      .sort((a, b) => a - b);
    for (let at = 0; at < crossings.length; at += 2) {
      const [first, end] = [crossings[at]!, crossings[at + 1]!];
      if (first < end) paint(row, first, end);
    }
    active = active.filter(({ end }) => end > row + 1);
  }
}

/** Pixels whose centres are at most a radius away. */
function fillCircle(
  { x, y, radius }: Shape & { readonly kind: 'circle' },
  { width, height }: ImageSize,
  paint: PaintRow,
): void {
  const last = Math.min(height - 1, Math.floor(y + radius - 0.5));
  for (let row = boundedCentre(y - radius, height); row <= last; row++) {
    const away = row + 0.5 - y;
    const half = Math.sqrt(Math.max(0, radius * radius - away * away));
    const first = boundedCentre(x - half, width);
    const end = Math.min(width, Math.floor(x + half - 0.5) + 1);
    if (first < end) paint(row, first, end);
  }
}

function fillRuns(counts: readonly number[], { height }: ImageSize, paint: PaintRow): void {
  let at = 0;
  for (const [index, count] of counts.entries()) {
    for (let step = 0; index % 2 === 1 && step < count; step++) {
      const column = Math.floor((at + step) / height);
      paint((at + step) % height, column, column + 1);
    }
    at += count;
  }
}
