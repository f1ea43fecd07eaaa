import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../../src/compile.js';
import { describeSummary } from '../../../../src/runtime/data/describe-summary.js';
import {
  inspectDataset,
  type Dataset,
  type DatasetOptions,
} from '../../../../src/runtime/data/dataset.js';
import type { SplitName } from '../../../../src/runtime/data/folder.js';
import { inFolder, png, writeFiles } from '../support/folders.js';

/** What a recipe of several classes says of its data. */
function recipeOf(fields: string, channels = 3) {
  const { models, diagnostics } = compileText(
    'net.unet',
    `model Net {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: a -> conv(${channels}, 1) -> softmax
}
train Net { ${fields} }
`,
  );
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return models[0]!.recipe;
}

interface Found {
  readonly codes: readonly string[];
  readonly texts: string;
  readonly told: readonly string[];
  /** Rows of class numbers by the name of the pair, 255 as "-". */
  readonly masks: Readonly<Record<string, readonly string[]>>;
  readonly objects: Readonly<Record<string, readonly string[]>>;
}

const image = (width = 6, height = 4): Promise<Buffer> =>
  png(
    width,
    height,
    1,
    Array.from({ length: width * height }, (_, at) => at * 9),
  );
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

async function look(
  files: Readonly<Record<string, Uint8Array>>,
  fields: string,
  splits: readonly SplitName[] = ['train'],
  options: Partial<DatasetOptions> = {},
): Promise<Found> {
  const { data, classes, borderWidth } = recipeOf(fields);
  let found: Found | undefined;
  await inFolder(async (folder) => {
    writeFiles(folder, files);
    const { value, diagnostics } = await inspectDataset(folder, {
      ...{ splits, source: data, classCount: 3, inputChannels: 1, instances: true },
      ...{ classNames: classes, borderWidth },
      ...options,
    });
    found = {
      codes: diagnostics.map(({ code }) => code),
      texts: diagnostics
        .flatMap(({ message, notes, help }) => [message, ...notes, ...help])
        .join('\n')
        .replaceAll(folder, 'DIR'),
      told: value.summaries.flatMap((summary) => describeSummary(summary, classes)),
      ...(await masksOf(value)),
    };
  });
  return found!;
}

async function masksOf({ splits }: Dataset): Promise<Pick<Found, 'masks' | 'objects'>> {
  const masks: Record<string, readonly string[]> = {};
  const objects: Record<string, readonly string[]> = {};
  const rows = (data: ArrayLike<number>, width: number): readonly string[] =>
    Array.from({ length: data.length / width }, (_, row) =>
      Array.from({ length: width }, (__, column) => data[row * width + column]!)
        .map((value) => (value === 255 ? '-' : String(value)))
        .join(''),
    );
  for (const split of splits.values()) {
    for (const pair of split.pairs) {
      const { mask, instances } = await split.load(pair);
      masks[pair.name] = rows(mask.data, mask.width);
      if (instances !== undefined) objects[pair.name] = rows(instances.data, instances.width);
    }
  }
  return { masks, objects };
}

const box = (left: number, top: number, right: number, bottom: number): readonly number[] => [
  ...[left, top, right, top, right, bottom, left, bottom],
];

const categories = [
  { id: 7, name: 'nucleus' },
  { id: 3, name: 'cell' },
];
const annotation = (
  image_id: unknown,
  category_id: unknown,
  segmentation: unknown,
  more: object = {},
) => ({ id: 1, image_id, category_id, segmentation, iscrowd: 0, ...more });

const coco = {
  images: [
    { id: 5, file_name: 'p1/a.png', width: 6, height: 4 },
    { id: 2, file_name: 'b.png' },
  ],
  categories,
  annotations: [
    annotation(5, 3, [box(0, 0, 4, 4)]),
    annotation(5, 7, [box(1, 1, 3, 3), box(5, 0, 6, 1)]),
    annotation(5, 3, { size: [4, 6], counts: [16, 4, 4] }, { iscrowd: 1 }),
  ],
};
const pairs = 'images: "i", pairs: coco("c.json"), split: fraction(0.5)';
const named = `${pairs}, classes: [background, cell, nucleus]`;
const filesOf = async (document: unknown): Promise<Record<string, Uint8Array>> => ({
  'i/p1/a.png': await image(),
  'i/b.png': await image(),
  'c.json': document instanceof Uint8Array ? document : json(document),
});

