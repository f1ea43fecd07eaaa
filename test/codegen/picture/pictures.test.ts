import { beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describePicture } from '../../../src/codegen/picture/describe-picture.js';
import {
  emitPicture,
  pictureFormats,
  type PictureFormat,
} from '../../../src/codegen/picture/emit-picture.js';
import { layOut } from '../../../src/codegen/picture/layout.js';
import {
  characterWidth,
  lineHeight,
  type PlacedPicture,
} from '../../../src/codegen/picture/placed-picture.js';
import { compileText, type CompiledModel } from '../../../src/compile.js';

function compile(path: string, set: Readonly<Record<string, string>> = {}): CompiledModel {
  const { models, diagnostics } = compileText(path, readFileSync(path, 'utf8'), { set });
  if (models[0] === undefined)
    throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return models[0];
}

/** Every shipped network, and forms of some. */
const cases: readonly (readonly [string, CompiledModel])[] = [
  ...readdirSync('specs')
    .filter((name) => name.endsWith('.unet'))
    .map((name) => [basename(name, '.unet'), compile(`specs/${name}`)] as const),
  [
    'unet-3-plus, deep and guided',
    compile('specs/unet-3-plus.unet', { deep: 'true', guide: 'logits' }),
  ],
];

/** A small, strict reader of XML: balanced tags, quoted attributes, known entities. */
function checkXml(text: string): readonly string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = text.replace(
    /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, closing: string, name: string, attributes: string, empty: string) => {
      names.push(name);
      expect(attributes.match(/&(?!(amp|lt|gt|quot);)/)).toBeNull();
      if (closing !== '') expect(open.pop()).toBe(name);
      else if (empty === '') open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<]|&(?!(amp|lt|gt|quot);)/);
  return names;
}

describe.each(cases)('%s', (_, model) => {
  const picture = describePicture(model, undefined);
  let placed: PlacedPicture;
  beforeAll(async () => (placed = await layOut(picture)));

  test('has a box for every level, every node and every output, and arrows that join them', () => {
    const labels = picture.boxes.map(({ label }) => label);
    const ids = new Set(picture.boxes.map(({ id }) => id));
    expect(ids.size).toBe(picture.boxes.length);
    for (const { name } of model.unfolded.lattice) expect(labels).toContain(name);
    for (const { name } of model.graph.outputs) expect(labels).toContain(name);
    for (const { from, to } of picture.arrows) {
      expect(ids).toContain(from);
      expect(ids).toContain(to);
    }
    const reached = new Set(picture.arrows.map(({ to }) => to));
    const starts = picture.boxes.filter(({ id }) => !reached.has(id));
    expect(starts.map(({ kind }) => kind)).toEqual(['input']);
  });

  test('joins each node of a lattice with what it merges', () => {
    const nameOf = new Map(picture.boxes.map(({ id, label }) => [label, id]));
    const merged = model.unfolded.lattice.flatMap(({ name, sources }) =>
      sources
        // SegNet has no skips: of the tensor on the way down, only the places of its maxima are read.
        .filter(({ role }) => role !== 'skip' || model.name !== 'SegNet')
        .map(({ tensor }) => ({ from: nameOf.get(tensor), to: nameOf.get(name) })),
    );
    expect(merged.flatMap(Object.values)).not.toContain(undefined);
    expect(picture.arrows).toEqual(
      expect.arrayContaining(merged.map((arrow): unknown => expect.objectContaining(arrow))),
    );
  });

  test('lets nothing overlap, and everything is inside', () => {
    const parts = placed.boxes.map(({ box, x, y, width, height, lines }) => {
      const text = Math.max(...lines.map((line) => line.length)) * characterWidth;
      const middle = x + width / 2;
      return {
        id: box.id,
        slab: { left: x, right: x + width, top: y, bottom: y + height },
        text: {
          left: middle - text / 2,
          right: middle + text / 2,
          top: y + height,
          bottom: y + height + lines.length * lineHeight + 4,
        },
      };
    });
    type Area = (typeof parts)[number]['slab'];
    const overlap = (a: Area, b: Area): boolean =>
      a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    for (const [at, one] of parts.entries()) {
      for (const area of [one.slab, one.text]) {
        expect(area.left).toBeGreaterThanOrEqual(0);
        expect(area.right).toBeLessThanOrEqual(placed.width);
        expect(area.top).toBeGreaterThanOrEqual(60);
        expect(area.bottom).toBeLessThanOrEqual(placed.height - 30);
      }
      for (const other of parts.slice(at + 1)) {
        for (const mine of [one.slab, one.text]) {
          for (const its of [other.slab, other.text]) {
            expect([one.id, other.id, overlap(mine, its)]).toEqual([one.id, other.id, false]);
          }
        }
      }
    }
  });

  test('levels are aligned: larger tensors stand higher', () => {
    // Outputs stand beside the lattice, and have no column.
    const levels = placed.boxes.filter(({ box }) => box.column !== undefined);
    expect(levels.length).toBeGreaterThan(model.unfolded.lattice.length);
    const middles = levels.map(({ box, y, height }) => ({ ...box, middle: y + height / 2 }));
    const wrong = middles.flatMap((upper) =>
      middles.filter(({ row, middle }) => row > upper.row && middle <= upper.middle),
    );
    expect(wrong).toEqual([]);
  });

  test('is whole XML, with text that can be selected, and the same bytes each time', async () => {
    const svg = await emitPicture(model, { format: 'svg', theme: 'auto' });
    const names = checkXml(svg);
    expect(names.filter((name) => name === 'text').length).toBeGreaterThan(
      2 * picture.boxes.length,
    );
    expect(svg).not.toMatch(/<script|href=|on\w+=|NaN|undefined|Infinity/);
    expect(await emitPicture(model, { format: 'svg', theme: 'auto' })).toBe(svg);
  });
});

