import { describe, expect, test } from '@jest/globals';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Reporter } from '../../../src/diagnostics/report.js';
import { usualData, type DataSource, type SplitRule } from '../../../src/ir/data-source.js';
import { compileText } from '../../../src/compile.js';
import { detectLayout, findPairs } from '../../../src/runtime/data/find-pairs.js';
import type { SplitName } from '../../../src/runtime/data/folder.js';
import { inFolder, writeFiles } from './support/folders.js';

const specWith = (fields: string): string => `model Net {
  input image: [H, W, 3]
  wires { a = image -> conv(2, 3) -> relu }
  head mask: a -> conv(1, 1)
}
train Net { ${fields} }
`;

/** What a recipe with these fields says of its data. */
function sourceOf(fields: string): DataSource {
  const text = specWith(fields);
  const { models, diagnostics } = compileText('net.unet', text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return models[0]!.recipe.data;
}

interface Found {
  readonly pairs: Readonly<Record<string, readonly string[]>>;
  readonly said: readonly string[];
}

/** The pairs that are found among files, told as "name: image, mask". */
async function find(
  files: readonly string[] | Readonly<Record<string, string>>,
  source: DataSource,
  splits: readonly SplitName[] = ['train', 'val'],
  instances = false,
): Promise<Found> {
  const listed: Readonly<Record<string, string>> = Array.isArray(files)
    ? Object.fromEntries((files as readonly string[]).map((path) => [path, '']))
    : (files as Readonly<Record<string, string>>);
  let found: Found | undefined;
  await inFolder(async (folder) => {
    writeFiles(
      folder,
      Object.fromEntries(Object.entries(listed).map(([path, text]) => [path, Buffer.from(text)])),
    );
    const reporter = new Reporter();
    const parts = await findPairs(folder, source, { splits, instances }, reporter);
    const short = (path: string | undefined): string =>
      path === undefined ? '' : path.replace(`${folder}/`, '');
    found = {
      pairs: Object.fromEntries(
        [...parts].map(([name, pairs]) => [
          name,
          pairs.map((pair) =>
            [pair.name, short(pair.imagePath), short(pair.maskPath), short(pair.instancesPath)]
              .join(' ')
              .trim(),
          ),
        ]),
      ),
      said: reporter.diagnostics.map(
        ({ code, message, help }) =>
          `${code} ${[message, ...(help ?? [])].join(' ').replaceAll(`${folder}/`, '').replaceAll(folder, 'DIR')}`,
      ),
    };
  });
  return found!;
}

describe('folders', () => {
  test('without a word are train and val with images and masks', () => {
    expect(sourceOf('')).toEqual(usualData);
  });

  test('with parts inside kinds', async () => {
    const files = [
      'images/train/a.png',
      'masks/train/a.png',
      'images/val/b.png',
      'masks/val/b.png',
    ];
    const source = sourceOf('images: "images/{part}", masks: "masks/{part}"');
    expect(await find(files, source)).toEqual({
      pairs: {
        train: ['a images/train/a.png masks/train/a.png'],
        val: ['b images/val/b.png masks/val/b.png'],
      },
      said: [],
    });
  });

  test('of other words, joined to others', async () => {
    const files = ['tr/a.png', 'trannot/a.png', 'te/b.png', 'teannot/b.png'];
    const source = sourceOf(
      'images: "{part}", masks: "{part}annot", split: folders(train: "tr", val: "te")',
    );
    expect((await find(files, source)).pairs).toEqual({
      train: ['a tr/a.png trannot/a.png'],
      val: ['b te/b.png teannot/b.png'],
    });
  });

  test('one part that is missing is named', async () => {
    const source = sourceOf('images: "{part}/x", masks: "{part}/y"');
    const { pairs, said } = await find(['train/x/a.png', 'train/y/a.png'], source);
    expect(pairs['train']).toHaveLength(1);
    expect(said).toEqual([expect.stringContaining('UNET6001 There is no folder "val"')]);
  });

  test('instances lie where the recipe says', async () => {
    const files = ['i/a.png', 'm/a.png', 'o/a.png', 'i/b.png', 'm/b.png', 'o/b.png'];
    const source = sourceOf('images: "i", masks: "m", instances: "o", split: fraction(0.5)');
    const { pairs } = await find(files, source, ['flat'], true);
    expect(pairs['flat']).toEqual(['a i/a.png m/a.png o/a.png', 'b i/b.png m/b.png o/b.png']);
  });

  test('inside of others are mirrored; hidden ones are not entered', async () => {
    const files = [
      ...['train/images/aachen/0.png', 'train/images/bonn/0.jpg', 'train/images/bonn/x/1.png'],
      ...['train/masks/aachen/0.png', 'train/masks/bonn/0.png', 'train/masks/bonn/x/1.png'],
      ...['train/images/.old/0.png', 'val/images/a.b/0.png', 'val/masks/a.b/0.png'],
    ];
    expect(await find(files, usualData)).toEqual({
      pairs: {
        train: [
          'aachen/0 train/images/aachen/0.png train/masks/aachen/0.png',
          'bonn/0 train/images/bonn/0.jpg train/masks/bonn/0.png',
          'bonn/x/1 train/images/bonn/x/1.png train/masks/bonn/x/1.png',
        ],
        val: ['a.b/0 val/images/a.b/0.png val/masks/a.b/0.png'],
      },
      said: [],
    });
  });

  test('of masks inside of that of images are not searched for images', async () => {
    const files = ['d/p1/0.png', 'd/p2/0.png', 'd/m/p1/0.png', 'd/m/p2/0.png', 'd/o/p1/0.png'];
    const source = sourceOf('images: "d", masks: "d/m", instances: "d/o", split: fraction(0.5)');
    const { pairs, said } = await find([...files, 'd/o/p2/0.png'], source, ['flat'], true);
    expect(pairs['flat']).toEqual([
      'p1/0 d/p1/0.png d/m/p1/0.png d/o/p1/0.png',
      'p2/0 d/p2/0.png d/m/p2/0.png d/o/p2/0.png',
    ]);
    expect(said).toEqual([]);
  });

  test('whose links lead back up are listed once', async () => {
    await inFolder(async (folder) => {
      const one = Buffer.from('');
      writeFiles(folder, { 'images/p/0.png': one, 'masks/p/0.png': one });
      symlinkSync(join(folder, 'images'), join(folder, 'images/p/up'));
      symlinkSync('.', join(folder, 'images/p/here'));
      const reporter = new Reporter();
      const wishes = { splits: ['flat'], instances: false } as const;
      const parts = await findPairs(folder, usualData, wishes, reporter);
      expect(parts.get('flat')!.map(({ name }) => name)).toEqual(['p/0']);
      expect(reporter.diagnostics).toEqual([]);
    });
  });

  test('that differ between images and masks are told', async () => {
    const { said } = await find(
      ['images/a.png', 'images/b.png', 'masks/p/a.png', 'masks/p/b.png'],
      usualData,
      ['flat'],
    );
    expect(said[0]).toContain('"p/a" probably belongs to "a"');
  });

  test('all pairs of a divided folder are those of both parts', async () => {
    const files = ['train', 'val'].flatMap((part) => [
      `${part}/images/${part}.png`,
      `${part}/masks/${part}.png`,
    ]);
    expect((await find(files, usualData, ['flat'])).pairs['flat']).toHaveLength(2);
  });
});

describe('suffixes', () => {
  test('tell images and masks of one folder apart, the longer one first', async () => {
    const files = ['d/a.jpg', 'd/a_mask.png', 'd/b.jpg', 'd/b_mask.png'];
    const source = sourceOf(
      'images: "d", masks: "d", pairs: suffix("_mask"), split: fraction(0.5)',
    );
    const { pairs, said } = await find(files, source, ['flat']);
    expect(pairs['flat']).toEqual(['a d/a.jpg d/a_mask.png', 'b d/b.jpg d/b_mask.png']);
    expect(said).toEqual([]);
  });

  test('of both kinds, where one ends as the other', async () => {
    const files = ['d/a_m.png', 'd/a_im_m.png', 'd/x.png'];
    const source = sourceOf(
      'images: "d", masks: "d", pairs: suffix(image: "_m", mask: "_im_m"), split: fraction(0.5)',
    );
    const { pairs, said } = await find(files, source, ['flat']);
    expect(pairs['flat']).toEqual(['a d/a_m.png d/a_im_m.png']);
    expect(said).toEqual([
      'UNET6094 The file "d/x.png" is skipped: its name does not end in "_m", as "pairs" says.',
    ]);
  });

  test('that no file has', async () => {
    const source = sourceOf('pairs: suffix("_seg")');
    const files = ['train', 'val'].flatMap((part) => [
      `${part}/images/a.png`,
      `${part}/masks/a.png`,
    ]);
    const { said } = await find(files, source);
    expect(said.filter((text) => text.startsWith('UNET6093'))).toEqual([
      'UNET6093 None of the 1 image file in "train/masks" has a name that ends in "_seg", as "pairs" says.',
      'UNET6093 None of the 1 image file in "val/masks" has a name that ends in "_seg", as "pairs" says.',
    ]);
  });
});

const six = ['p1_a', 'p1_b', 'p2_a', 'p3_a', 'p3_b', 'p4_a'];
const sixFiles = six.flatMap((name) => [`images/${name}.png`, `masks/${name}.png`]);

describe('a drawn split', () => {
  test('divides one folder; groups stay together', async () => {
    const { pairs, said } = await find(sixFiles, sourceOf('split: fraction(0.3, group: "_")'));
    expect(said).toEqual([]);
    const groups = (part: string): readonly string[] => [
      ...new Set(pairs[part]!.map((text) => text.slice(0, 2))),
    ];
    expect([...groups('train'), ...groups('val')].sort()).toEqual(['p1', 'p2', 'p3', 'p4']);
    expect(groups('val').length).toBeGreaterThan(0);
  });

  test('of fewer groups than it needs', async () => {
    const { said } = await find(sixFiles, sourceOf('split: folds(5, group: "_")'));
    expect(said).toEqual([
      'UNET6091 The pairs of "DIR" are 4 groups; the split "folds" needs at least 5, since groups are never divided.',
    ]);
  });

  test('of a folder that is divided already', async () => {
    const files = ['train/images/a.png', 'train/masks/a.png'];
    const { said } = await find(files, sourceOf('split: fraction(0.3)'));
    expect(said).toEqual([expect.stringContaining('take "split" out of the recipe')]);
  });
});

describe('lists', () => {
  const source = (more = ''): DataSource => sourceOf(`split: lists${more}`);
  const withLists = (train: string, val: string): Readonly<Record<string, string>> => ({
    ...Object.fromEntries(sixFiles.map((path) => [path, ''])),
    'train.txt': train,
    'val.txt': val,
  });

  test('name the pairs of both parts, with paths and extensions or without', async () => {
    const lists = withLists('\ufeffp1_a\r\n\r\nimages/p1_b.png\n  p2_a.png  \n', 'p4_a');
    const { pairs, said } = await find(lists, source());
    expect(said).toEqual([]);
    expect(pairs['train']!.map((text) => text.slice(0, 4))).toEqual(['p1_a', 'p1_b', 'p2_a']);
    expect(pairs['val']!.map((text) => text.slice(0, 4))).toEqual(['p4_a']);
  });

  test('name pairs in folders by the end of a path', async () => {
    const files = ['p1/0.png', 'p2/0.png'].flatMap((path) => [`images/${path}`, `masks/${path}`]);
    const lists = { 'train.txt': 'data/images/p1/0.png', 'val.txt': 'p2\\0' };
    const all = { ...Object.fromEntries(files.map((path) => [path, ''])), ...lists };
    expect(await find(all, source())).toEqual({
      pairs: {
        train: ['p1/0 images/p1/0.png masks/p1/0.png'],
        val: ['p2/0 images/p2/0.png masks/p2/0.png'],
      },
      said: [],
    });
  });

  test('with a name that is unknown, and one in both', async () => {
    const { said } = await find(withLists('p1_a\nq9', 'p1_a\np2_a'), source());
    expect(said).toEqual([
      'UNET6088 Line 2 of "train.txt" names "q9"; there is no pair of that name.',
      'UNET6089 Line 1 of "val.txt" names "p1_a", which is in the list of the other part, too; expected each pair in one.',
    ]);
  });

  test('that is missing, or empty', async () => {
    const { said } = await find(withLists('p1_a', ''), source('(val: "no/val.txt")'));
    expect(said).toEqual([expect.stringContaining('UNET6087 The list "no/val.txt"')]);
    expect((await find(withLists('p1_a', ' \n'), source())).said).toEqual([
      'UNET6092 The split "lists" leaves no pair of "DIR" for "val"; expected one at least.',
    ]);
  });
});

describe('a list of pairs', () => {
  const source = (more = ''): DataSource => sourceOf(`pairs: list("pairs.csv")${more}`);
  const withList = (text: string): Readonly<Record<string, string>> => ({
    'x/a.png': '',
    'x/b.png': '',
    'y/1.png': '',
    'y/2.png': '',
    'pairs.csv': text,
  });

  test('says files, parts and groups', async () => {
    const rows = 'Image,Mask,Part\nx/b.png,y/2.png,val\nx/a.png , y/1.png, train\n';
    expect(await find(withList(rows), source())).toEqual({
      pairs: { train: ['a x/a.png y/1.png'], val: ['b x/b.png y/2.png'] },
      said: [],
    });
    const tabs = 'image\tmask\tgroup\nx/b.png\ty/2.png\tone\nx/a.png\ty/1.png\ttwo\n';
    const drawn = await find(withList(tabs), source(', split: fraction(0.5)'));
    expect(drawn.said).toEqual([]);
    expect([drawn.pairs['train'], drawn.pairs['val']].flat()).toHaveLength(2);
    const together = tabs.replace('two', 'one');
    expect((await find(withList(together), source(', split: fraction(0.5)'))).said).toEqual([
      expect.stringContaining('UNET6091'),
    ]);
  });

  test('names pairs by their paths where two images have one name', async () => {
    const rows =
      'image,mask,part\nx/a.png,y/1.png,train\n./z/a.png,y/2.png,val\nx/b.png,y/1.png,val';
    const { pairs, said } = await find({ ...withList(rows), 'z/a.png': '' }, source());
    expect(said).toEqual([]);
    expect(pairs).toEqual({
      train: ['x/a x/a.png y/1.png'],
      val: ['x/b x/b.png y/1.png', 'z/a z/a.png y/2.png'],
    });
    const twice = await find(withList('image,mask\nx/a.png,y/1.png\nx/a.png,y/2.png\n'), source());
    expect(twice.said[0]).toContain('UNET6005');
  });

  test.each([
    ['picture,mask\n', 'Line 1 of "pairs.csv" is "picture,mask"; expected names of columns'],
    ['image,mask\nx/a.png\n', 'Line 2 of "pairs.csv" has 1 field; expected 2'],
    ['image,mask\nx/c.png,y/1.png\n', 'Line 2 of "pairs.csv" names "x/c.png" as image'],
    ['image,mask\n../a.png,y/1.png\n', 'Line 2 of "pairs.csv" names "../a.png" as image'],
    ['image,mask\n,y/1.png\n', 'Line 2 of "pairs.csv" has no image'],
    ['image,mask,part\nx/a.png,y/1.png,test\n', 'Line 2 of "pairs.csv" has the part "test"'],
  ])('%j is refused', async (text, message) => {
    const { said } = await find(withList(text), source());
    expect(said[0]).toContain(`UNET6090 ${message}`);
  });
});

describe('what a recipe may not say', () => {
  test.each([
    ['images: "images"', 'UNET6080'],
    ['images: "{part}/x", split: folds(3)', 'UNET6080'],
    ['images: "../{part}"', 'UNET6081'],
    ['masks: "/etc/{part}"', 'UNET6081'],
    ['pairs: list("../pairs.csv")', 'UNET6081'],
    ['split: lists(train: "a\\\\b.txt")', 'UNET6081'],
    ['pairs: list("a.csv"), images: "x"', 'UNET6082'],
    ['images: "{part}", masks: "{part}"', 'UNET6083'],
    ['split: folds(3, fold: 3)', 'UNET6084'],
    ['split: column', 'UNET6085'],
    ['split: folders, pairs: list("a.csv")', 'UNET6085'],
    ['split: lists(train: "val.txt")', 'UNET6086'],
  ])('%s', (fields, code) => {
    const text = specWith(fields);
    expect(compileText('net.unet', text).diagnostics.map((each) => each.code)).toContain(code);
  });
});

test('the layout of a folder follows the paths of the recipe', async () => {
  await inFolder((folder) => {
    writeFiles(folder, { 'images/train/a.png': Buffer.from('') });
    const nested = sourceOf('images: "images/{part}", masks: "masks/{part}"');
    const split: SplitRule = { kind: 'fraction', val: 0.2, seed: 0, group: undefined };
    expect(detectLayout(folder, nested)).toBe('split');
    expect(detectLayout(folder)).toBe('flat');
    expect(detectLayout(folder, { ...nested, split })).toBe('split');
    return Promise.resolve();
  });
});