describe('a document of COCO', () => {
  test('gives classes by name, objects by number; later over earlier, crowds below all', async () => {
    const found = await look(await filesOf(coco), named, ['flat']);
    expect(found.codes).toEqual([]);
    expect(found.masks).toEqual({
      b: ['000000', '000000', '000000', '000000'],
      'p1/a': ['1111-2', '1221-0', '1221-0', '1111-0'],
    });
    expect(found.objects).toEqual({
      b: ['000000', '000000', '000000', '000000'],
      'p1/a': ['111102', '122100', '122100', '111100'],
    });
    expect(found.told).toContain(
      'outlines: 2 objects, 1 of which hides pixels of an earlier one; 1 of 2 images without any',
    );
  });

  test('has classes by a network of two, and by borders, whatever their names', async () => {
    const binary = await look(await filesOf(coco), pairs, ['flat'], { classCount: 2 });
    expect([binary.codes, binary.masks['p1/a']?.[1]]).toEqual([[], '1111-0']);
    const bordered = `${pairs}, border_width: 1, classes: [background, inside, border]`;
    const found = await look(await filesOf(coco), bordered, ['flat']);
    expect(found.codes).toEqual([]);
    expect(found.masks['p1/a']).toEqual(['2222-2', '2222-0', '2222-0', '2222-0']);
    expect(found.objects['p1/a']).toEqual(['111102', '122100', '122100', '111100']);
  });

  test('of each part, with the images of both in one folder', async () => {
    const files = await filesOf('');
    const part = (index: number) => ({ ...coco, images: [coco.images[index]], annotations: [] });
    delete files['c.json'];
    const found = await look(
      { ...files, 'a/train.json': json(part(0)), 'a/val.json': json(part(1)) },
      'images: "i", pairs: coco("a/{part}.json"), classes: [background, cell, nucleus]',
      ['train', 'val'],
    );
    expect(Object.keys(found.masks)).toEqual(['p1/a', 'b']);
    expect(found.texts).not.toContain('not listed');
  });

  test('whose other categories are background, or have no class', async () => {
    const document = { ...coco, annotations: coco.annotations.slice(0, 2) };
    const files = await filesOf(document);
    const fields = (others: string): string =>
      `images: "i", pairs: coco("c.json", others: ${others}), split: fraction(0.5), classes: [background, cell, border]`;
    const background = await look(files, fields('background'), ['flat']);
    expect(background.masks['p1/a']).toEqual(['111100', '111100', '111100', '111100']);
    const ignored = await look(files, fields('ignored'), ['flat']);
    expect(ignored.masks['p1/a']).toEqual(['11110-', '111100', '111100', '111100']);
    const refused = await look(files, fields('refused'), ['flat']);
    expect(refused.codes).toEqual(['UNET6354']);
    expect(refused.texts).toContain(
      '"nucleus"; the classes of the recipe are "background", "cell"',
    );
  });

  test('that needs names, gets them by their order', async () => {
    const found = await look(await filesOf(coco), pairs, ['flat']);
    expect(found.codes).toEqual(['UNET6355']);
    expect(found.texts).toContain('classes: [background, "cell", "nucleus"]');
  });

  test('that does not list all images says how many', async () => {
    const files = { ...(await filesOf(coco)), 'i/c.png': await image() };
    const found = await look(files, named, ['flat']);
    expect(found.codes).toEqual(['UNET6356']);
    expect(found.texts).toContain('1 image in "DIR/i" is not listed in "DIR/c.json"');
  });

  const withOne = (segmentation: unknown, more: object = {}) => ({
    ...coco,
    annotations: [annotation(5, 3, segmentation, more)],
  });
  test.each([
    ['no JSON', Buffer.from('{"images": [NaN'), 'UNET6350', 'it is no JSON'],
    ['no object', Buffer.from('[]'), 'UNET6350', 'no object of JSON'],
    ['no text', Buffer.from([0xff, 0xfe]), 'UNET6350', 'not text in UTF-8'],
    ['no lists', { images: {} }, 'UNET6351', '"images" is {}'],
    ['no images', { ...coco, images: [], annotations: [] }, 'UNET6351', '"images" is empty'],
    [
      'a path that leaves the folder',
      { ...coco, images: [{ id: 5, file_name: '../c.json' }], annotations: [] },
      'UNET6352',
      'lists the image "../c.json"',
    ],
    [
      'an image that is not there',
      { ...coco, images: [{ id: 5, file_name: 'no.png' }], annotations: [] },
      'UNET6352',
      'lists the image "no.png"',
    ],
    [
      'an image twice',
      { ...coco, images: [...coco.images, { id: 9, file_name: './p1/a.png' }] },
      'UNET6005',
      'differ in their extension only',
    ],
    [
      'an id twice',
      { ...coco, images: [...coco.images, { id: 5, file_name: 'b.png' }] },
      'UNET6351',
      '"images[2].id" is 5 once more',
    ],
    [
      'an image of another size',
      { ...coco, images: [{ id: 5, file_name: 'b.png', width: 4, height: 6 }] },
      'UNET6353',
      'was drawn on 4 x 6 pixels',
    ],
    [
      'an annotation of no image',
      { ...coco, annotations: [annotation(77, 3, [])] },
      'UNET6351',
      '"annotations[0].image_id" is 77',
    ],
    [
      'an annotation of no category',
      { ...coco, annotations: [annotation(5, '3', [])] },
      'UNET6351',
      '"annotations[0].category_id" is "3"',
    ],
    ['no outline', withOne(undefined), 'UNET6351', '"annotations[0].segmentation" is missing'],
    ['no polygon', withOne([]), 'UNET6351', 'is empty'],
    ['two corners', withOne([[1, 2, 3, 4]]), 'UNET6351', 'segmentation[0]" has 4 numbers'],
    ['half a corner', withOne([[1, 2, 3, 4, 5, 6, 7]]), 'UNET6351', 'has 7 numbers'],
    ['a number that is none', withOne([[1, 2, 3, null, 5, 6]]), 'UNET6351', '[0][3]" is null'],
    ['a number far away', withOne([[1, 2, 3, -1e300, 5, 6]]), 'UNET6351', '[0][3]" is -1e+300'],
    [
      'an infinite number',
      Buffer.from(JSON.stringify(withOne([[1, 2, 3, 4, 5, 123]])).replace('123', '1e999')),
      'UNET6351',
      '[0][5]" is Infinity',
    ],
    ['runs of another size', withOne({ size: [6, 4], counts: [24] }), 'UNET6351', 'size" is [6,4]'],
    [
      'runs that do not fill the image',
      withOne({ size: [4, 6], counts: [20, 3] }),
      'UNET6351',
      'counts" adds up to 23 pixels; expected the 24',
    ],
    ['runs below 0', withOne({ size: [4, 6], counts: [-1, 25] }), 'UNET6351', 'is [-1,25]'],
    ['damaged runs', withOne({ size: [4, 6], counts: 'o' }), 'UNET6351', 'cut short or damaged'],
  ])('with %s is refused', async (_, document, code, text) => {
    const found = await look(await filesOf(document), named, ['flat']);
    expect(found.codes).toContain(code);
    expect(found.texts).toContain(text);
  });

  test('with more than anybody wants to draw is refused at once', async () => {
    const corners = Array.from({ length: 40_000 }, (_, at) => [at % 7, at % 2 === 0 ? -1 : 9_000]);
    const many = Array.from({ length: 8 }, () => annotation(5, 3, [corners.flat()]));
    const tall = { id: 5, file_name: 'tall.png' };
    const document = { ...coco, images: [tall], annotations: many };
    const files = { ...(await filesOf(document)), 'i/tall.png': await image(2, 8_000) };
    const found = await look(files, named, ['flat']);
    expect(found.texts).toContain('would take minutes to draw');
  });

  test('tells ten faults of a document, not all', async () => {
    const many = Array.from({ length: 50 }, () => annotation(77, 3, []));
    const found = await look(await filesOf({ ...coco, annotations: many }), named, ['flat']);
    expect(found.texts).toContain('So it is in 10 places of this file.');
  });
});