/** Pictures that are kept: what a change does to them is to be looked at. */
const kept: readonly (readonly [string, PictureFormat])[] = [
  ['unet-2015', 'svg'],
  ['unet-plus-plus', 'svg'],
  ['unet-3-plus', 'svg'],
  ['attention-unet', 'dot'],
  ['mobile-unet', 'mermaid'],
  ['mobile-unet', 'svg'],
];

test.each(kept)('%s as %s is what is kept', async (name, format) => {
  const folder = join(import.meta.dirname, 'golden');
  const file = join(folder, `${name}.${format}`);
  const text = await emitPicture(compile(`specs/${name}.unet`), { format, theme: 'light' });
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
});

test('the picture of the documentation is fresh', async () => {
  const model = compile('specs/unet-2015.unet');
  const text = await emitPicture(model, { format: 'svg', theme: 'auto', size: [572, 572] });
  const file = 'docs/images/unet-2015.svg';
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

test('names that are marks to XML, DOT or Mermaid stay names', async () => {
  const model = compile('specs/unet-2015.unet');
  const odd = { ...model, graph: { ...model.graph, model: 'A "<b>" & \\ end' } };
  checkXml(await emitPicture(odd, { format: 'svg', theme: 'light' }));
  const reordered = { ...model, graph: { ...model.graph, model: 'a\u202eb\u001b' } };
  const svg = await emitPicture(reordered, { format: 'svg', theme: 'light' });
  expect(svg).toContain('a\ufffdb');
  expect(svg).not.toMatch(/[\u001b\u202e]/);
  const [dot, mermaid] = await Promise.all(
    (['dot', 'mermaid'] as const).map((format) => emitPicture(odd, { format, theme: 'light' })),
  );
  expect(dot).toContain('digraph "A \\"<b>\\" & \\\\ end" {');
  expect(mermaid).toContain('title: "A \\"<b>\\" & \\\\ end"');
});

test('wires that follow no lattice are laid out all the same', async () => {
  const text = `model Odd {
    input image: [H, W, 1]
    wires {
      a = image -> conv(8, 3)
      b = a -> conv(8, 3) -> relu
      c = a -> conv(8, 5) -> relu
      d = [b, c] -> concat -> conv(8, 1)
    }
    head mask: d -> conv(1, 1)
  }`;
  const { models } = compileText('odd.unet', text);
  const picture = describePicture(models[0]!, undefined);
  expect(picture.boxes.some(({ column }) => column === undefined)).toBe(true);
  const { boxes } = await layOut(picture);
  const xOf = (id: string): number => boxes.find(({ box }) => box.id === id)!.x;
  expect(xOf('image')).toBeLessThan(xOf('a'));
  expect(xOf('c')).toBeLessThan(xOf('d'));
});

test.each(['nearest(2)', 'conv_transpose(8, 2)', 'resize_to(a)', 'pixel_shuffle(2)'])(
  'what %s brings up belongs to the decoder',
  (up) => {
    const { models } = compileText(
      'up.unet',
      `model Up { input image: [H, W, 1]
  wires {
    a = image -> conv(8) -> relu
    b = a -> max_pool(2) -> conv(16) -> relu
    d = [(b -> ${up} -> conv(8)), a] -> concat -> conv(8) -> relu
  }
  head mask: d -> conv(1, 1)
}`,
    );
    const { boxes } = describePicture(models[0]!, undefined);
    const kinds = boxes.map(({ label, kind }) => [label, kind]);
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['b', 'encoder'],
        ['d', 'decoder'],
      ]),
    );
  },
);

