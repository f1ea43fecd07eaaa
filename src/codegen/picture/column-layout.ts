import type { Picture } from './picture.js';
import {
  characterWidth,
  legendHeight,
  lineHeight,
  linesOf,
  margin,
  n,
  slabOf,
  titleHeight,
  type PlacedArrow,
  type PlacedBox,
  type PlacedPicture,
} from './placed-picture.js';

const gap = 46;
/** The most that an arrow over others rises. */
const highestArc = 240;

/** For each box the longest way to it, in arrows. Arrows lead from boxes to later ones. */
export function depthsOf({ boxes, arrows }: Picture): ReadonlyMap<string, number> {
  const sources = new Map(boxes.map(({ id }): [string, string[]] => [id, []]));
  for (const { from, to } of arrows) sources.get(to)!.push(from);
  const depths = new Map<string, number>();
  for (const { id } of boxes) {
    const before = sources.get(id)!.map((source) => depths.get(source) ?? 0);
    depths.set(
      id,
      before.reduce((most, depth) => Math.max(most, depth + 1), 0),
    );
  }
  return depths;
}

/**
 * A network of any size from left to right: a column for each depth, boxes below each
 * other in the order of the spec, arrows that pass columns going over them. One walk
 * over boxes and arrows.
 */
export function layOutInColumns(
  picture: Picture,
  depths: ReadonlyMap<string, number>,
): PlacedPicture {
  const largest = picture.boxes.reduce((most, { pixels }) => Math.max(most, pixels[0]), 0);
  const sized = picture.boxes.map((box) => {
    const [width, height] = slabOf(box, largest);
    const lines = linesOf(box);
    const text = lines.reduce((most, line) => Math.max(most, line.length * characterWidth), 0);
    return { box, width, height, lines, room: Math.max(width, text), depth: depths.get(box.id)! };
  });
  const rooms: number[] = [];
  for (const { depth, room } of sized) rooms[depth] = Math.max(rooms[depth] ?? 0, room);
  const middles: number[] = [];
  let x = margin;
  for (const room of rooms) {
    middles.push(x + room / 2);
    x += room + gap;
  }

  const over = picture.arrows.reduce((most, arrow) => Math.max(most, rise(arrow, depths)), 0);
  const top = margin + titleHeight + over;
  const bottoms = rooms.map(() => top);
  const boxes = sized.map(({ box, width, height, lines, depth }): PlacedBox => {
    const y = bottoms[depth]!;
    bottoms[depth] = y + height + lines.length * lineHeight + 34;
    return { box, x: middles[depth]! - width / 2, y, width, height, lines };
  });
  const byId = new Map(boxes.map((each) => [each.box.id, each]));
  const arrows = picture.arrows.map((arrow): PlacedArrow => {
    const [from, to] = [byId.get(arrow.from)!, byId.get(arrow.to)!];
    const height = rise(arrow, depths);
    if (height > 0) {
      const [start, end] = [from.x + from.width / 2, to.x + to.width / 2];
      const peak = Math.min(from.y, to.y) - height;
      const path = `M${n(start)} ${n(from.y - 3)}C${n(start)} ${n(peak)} ${n(end)} ${n(peak)} ${n(end)} ${n(to.y - 7)}`;
      return { arrow, path };
    }
    const [start, y] = [from.x + from.width + 3, from.y + from.height / 2];
    const [end, below] = [to.x - 7, to.y + to.height / 2];
    const bend = (start + end) / 2;
    const path = `M${n(start)} ${n(y)}C${n(bend)} ${n(y)} ${n(bend)} ${n(below)} ${n(end)} ${n(below)}`;
    return { arrow, path };
  });
  const bottom = bottoms.reduce((most, each) => Math.max(most, each), top);
  return {
    picture,
    width: Math.ceil(Math.max(x - gap + margin, 420)),
    height: Math.ceil(bottom + legendHeight),
    boxes,
    arrows,
  };
}

/** How far an arrow rises above its boxes: 0 for one to the next column. */
function rise(
  { from, to }: { readonly from: string; readonly to: string },
  depths: ReadonlyMap<string, number>,
): number {
  const passed = depths.get(to)! - depths.get(from)! - 1;
  return passed <= 0 ? 0 : Math.min(30 + 10 * passed, highestArc);
}