describe('documents of labelme', () => {
  const shape = (shape_type: string, points: unknown, more: object = {}) => ({
    label: 'cell',
    ...{ shape_type, points, group_id: null, flags: {} },
    ...more,
  });
  const document = (shapes: readonly unknown[], more: object = {}): Buffer =>
    json({ version: '5.4.1', imagePath: 'a.png', imageWidth: 6, imageHeight: 4, shapes, ...more });
  const fields = 'pairs: labelme, classes: [background, cell, nucleus]';
  const drawn = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ];

  test('lie beside the images: polygons, rectangles and circles', async () => {
    const found = await look(
      {
        'train/images/x/a.png': await image(),
        'train/images/x/a.json': document([
          shape('polygon', drawn),
          shape('rectangle', [
            [6, 4],
            [4, 2],
          ]),
          shape(
            'circle',
            [
              [1.5, 2.5],
              [2.6, 2.5],
            ],
            { label: 'nucleus' },
          ),
          shape('point', [[1, 1]]),
        ]),
        'train/images/b.png': await image(),
      },
      fields,
    );
    expect(found.codes).toEqual(['UNET6357', 'UNET6358']);
    expect(found.texts).toContain('1 image of 2 in "DIR/train/images"');
    expect(found.masks).toEqual({
      b: ['000000', '000000', '000000', '000000'],
      'x/a': ['110000', '120000', '222011', '020011'],
    });
    expect(found.objects['x/a']).toEqual(['110000', '130000', '333022', '030022']);
  });

  test('lie in a folder of their own; groups are one object, and two words have a meaning', async () => {
    const found = await look(
      {
        'train/images/a.png': await image(),
        'train/drawn/a.json': document([
          shape('polygon', drawn, { group_id: 4 }),
          shape(
            'rectangle',
            [
              [3, 0],
              [5, 1],
            ],
            { group_id: 4 },
          ),
          shape(
            'rectangle',
            [
              [3, 2],
              [5, 4],
            ],
            { label: '__ignore__' },
          ),
          shape(
            'rectangle',
            [
              [0, 0],
              [1, 1],
            ],
            { label: '_background_' },
          ),
        ]),
      },
      `masks: "{part}/drawn", ${fields}`,
    );
    expect(found.codes).toEqual(['UNET6039']);
    expect(found.masks['a']).toEqual(['010110', '110000', '000--0', '000--0']);
    expect(found.objects['a']).toEqual(['010110', '110000', '000000', '000000']);
  });

  test.each([
    [{}, { shapes: 3 }, 'UNET6351', '"shapes" is 3'],
    [shape('polygon', drawn, { label: 4 }), {}, 'UNET6351', '"shapes[0].label" is 4'],
    [shape('polygon', drawn.slice(1, 3)), {}, 'UNET6351', 'has 2 points; expected three or more'],
    [shape('polygon', [[1], [2, 3], [3, 4]]), {}, 'UNET6351', 'points[0]" is [1]'],
    [shape('rectangle', drawn), {}, 'UNET6351', 'has 4 points; expected two corners'],
    [shape('circle', [[1, 1]]), {}, 'UNET6351', 'has 1 points; expected the centre'],
    [shape('mask', drawn), {}, 'UNET6351', 'shape_type" is "mask"'],
    [shape('polygon', drawn, { label: 'dog' }), {}, 'UNET6354', 'the category "dog"'],
    [shape('polygon', drawn), { imageWidth: 7 }, 'UNET6353', 'was drawn on 7 x 4 pixels'],
  ])('that say %j, %j are refused', async (one, more, code, text) => {
    const found = await look(
      { 'train/images/a.png': await image(), 'train/images/a.json': document([one], more) },
      fields,
    );
    expect(found.codes).toContain(code);
    expect(found.texts).toContain(text);
  });

  test('without an image, and folders that are missing, are told', async () => {
    const files = { 'train/images/a.png': await image(), 'train/images/b.json': document([]) };
    const found = await look(files, fields);
    expect(found.codes).toEqual(expect.arrayContaining(['UNET6004', 'UNET6357']));
    expect((await look(files, `masks: "{part}/none", ${fields}`)).codes).toContain('UNET6001');
  });
});

describe('what a recipe may not say beside outlines', () => {
  test.each([
    ['pairs: coco("c.json")', 'UNET6080'],
    ['pairs: coco("{part}.json"), split: fraction(0.2)', 'UNET6080'],
    ['pairs: coco("../{part}.json")', 'UNET6081'],
    ['pairs: coco("{part}.json"), masks: "{part}/m"', 'UNET6082'],
    ['pairs: coco("{part}.json"), instances: "{part}/m"', 'UNET6082'],
    ['pairs: coco("{part}.json"), ignore: 255', 'UNET6082'],
    ['pairs: labelme, colors: [[0, 0, 0], [1, 1, 1], [2, 2, 2]]', 'UNET6082'],
    ['pairs: labelme, instances: "{part}/m"', 'UNET6082'],
    ['pairs: labelme, split: column', 'UNET6085'],
    ['pairs: labelme(others: nothing)', 'UNET3003'],
  ])('%s', (fields, code) => {
    const { diagnostics } = compileText(
      'net.unet',
      `model Net {
  input image: [H, W, 1]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: a -> conv(3, 1) -> softmax
}
train Net { ${fields} }
`,
    );
    expect(diagnostics.map((each) => each.code)).toContain(code);
  });
});
