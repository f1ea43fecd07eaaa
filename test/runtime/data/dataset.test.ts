import { describe, expect, it } from '@jest/globals';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { DataError } from '../../../src/runtime/data/data-error.js';
import { ByteCache } from '../../../src/runtime/data/byte-cache.js';
import {
  inspectDataset,
  type Dataset,
  type DatasetOptions,
} from '../../../src/runtime/data/dataset.js';
import { detectLayout } from '../../../src/runtime/data/find-pairs.js';
import { inFolder, png, writeFiles } from './support/folders.js';
import { writeRawPng } from './support/raw-files.js';

const defaults: DatasetOptions = { splits: ['train'], classCount: 2, inputChannels: 1 };

/** A 2 x 2 grey image or mask. */
const grey = (...samples: number[]): Promise<Buffer> => png(2, 2, 1, samples);

interface Inspection {
  readonly dataset: Dataset;
  /** Code and sentence of each diagnostic, paths relative to the data set. */
  readonly said: readonly string[];
}

async function inspectFiles(
  files: Readonly<Record<string, Uint8Array>>,
  options: Partial<DatasetOptions> = {},
): Promise<Inspection> {
  let inspection: Inspection | undefined;
  await inFolder(async (folder) => {
    writeFiles(folder, files);
    const { value, diagnostics } = await inspectDataset(folder, { ...defaults, ...options });
    const said = diagnostics.map(({ code, message }) =>
      `${code} ${message}`.replaceAll(`${folder}/`, '').replaceAll(folder, 'DIR'),
    );
    inspection = { dataset: value, said };
  });
  return inspection!;
}

/** The classes of the masks of the `train` split, read back from memory. */
async function classesOf(
  masks: Readonly<Record<string, Uint8Array>>,
  options: Partial<DatasetOptions> = {},
): Promise<number[][]> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, mask] of Object.entries(masks)) {
    files[`train/masks/${name}`] = mask;
    files[`train/images/${name.replace(/\.\w+$/, '.png')}`] = await grey(1, 20, 30, 240);
  }
  const { dataset, said } = await inspectFiles(files, options);
  // What is told of masks of one class is told elsewhere.
  expect(said.filter((sentence) => !/^UNET60(25|37|39)/.test(sentence))).toEqual([]);
  const split = dataset.splits.get('train')!;
  const loaded = await Promise.all(split.pairs.map((pair) => split.load(pair)));
  return loaded.map((pair) => [...pair.mask.data]);
}

describe('what mask values mean', () => {
  it.each([
    ['0 and 255', [0, 255, 255, 0], [0, 1, 1, 0]],
    ['0 and 1', [0, 1, 1, 0], [0, 1, 1, 0]],
    ['0, 1 and 255: 255 has no class', [0, 1, 255, 0], [0, 1, 255, 0]],
    ['0 and another', [0, 200, 200, 0], [0, 1, 1, 0]],
    ['all background', [0, 0, 0, 0], [0, 0, 0, 0]],
    ['all foreground', [255, 255, 255, 255], [1, 1, 1, 1]],
  ])('two classes, %s', async (_name, mask, expected) => {
    expect(await classesOf({ 'a.png': await grey(...mask) })).toEqual([expected]);
  });

  it('is settled over all masks together', async () => {
    const masks = { 'a.png': await grey(0, 1, 255, 255), 'b.png': await grey(0, 1, 1, 0) };
    expect(await classesOf(masks)).toEqual([
      [0, 1, 255, 255],
      [0, 1, 1, 0],
    ]);
  });

  it('16-bit masks', async () => {
    const mask = await png(2, 2, 1, [0, 65535, 65535, 0], 16);
    expect(await classesOf({ 'a.png': mask })).toEqual([[0, 1, 1, 0]]);
  });

  it('three classes: indices, 255 has none', async () => {
    expect(await classesOf({ 'a.png': await grey(0, 1, 2, 255) }, { classCount: 3 })).toEqual([
      [0, 1, 2, 255],
    ]);
  });

  it('palettes give indices, unless they are greys', async () => {
    const base = {
      width: 2,
      height: 2,
      bitDepth: 8,
      colourType: 3,
      rows: [
        [0, 2],
        [1, 2],
      ],
    };
    const voc = writeRawPng({ ...base, palette: [0, 0, 0, 128, 0, 0, 0, 128, 0] });
    expect(await classesOf({ 'a.png': voc }, { classCount: 3 })).toEqual([[0, 2, 1, 2]]);
    const white = {
      ...base,
      rows: [
        [0, 1],
        [1, 0],
      ],
      palette: [255, 255, 255, 0, 0, 0],
    };
    expect(await classesOf({ 'a.png': writeRawPng(white) })).toEqual([[1, 0, 0, 1]]);
  });

  it('a table of colours names the classes, in RGB, grey and palette masks', async () => {
    const colours = [
      [0, 0, 0],
      [255, 0, 0],
      [9, 9, 9],
    ] as const;
    const rgb = await png(2, 2, 3, [0, 0, 0, 255, 0, 0, 9, 9, 9, 0, 0, 0]);
    const palette = writeRawPng({
      width: 2,
      height: 2,
      bitDepth: 8,
      colourType: 3,
      rows: [
        [0, 1],
        [1, 0],
      ],
      palette: [255, 0, 0, 0, 0, 0],
    });
    const masks = { 'a.png': rgb, 'b.png': await grey(9, 0, 0, 9), 'c.png': palette };
    expect(await classesOf(masks, { classCount: 3, colours })).toEqual([
      [0, 1, 2, 0],
      [2, 0, 0, 2],
      [1, 0, 0, 1],
    ]);
  });

  it('RGB masks whose channels agree are grey; JPEG masks of two classes are split', async () => {
    const rgb = await png(2, 2, 3, [0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255]);
    expect(await classesOf({ 'a.png': rgb })).toEqual([[0, 1, 0, 1]]);
    const jpeg = await sharp(await grey(4, 250, 3, 251))
      .jpeg({ quality: 60 })
      .toBuffer();
    expect(await classesOf({ 'a.jpg': jpeg })).toEqual([[0, 1, 0, 1]]);
    const files = { 'train/images/a.png': await grey(1, 20, 30, 240), 'train/masks/a.jpg': jpeg };
    expect((await inspectFiles(files)).said).toEqual([
      'UNET6025 The folder "DIR" holds 1 JPEG mask, such as "train/masks/a.jpg"; their blurred values are split at 128.',
    ]);
  });
});