describe('networks of thousands of tensors are drawn', () => {
  const wires = (lines: readonly string[], last: string): CompiledModel => {
    const text = `model Large {
      input image: [H, W, 2]
      wires {\n${lines.join('\n')}\n}
      head mask: ${last} -> conv(1, 1)
    }`;
    const { models, diagnostics } = compileText('large.unet', text);
    if (models[0] === undefined) throw new Error(diagnostics[0]?.message);
    return models[0];
  };
  const lines = (count: number, line: (index: number) => string): readonly string[] =>
    Array.from({ length: count }, (_, index) => line(index + 1));
  const first = 'w0 = image -> conv(2, 3)';
  const networks: readonly (readonly [string, CompiledModel])[] = [
    ['a chain', wires([first, ...lines(4500, (i) => `w${i} = w${i - 1} -> conv(2, 3)`)], 'w4500')],
    [
      'each with the image again',
      wires(
        [first, ...lines(1500, (i) => `w${i} = [w${i - 1}, image] -> concat -> conv(2, 1)`)],
        'w1500',
      ),
    ],
    [
      'all of the image',
      wires(
        [
          ...lines(2200, (i) => `w${i} = image -> conv(2, 3)`),
          `all = [${lines(2200, (i) => `w${i}`).join(', ')}] -> add -> conv(2, 3)`,
        ],
        'all',
      ),
    ],
  ];
  test.each(networks)('%s', async (_, model) => {
    const { boxes, arrows, width, height } = await layOut(describePicture(model, undefined));
    expect(boxes.length).toBeGreaterThan(1500);
    const taken = new Set(boxes.map(({ x, y }) => `${x} ${y}`));
    expect(taken.size).toBe(boxes.length);
    const isInside = (box: (typeof boxes)[number]): boolean =>
      box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= height;
    expect(boxes.filter((box) => !isInside(box))).toEqual([]);
    expect(arrows.filter(({ path }) => /NaN|Infinity|undefined/.test(path))).toEqual([]);
  });
});

const hasGraphviz = spawnSync('dot', ['-V']).status === 0;
(hasGraphviz ? test : test.skip)('Graphviz takes every picture', async () => {
  for (const [name, model] of cases) {
    const input = await emitPicture(model, { format: 'dot', theme: 'light' });
    const { status, stderr } = spawnSync('dot', ['-Tsvg'], { input, encoding: 'utf8' });
    expect([name, status, stderr]).toEqual([name, 0, '']);
  }
});

test('formats are three', () => {
  expect(pictureFormats).toEqual(['svg', 'dot', 'mermaid']);
});
