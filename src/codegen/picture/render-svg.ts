import { makePrintable } from '../../diagnostics/text-width.js';
import { layOut } from './layout.js';
import { characterWidth, lineHeight, n, type PlacedBox } from './placed-picture.js';
import { arrowWords, type ArrowKind, type BoxKind, type Picture } from './picture.js';

export type Theme = 'light' | 'dark' | 'auto';

/** Colours by what they are for; a picture that follows the reader's choice has both sets. */
const palettes = {
  light: {
    ground: '#ffffff',
    text: '#1f2430',
    faint: '#667085',
    input: '#c9ced8',
    encoder: '#7aa7e0',
    decoder: '#6fbf9b',
    head: '#e8b04a',
    supervision: '#f2d294',
    classification: '#d98bb6',
    edge: '#2f3b52',
    descent: '#c2453d',
    stage: '#475467',
    skip: '#7a8699',
    gated: '#8e5bb5',
    down: '#c98a1b',
    up: '#2f8f5b',
    arrowHead: '#475467',
    gate: '#c25a94',
  },
  dark: {
    ground: '#14171d',
    text: '#e6e9ef',
    faint: '#98a2b3',
    input: '#566072',
    encoder: '#3f6fae',
    decoder: '#3b8a68',
    head: '#b9862b',
    supervision: '#7d6434',
    classification: '#a05683',
    edge: '#aab4c5',
    descent: '#f0837b',
    stage: '#c3cad6',
    skip: '#8792a5',
    gated: '#c39be6',
    down: '#e5b45a',
    up: '#6ccf9a',
    arrowHead: '#c3cad6',
    gate: '#ea96c3',
  },
} as const;

type Colour = keyof (typeof palettes)['light'];

const arrowColours: Readonly<Record<ArrowKind, Colour>> = {
  descent: 'descent',
  stage: 'stage',
  skip: 'skip',
  gated: 'gated',
  down: 'down',
  up: 'up',
  head: 'arrowHead',
  gate: 'gate',
};

/** Not by colour alone: kinds differ in their dashes as well. */
const dashes: Partial<Record<ArrowKind, string>> = {
  down: '7 3',
  gated: '2 3',
  gate: '1 4',
};

const boxColours: Readonly<Record<BoxKind, Colour>> = {
  input: 'input',
  encoder: 'encoder',
  decoder: 'decoder',
  head: 'head',
  supervision: 'supervision',
  classification: 'classification',
};

/**
 * A picture as one SVG element: text is text, boxes and arrows tell more when pointed
 * at, nothing runs and nothing comes from outside. The same picture gives the same bytes.
 */
export async function renderSvg(picture: Picture, theme: Theme): Promise<string> {
  const placed = await layOut(picture);
  const kinds = orderedKinds(picture);
  const legend = legendOf(kinds, placed.height - 22, 28);
  const width = Math.max(placed.width, legend.width);
  const { model, at, parameters } = picture;
  const subtitle = [
    `${parameters.toLocaleString('en')} parameters`,
    ...(at === undefined ? [] : [`at ${at}`]),
  ].join(', ');
  const body = [
    `<title>${escape(model)}</title>`,
    `<desc>${escape(describe(picture))}</desc>`,
    `<style>${styleOf(theme)}</style>`,
    `<defs>${kinds.map(marker).join('')}</defs>`,
    `<rect class="ground" width="${width}" height="${placed.height}"/>`,
    `<text class="title" x="28" y="38">${escape(model)}</text>`,
    `<text class="faint" x="28" y="56">${escape(subtitle)}</text>`,
    '<g class="arrows">',
    ...placed.arrows.map(({ arrow: { kind, from, to, by }, path }) => {
      const reported = `${from} to ${to}: ${arrowWords[kind]}${by === '' ? '' : `, by ${by}`}`;
      return `<path class="${kind}" d="${path}" marker-end="url(#head-${kind})"><title>${escape(reported)}</title></path>`;
    }),
    '</g>',
    ...placed.boxes.map(boxElement),
    ...legend.elements,
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${placed.height}" ` +
    `viewBox="0 0 ${width} ${placed.height}">\n${body.join('\n')}\n</svg>\n`
  );
}