describe('masks of instances', () => {
  const files = async (): Promise<Record<string, Uint8Array>> => ({
    'train/images/a.png': await grey(1, 20, 30, 240),
    'train/masks/a.png': await grey(0, 255, 0, 255),
    'train/instances/a.png': await png(2, 2, 1, [0, 300, 0, 65_535], 16),
  });

  it('are read with all their bits, when they are wanted', async () => {
    await inFolder(async (folder) => {
      writeFiles(folder, await files());
      for (const instances of [true, false]) {
        // A memory of no bytes: the files are decoded again on demand.
        const options = { ...defaults, instances, memoryLimit: 0 };
        const { value } = await inspectDataset(folder, options);
        const split = value.splits.get('train')!;
        const loaded = await split.load(split.pairs[0]!);
        const data = loaded.instances && [...loaded.instances.data];
        expect(data).toEqual(instances ? [0, 300, 0, 65_535] : undefined);
      }
    });
  });

  it('are missed where the folder is there and a file is not', async () => {
    const more = {
      'train/images/b.png': await grey(1, 20, 30, 240),
      'train/masks/b.png': await grey(0, 0, 0, 0),
    };
    expect((await inspectFiles({ ...(await files()), ...more }, { instances: true })).said).toEqual(
      [
        'UNET6008 The image "train/images/b.png" has no instance mask; expected a file named "b" with any image extension in "train/instances".',
      ],
    );
  });

  it('have the size of the image, and are grey and exact', async () => {
    const good = await files();
    const colour = await png(2, 2, 3, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    const jpeg = await sharp(good['train/instances/a.png']).jpeg().toBuffer();
    const said = async (name: string, bytes: Uint8Array): Promise<readonly string[]> => {
      const { 'train/instances/a.png': _, ...others } = good;
      const all = { ...others, [`train/instances/${name}`]: bytes };
      return (await inspectFiles(all, { instances: true })).said;
    };
    expect(await said('a.png', await png(3, 1, 1, [0, 1, 2]))).toEqual([
      'UNET6020 The mask "train/instances/a.png" has 3 x 1 pixels; its image has 2 x 2.',
    ]);
    const expected =
      'expected a grey PNG or TIFF file of 8 or 16 bits: 0 for the background and a number for each object.';
    expect(await said('a.png', colour)).toEqual([
      `UNET6009 The instance mask "train/instances/a.png" is in colour; ${expected}`,
    ]);
    expect(await said('a.jpg', jpeg)).toEqual([
      `UNET6009 The instance mask "train/instances/a.jpg" is a JPEG file; ${expected}`,
    ]);
  });
});

describe('one pass reports every problem with its file', () => {
  it('a folder full of faults', async () => {
    const good = await grey(0, 255, 0, 255);
    const { dataset, said } = await inspectFiles({
      'train/images/.DS_Store': Buffer.from('hidden'),
      'train/images/good.png': good,
      'train/masks/good.png': good,
      'train/images/lonely.png': good,
      'train/masks/stray.png': good,
      'train/images/twice.png': good,
      'train/images/twice.jpg': good,
      'train/masks/twice.png': good,
      'train/images/broken.png': good.subarray(0, 40),
      'train/masks/broken.png': good,
      'train/images/hollow.png': good,
      'train/masks/hollow.png': Buffer.alloc(0),
      'train/images/size.png': good,
      'train/masks/size.png': await png(3, 2, 1, [0, 0, 0, 0, 0, 0]),
      'train/images/notes.txt': Buffer.from('notes'),
      'train/images/colour.png': good,
      'train/masks/colour.png': await png(2, 2, 3, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]),
    });
    expect(said.map((sentence) => sentence.replace(/read: .*/, 'read: ...'))).toEqual([
      'UNET6006 The file "train/images/notes.txt" is skipped; expected a name that ends in .png, .jpg, .jpeg, .tif, .tiff, .webp or .npy.',
      'UNET6005 The files "train/images/twice.jpg" and "train/images/twice.png" differ in their extension only; expected one file for each name.',
      'UNET6003 The image "train/images/lonely.png" has no mask; expected a file named "lonely" with any image extension in "train/masks".',
      'UNET6004 The mask "train/masks/stray.png" has no image; expected a file named "stray" with any image extension in "train/images".',
      'UNET6010 The file "train/images/broken.png" cannot be read: ...',
      'UNET6024 The mask "train/masks/colour.png" is in colour and the recipe has no table of colours; expected a grey mask of class indices.',
      'UNET6011 The file "train/masks/hollow.png" is empty; expected an image.',
      'UNET6020 The mask "train/masks/size.png" has 3 x 2 pixels; its image has 2 x 2.',
    ]);
    const pairs = dataset.splits.get('train')!.pairs.map((pair) => pair.name);
    expect(pairs).toEqual(['good', 'twice']);
  });

  it('folders that are missing or empty', async () => {
    expect((await inspectFiles({}, { splits: ['train', 'val'] })).said).toEqual([
      'UNET6031 The folder "DIR" lacks "train" and "val"; expected the folders "train" and "val", each with "images" and "masks" in it.',
    ]);
    const hidden = { 'images/.keep': Buffer.alloc(0), 'other/x': Buffer.alloc(1) };
    expect((await inspectFiles(hidden, { splits: ['flat'] })).said).toEqual([
      'UNET6002 The folder "images" holds no images; expected PNG, JPEG, TIFF, WebP or NPY files.',
      'UNET6001 There is no folder "masks"; expected a folder of masks.',
    ]);
  });

  const oneMask = async (mask: Uint8Array): Promise<Record<string, Uint8Array>> => ({
    'train/images/a.png': await grey(1, 20, 30, 240),
    'train/masks/a.png': mask,
  });

  it('links that lead nowhere: images, masks and parts', async () => {
    await inFolder(async (folder) => {
      const image = await grey(0, 20, 30, 240);
      const mask = await grey(0, 255, 0, 255);
      writeFiles(folder, {
        'data/train/images/a.png': image,
        'data/train/masks/b.png': mask,
        'data/train/images/c.png': image,
        'data/train/masks/c.png': mask,
      });
      symlinkSync('gone.png', join(folder, 'data/train/images/b.png'));
      symlinkSync('gone.png', join(folder, 'data/train/masks/a.png'));
      const { value, diagnostics } = await inspectDataset(join(folder, 'data'), defaults);
      expect(value.splits.get('train')!.pairs.map(({ name }) => name)).toEqual(['c']);
      expect(diagnostics).toMatchObject([
        {
          code: 'UNET6010',
          message: expect.stringMatching(
            /read: it is a link that leads nowhere: to "gone\.png"\.$/,
          ),
          notes: ['So it is with 2 files: also "train/images/b.png".'],
        },
      ]);
      symlinkSync('gone', join(folder, 'data/val'));
      const options: DatasetOptions = { ...defaults, splits: ['train', 'val'] };
      const [missing] = (await inspectDataset(join(folder, 'data'), options)).diagnostics;
      expect(missing).toMatchObject({
        code: 'UNET6031',
        notes: ['"val" is a link that leads nowhere: to "gone".'],
        help: [],
      });
    });
  });

  it('values above the classes, with advice on evenly spread greys', async () => {
    const files = await oneMask(await grey(0, 128, 255, 128));
    expect((await inspectFiles(files, { classCount: 3 })).said).toEqual([
      'UNET6021 The mask "train/masks/a.png" holds the value 128 in 2 pixels; expected class indices from 0 to 2.',
    ]);
    expect((await inspectFiles(files)).said).toEqual([
      'UNET6022 The masks in "DIR" hold the values 0, 128 and 255; expected two values, one for each class.',
    ]);
    const colours = [
      [0, 0, 0],
      [128, 128, 128],
      [255, 255, 255],
    ] as const;
    expect((await inspectFiles(files, { classCount: 3, colours })).said).toEqual([]);
  });

  it('colours that the table lacks, tables that do not fit, JPEG masks of many classes', async () => {
    const files = await oneMask(await png(2, 2, 3, [0, 0, 0, 9, 9, 9, 0, 5, 0, 9, 9, 9]));
    const colours = [
      [0, 0, 0],
      [9, 9, 9],
    ] as const;
    expect((await inspectFiles(files, { colours })).said).toEqual([
      'UNET6023 The mask "train/masks/a.png" holds the colour [0, 5, 0] in 1 pixel, first at column 0, row 1; expected colours of the table.',
    ]);
    const two = await oneMask(await grey(0, 9, 0, 9));
    expect((await inspectFiles(two, { colours, classCount: 3 })).said).toEqual([
      'UNET6027 The table of colours has 2 entries; the head has 3 classes.',
    ]);
    const jpeg = await sharp(await grey(0, 9, 0, 9))
      .jpeg()
      .toBuffer();
    const lossy = { 'train/images/a.png': await grey(1, 20, 30, 240), 'train/masks/a.jpg': jpeg };
    expect((await inspectFiles(lossy, { classCount: 3 })).said).toEqual([
      'UNET6026 The mask "train/masks/a.jpg" is a JPEG file, which blurs class values; expected PNG or TIFF for 3 classes.',
    ]);
    expect((await inspectFiles(two, { classCount: 256 })).said).toEqual([
      'UNET6028 The head has 256 classes; masks can name at most 255.',
    ]);
  });

  it('channels that do not fit, and masks that differ from those of an earlier inspection', async () => {
    const files = await oneMask(await grey(0, 255, 0, 255));
    expect((await inspectFiles(files, { inputChannels: 4 })).said).toEqual([
      'UNET6016 The image "train/images/a.png" is grey; the network\'s input has 4 channels.',
    ]);
    const encoding = { kind: 'pair', low: 0, high: 200 } as const;
    expect((await inspectFiles(files, { encoding })).said).toEqual([
      'UNET6029 The mask "train/masks/a.png" holds the value 255; the masks for training hold the values 0 and 200.',
    ]);
  });
});

