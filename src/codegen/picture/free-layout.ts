import dagre from '@dagrejs/dagre';
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

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A network that follows no lattice, laid out by dagre from left to right. */
export function layOutFreely(picture: Picture): PlacedPicture {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 34, ranksep: 60, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const largest = picture.boxes.reduce((most, { pixels }) => Math.max(most, pixels[0]), 0);
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
