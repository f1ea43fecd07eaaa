import { linesOf } from './placed-picture.js';
import type { ArrowKind, BoxKind, Picture } from './picture.js';

const fills: Readonly<Record<BoxKind, string>> = {
  input: 'fill:#c9ced8,stroke:#2f3b52,color:#1f2430',
  encoder: 'fill:#a9c6ec,stroke:#2f3b52,color:#1f2430',
  decoder: 'fill:#a5d8c0,stroke:#2f3b52,color:#1f2430',
  head: 'fill:#f0c776,stroke:#2f3b52,color:#1f2430',
  supervision: 'fill:#f7e2b6,stroke:#2f3b52,color:#1f2430',
  classification: 'fill:#e9b5d1,stroke:#2f3b52,color:#1f2430',
};

const links: Readonly<Record<ArrowKind, string>> = {
  descent: '==>',
  stage: '-->',
  skip: '-->',
  gated: '-.->',
  down: '-.->',
  up: '==>',
  head: '-->',
  gate: '-.->',
};

/** A picture for Mermaid, which Markdown pages draw. Ids are numbers: names may be words of its own. */
export function renderMermaid({ boxes, arrows, model }: Picture): string {
  const ids = new Map(boxes.map(({ id }, at) => [id, `t${at}`]));
  const kinds = [...new Set(boxes.map(({ kind }) => kind))];
  const lines = [
    '---',
    `title: ${JSON.stringify(model)}`,
    '---',
    'flowchart LR',
    ...boxes.map(
      (box) => `  ${ids.get(box.id)}["${linesOf(box).map(escape).join('<br/>')}"]:::${box.kind}`,
    ),
    ...arrows.map(({ from, to, kind, by }) => {
      const label = by === '' ? '' : `|"${escape(by)}"|`;
      return `  ${ids.get(from)} ${links[kind]}${label} ${ids.get(to)}`;
    }),
    ...kinds.map((kind) => `  classDef ${kind} ${fills[kind]}`),
  ];
  return `${lines.join('\n')}\n`;
}

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