describe('loading', () => {
  it('decodes again what memory does not hold, and says when a file changed or vanished', async () => {
    await inFolder(async (folder) => {
      const first = await grey(0, 51, 102, 255);
      writeFiles(folder, { 'images/a.png': first, 'masks/a.png': await grey(0, 255, 0, 0) });
      const options = { ...defaults, splits: ['flat' as const], memoryLimit: 0 };
      expect(detectLayout(folder)).toBe('flat');
      const { value } = await inspectDataset(folder, options);
      const split = value.splits.get('flat')!;
      const pair = split.pairs[0]!;
      expect(pair).toMatchObject({ name: 'a', width: 2, height: 2 });
      const loaded = await split.load(pair);
      expect([...loaded.pixels.data].map((v) => Math.round(v * 10))).toEqual([0, 2, 4, 10]);
      expect([...loaded.mask.data]).toEqual([0, 1, 0, 0]);
      const wider = await png(3, 2, 1, [0, 0, 0, 0, 0, 0]);
      writeFiles(folder, { 'images/a.png': wider, 'masks/a.png': wider });
      await expect(split.load(pair)).rejects.toMatchObject({
        diagnostics: [{ code: 'UNET6030' }],
      });
      rmSync(join(folder, 'masks/a.png'));
      await expect(split.load(pair)).rejects.toBeInstanceOf(DataError);
    });
  });

  it('keeps decoded files within the limit: later reads need no disk', async () => {
    await inFolder(async (folder) => {
      const mask = await grey(0, 255, 0, 0);
      writeFiles(folder, { 'images/a.png': mask, 'masks/a.png': mask });
      const { value } = await inspectDataset(folder, { ...defaults, splits: ['flat'] });
      writeFileSync(join(folder, 'images/a.png'), 'broken');
      const split = value.splits.get('flat')!;
      expect([...(await split.load(split.pairs[0]!)).mask.data]).toEqual([0, 1, 0, 0]);
    });
  });

  it('the cache drops what was unused for longest', () => {
    const cache = new ByteCache<string, number>(10);
    cache.set('a', 1, 4);
    cache.set('b', 2, 4);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3, 4);
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.bytes]).toEqual([
      1,
      undefined,
      3,
      8,
    ]);
    cache.set('a', 5, 1);
    cache.set('huge', 9, 11);
    expect([cache.get('a'), cache.get('huge'), cache.bytes]).toEqual([5, undefined, 5]);
  });
});
