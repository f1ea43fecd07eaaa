import { linesOf } from './placed-picture.js';
import { arrowWords, type ArrowKind, type BoxKind, type Picture } from './picture.js';

const fills: Readonly<Record<BoxKind, string>> = {
  input: '#c9ced8',
  encoder: '#a9c6ec',
  decoder: '#a5d8c0',
  head: '#f0c776',
  supervision: '#f7e2b6',
  classification: '#e9b5d1',
};

const styles: Readonly<Record<ArrowKind, string>> = {
  descent: 'color="#c2453d"',
  stage: 'color="#475467"',
  skip: 'color="#7a8699"',
  gated: 'color="#8e5bb5", style=dotted',
  down: 'color="#c98a1b", style=dashed',
  up: 'color="#2f8f5b"',
  head: 'color="#475467"',
  gate: 'color="#c25a94", style=dotted',
};

/** A picture for Graphviz: rows are ranks, so that levels stay aligned. */
export function renderDot(picture: Picture): string {
  const { model, boxes, arrows, rows } = picture;
  const lines = [
    `digraph ${quote(model)} {`,
    '  rankdir=TB; newrank=true; nodesep=0.5; ranksep=0.6;',
    '  node [shape=box, style=filled, fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=9];',
    ...boxes.map(
      (box) =>
        `  ${quote(box.id)} [label=${quote(linesOf(box).join('\n'))}, fillcolor="${fills[box.kind]}"];`,
    ),
    ...Array.from({ length: rows }, (_, row) => {
      const own = boxes.filter((box) => box.row === row).map(({ id }) => quote(id));
      return `  { rank=same; ${own.join('; ')}; }`;
    }),
    ...arrows.map(({ from, to, kind, by }) => {
      const label = by === '' ? '' : `, label=${quote(by)}`;
      const isLevel = kind === 'skip' || kind === 'gated' || kind === 'up' || kind === 'gate';
      const constraint = isLevel ? ', constraint=false' : '';
      return `  ${quote(from)} -> ${quote(to)} [${styles[kind]}${label}${constraint}, tooltip=${quote(arrowWords[kind])}];`;
    }),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const quote = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