/** What can be said of the picture to somebody who does not see it. */
function describe({ boxes, arrows }: Picture): string {
  const count = (kind: ArrowKind): number => arrows.filter((arrow) => arrow.kind === kind).length;
  const parts = (Object.keys(arrowWords) as ArrowKind[])
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${arrowWords[kind]}`);
  return `A network of ${boxes.length} tensors. Arrows: ${parts.join(', ')}.`;
}

const orderedKinds = ({ arrows }: Picture): readonly ArrowKind[] =>
  (Object.keys(arrowWords) as ArrowKind[]).filter((kind) =>
    arrows.some((arrow) => arrow.kind === kind),
  );

function styleOf(theme: Theme): string {
  const rules = (palette: Readonly<Record<Colour, string>>): string =>
    [
      `.ground{fill:${palette.ground}}`,
      `text{fill:${palette.text}}.faint{fill:${palette.faint}}`,
      ...Object.entries(boxColours).map(
        ([kind, colour]) => `.box-${kind}{fill:${palette[colour]}}`,
      ),
      ...Object.entries(arrowColours).map(
        ([kind, colour]) =>
          `.${kind}{stroke:${palette[colour]}}.tip-${kind}{fill:${palette[colour]}}`,
      ),
      `.slab{stroke:${palette.edge}}`,
    ].join('');
  const shared =
    'text{font:12px ui-sans-serif,system-ui,"DejaVu Sans",sans-serif;text-anchor:middle}' +
    '.title{font-size:17px;font-weight:600;text-anchor:start}.faint{text-anchor:start}' +
    '.name{font-weight:600}.size{font-size:11px}.key{text-anchor:start}' +
    '.slab{stroke-width:1}.arrows path,.line{fill:none;stroke-width:1.6}' +
    Object.entries(dashes)
      .map(([kind, dash]) => `.${kind}{stroke-dasharray:${dash}}`)
      .join('');
  if (theme !== 'auto') return shared + rules(palettes[theme]);
  return `${shared}${rules(palettes.light)}@media(prefers-color-scheme:dark){${rules(palettes.dark)}}`;
}

const marker = (kind: ArrowKind): string =>
  `<marker id="head-${kind}" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="5.5" markerHeight="5.5" orient="auto">` +
  `<path class="tip-${kind}" d="M0 0.5L8 4L0 7.5Z"/></marker>`;

function boxElement({ box, x, y, width, height, lines }: PlacedBox): string {
  const { id, kind, operations, parameters, size, channels } = box;
  const middle = n(x + width / 2);
  const reported = [
    `${id}: ${size.join(' x ')} x ${channels}`,
    operations,
    `${parameters.toLocaleString('en')} parameters`,
  ].join('\n');
  const text = lines.map((line, at) => {
    const baseline = n(y + height + 14 + at * lineHeight);
    return `<text class="${at === 0 ? 'name' : 'size'}" x="${middle}" y="${baseline}">${escape(line)}</text>`;
  });
  return [
    `<g class="box" data-tensor="${escape(id)}">`,
    `<title>${escape(reported)}</title>`,
    `<rect class="slab box-${kind}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="2"/>`,
    ...text,
    '</g>',
  ].join('');
}

function legendOf(
  kinds: readonly ArrowKind[],
  y: number,
  start: number,
): { readonly elements: readonly string[]; readonly width: number } {
  let x = start;
  const elements = kinds.map((kind) => {
    const word = arrowWords[kind];
    const element =
      `<path class="line ${kind}" d="M${x} ${y}H${x + 26}" marker-end="url(#head-${kind})"/>` +
      `<text class="key size" x="${x + 38}" y="${y + 4}">${escape(word)}</text>`;
    x += 38 + Math.ceil(word.length * characterWidth) + 22;
    return element;
  });
  return { elements, width: x };
}

/** Text that XML can hold: marks escaped, what no XML may hold left out, what reorders text made visible. */
function escape(text: string): string {
  return makePrintable(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
