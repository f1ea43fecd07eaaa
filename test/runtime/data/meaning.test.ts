import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { openPng } from '../../../src/runtime/data/png-rows.js';
import { inspectDataset, type DatasetOptions } from '../../../src/runtime/data/dataset.js';
import { readImage } from '../../../src/runtime/data/image-files.js';
import { renderOverlay } from '../../../src/runtime/data/overlay.js';
import { createClassMask } from '../../../src/runtime/data/pixels.js';
import { pictureFiles } from '../../../src/runtime/prediction/picture-files.js';
import { explainUnpaired } from '../../../src/runtime/data/unpaired.js';
import sharp from 'sharp';
import { inFolder, png, writeFiles } from './support/folders.js';
import { writeBandTiff } from './support/raw-files.js';

/** A palette PNG of 2 x 2 indices. */
const indexed = async (
  indices: readonly number[],
  palette: readonly (readonly [number, number, number])[],
): Promise<Buffer> => {
  let bytes: Buffer | undefined;
  await inFolder(async (folder) => {
    const path = `${folder}/indexed.png`;
    const output = await openPng(path, { width: 2, height: 2, channels: 1, palette });
    await output.write(Uint8Array.from(indices));
    await output.finish();
    bytes = readFileSync(path);
  });
  return bytes!;
};

const grey = (...samples: number[]): Promise<Buffer> => png(2, 2, 1, samples);

/** Codes and notes of what is said of a training split. */
async function said(
  files: Readonly<Record<string, Uint8Array>>,
  options: Partial<DatasetOptions> = {},
): Promise<{
  codes: readonly string[];
  texts: string;
  classes: readonly number[] | undefined;
  ignored: number;
}> {
  let result;
  await inFolder(async (folder) => {
    writeFiles(folder, files);
    const { value, diagnostics } = await inspectDataset(folder, {
      ...{ splits: ['train'], classCount: 2, inputChannels: 1 },
      ...options,
    });
    const [summary] = value.summaries;
    result = {
      codes: diagnostics.map(({ code }) => code),
      texts: diagnostics
        .flatMap(({ message, notes, help }) => [message, ...notes, ...help])
        .join('\n'),
      classes: summary?.classes,
      ignored: summary?.ignoredPixels ?? 0,
    };
  });
  return result!;
}

async function masks(...all: readonly Uint8Array[]): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const [at, mask] of all.entries()) {
    files[`train/images/${at}.png`] = await grey(0, 20, 30, 240);
    files[`train/masks/${at}.png`] = mask;
  }
  return files;
}

describe('ignored values', () => {
  test('255 beside class numbers has no class, and is counted', async () => {
    const found = await said(await masks(await grey(0, 1, 1, 255)));
    expect(found).toMatchObject({ codes: [], classes: [1, 2], ignored: 1 });
  });

  test('what the recipe names has no class; 255 alone then is as wanted', async () => {
    const files = await masks(await grey(0, 1, 1, 0), await grey(0, 255, 255, 0));
    expect(await said(files, { ignore: [255] })).toMatchObject({
      codes: [],
      classes: [4, 2],
      ignored: 2,
    });
    expect((await said(files)).codes).toEqual(['UNET6034']);
    const middle = await masks(await grey(0, 127, 255, 0));
    expect(await said(middle, { ignore: [127] })).toMatchObject({
      codes: [],
      classes: [2, 1],
      ignored: 1,
    });
    expect((await said(await masks(await grey(0, 255, 0, 0)), { classCount: 3 })).codes).toEqual([
      'UNET6035',
    ]);
  });

  test('a colour beside a table of colours', async () => {
    const mask = await png(2, 2, 3, [0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0, 0]);
    const colours = [
      [0, 0, 0],
      [255, 0, 0],
    ] as const;
    expect((await said(await masks(mask), { colours })).codes).toEqual(['UNET6023']);
    const ignore = [[255, 255, 255]] as const;
    expect(await said(await masks(mask), { colours, ignore })).toMatchObject({
      codes: [],
      ignored: 1,
    });
  });
});

describe('masks of two values', () => {
  test.each([
    [1, 2],
    [1, 254],
    [254, 255],
    [1, 255],
  ])(
    '%d and %d without a 0 are refused, with the table that says what they mean',
    async (low, high) => {
      const files = await masks(await grey(low, high, high, high), await grey(low, low, low, low));
      for (const classCount of [1, 2]) {
        const found = await said(files, { classCount });
        expect(found.codes).toEqual(['UNET6043']);
        expect(found.texts).toContain(`hold the values ${low} and ${high} and no 0`);
        expect(found.texts).toContain(
          `colors: [[${high}, ${high}, ${high}], [${low}, ${low}, ${low}]]`,
        );
      }
      const colours = [
        [high, high, high],
        [low, low, low],
      ] as const;
      expect(await said(files, { colours })).toMatchObject({ codes: [], classes: [3, 5] });
    },
  );

  test('values of two masks count together, ignored ones do not, and 16 bits have no table', async () => {
    const apart = await masks(await grey(1, 1, 1, 1), await grey(2, 2, 2, 2));
    expect((await said(apart)).codes).toEqual(['UNET6043']);
    const trimap = await masks(await grey(1, 2, 3, 3));
    expect((await said(trimap, { ignore: [3] })).codes).toEqual(['UNET6043']);
    const wide = await said(await masks(await png(2, 2, 1, [1, 1, 9000, 9000], 16)));
    expect(wide.codes).toEqual(['UNET6043']);
    expect(wide.texts).not.toContain('colors: [');
  });

  test('what the message proposes is accepted: beside ignored values, and by the colours of palettes', async () => {
    const trimap = await masks(await grey(0, 1, 2, 2));
    const ignored = await said(trimap, { ignore: [0] });
    expect(ignored.codes).toEqual(['UNET6043']);
    expect(ignored.texts).toContain('hold the values 1 and 2 beside 0, which has no class');
    expect(ignored.texts).toContain(
      'colors: [[2, 2, 2], [1, 1, 1]] with ignore: [[0, 0, 0]] makes 2 the background',
    );
    const greys = {
      colours: [[2, 2, 2] as const, [1, 1, 1] as const],
      ignore: [[0, 0, 0] as const],
    };
    expect(await said(trimap, greys)).toMatchObject({ codes: [], classes: [2, 1], ignored: 1 });

    const palette = [
      [9, 9, 9],
      [255, 0, 0],
      [0, 0, 255],
    ] as const;
    const drawn = await masks(await indexed([1, 2, 2, 2], palette));
    const found = await said(drawn);
    expect(found.codes).toEqual(['UNET6043']);
    expect(found.texts).toContain('colors: [[0, 0, 255], [255, 0, 0]] makes 2 the background');
    const colours = [[0, 0, 255] as const, [255, 0, 0] as const];
    expect(await said(drawn, { colours })).toMatchObject({ codes: [], classes: [3, 1] });
    // Palettes that contradict each other are no table.
    const other = [palette[0], palette[2], palette[1]];
    const mixed = await masks(
      await indexed([1, 2, 2, 2], palette),
      await indexed([1, 2, 2, 2], other),
    );
    expect((await said(mixed)).texts).not.toContain('colors: [');
    // A level above the classes is named by its colour as well.
    const many = await said(await masks(await indexed([0, 4, 4, 0], [...palette, ...palette])), {
      classCount: 3,
    });
    expect(many.texts).toContain('colors: [[9, 9, 9], [255, 0, 0]]');
  });

  test.each([1, 128, 255])('0 and %d are background and foreground', async (high) => {
    const found = await said(await masks(await grey(0, high, high, high)));
    expect(found).toMatchObject({ codes: [], classes: [1, 3] });
  });
});

describe('masks beside what a training has settled', () => {
  const index = { kind: 'index', classCount: 3, ignore: [255] } as const;

  test.each([
    ['a class above the others', [0, 1, 9, 9], 'UNET6029'],
    ['nothing but 0 and 255', [0, 255, 255, 0], 'UNET6035'],
  ])('%s is told without the recipe, which no longer helps', async (_title, samples, code) => {
    const files = await masks(await grey(...samples));
    const settled = await said(files, { classCount: 3, encoding: index });
    expect(settled.codes).toEqual([code]);
    expect(settled.texts).toContain('the masks');
    expect(settled.texts).not.toMatch(/train section|ignore:|colors:|head/);
    expect((await said(files, { classCount: 3 })).texts).toContain('train section');
  });

  test('colours', async () => {
    const mask = await png(2, 2, 3, [0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0, 0]);
    const settled = await said(await masks(mask), { classCount: 3, encoding: index });
    expect(settled.codes).toEqual(['UNET6024']);
    expect(settled.texts).not.toMatch(/train section|colors: \[/);
    const encoding = { kind: 'colours', table: [0, 0xff0000], ignore: [] } as const;
    const colours = [[0, 0, 0] as const, [255, 0, 0] as const];
    const unknown = await said(await masks(mask), { encoding, colours });
    expect(unknown.codes).toEqual(['UNET6023']);
    expect(unknown.texts).not.toMatch(/to the table|ignore/);
  });
});

describe('JPEG masks', () => {
  const black = [0, 0, 0] as const;
  const white = [255, 255, 255] as const;
  const jpeg = async (): Promise<Record<string, Uint8Array>> => {
    const files = await masks(await grey(0, 0, 0, 255));
    delete files['train/masks/0.png'];
    const mask = sharp(await grey(4, 4, 4, 250));
    files['train/masks/0.jpg'] = await mask.jpeg({ quality: 90 }).toBuffer();
    return files;
  };

  test.each([
    [undefined, [3, 1]],
    [
      [black, white],
      [3, 1],
    ],
    [
      [white, black],
      [1, 3],
    ],
  ])('of two classes are split where colours are %j', async (colours, classes) => {
    expect(await said(await jpeg(), { colours })).toMatchObject({ codes: ['UNET6025'], classes });
  });

  test.each([
    [{ colours: [black, [255, 0, 0] as const] }, 'for colours other than black and white'],
    [{ ignore: [127] }, 'for pixels without a class'],
    [{ classCount: 3 }, 'for 3 classes'],
  ])('cannot hold what %j asks for', async (options, what) => {
    const found = await said(await jpeg(), options);
    expect(found.codes).toEqual(['UNET6026']);
    expect(found.texts).toContain(what);
  });
});

test('masks drawn in the alpha channel are refused; alpha that adds nothing is left out', async () => {
  const shape = await png(2, 2, 4, [9, 9, 9, 0, 9, 9, 9, 255, 9, 9, 9, 255, 9, 9, 9, 0]);
  expect((await said(await masks(shape))).codes).toEqual(['UNET6036']);
  const white = await png(2, 2, 4, [0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 0]);
  expect(await said(await masks(white))).toMatchObject({ codes: [], classes: [3, 1] });
});

test('values of 12 bits in files of 16 are told, with the range to write', async () => {
  const files = await masks(await grey(0, 255, 0, 255));
  files['train/images/0.png'] = await png(2, 2, 1, [0, 100, 4000, 4095], 16);
  const found = await said(files);
  expect(found.codes).toEqual(['UNET6019']);
  expect(found.texts).toContain('scaling: range(0, 4095)');
  expect((await said(files, { range: [0, 4095] })).codes).toEqual([]);
});

test('images far darker or brighter than those of training are told, by what the scaling makes of them', async () => {
  const files = async (depth: 8 | 16, high: number): Promise<Record<string, Uint8Array>> => ({
    ...(await masks(await grey(0, 255, 0, 255))),
    'train/images/0.png': await png(2, 2, 1, [0, 1, 2, high], depth),
  });
  const bytes = [{ depth: 8, low: 0, high: 255 }] as const;
  const dark = [{ depth: 16, low: 0, high: 4095 }] as const;
  const other = await said(await files(16, 4095), { trained: bytes });
  expect(other.codes).toEqual(['UNET6063']);
  expect(other.texts).toContain(
    'hold values up to 4095, after scaling 0.062; the training images went up to 1: the network sees darker',
  );
  expect((await said(await files(16, 4095), { trained: dark })).codes).toEqual([]);
  expect((await said(await files(16, 65535), { trained: bytes })).codes).toEqual([]);
  expect((await said(await files(8, 255), { trained: dark })).texts).toContain('sees brighter');
  const black = [{ depth: 8, low: 0, high: 0 }] as const;
  expect((await said(await files(8, 255), { trained: black })).codes).toEqual([]);
  // The range of the recipe counts; what lies beyond it is told once.
  const range = [0, 4095] as const;
  expect((await said(await files(16, 4095), { trained: dark, range })).codes).toEqual([]);
  expect((await said(await files(16, 255), { trained: dark, range })).codes).toEqual(['UNET6063']);
  expect((await said(await files(16, 60000), { trained: dark, range })).codes).toEqual([
    'UNET6207',
  ]);
});

test.each([2, 3, 5, 8, 12])(
  'a TIFF of %d bands is read as it is, and feeds no other input',
  async (bands) => {
    const samples = Array.from({ length: 4 * bands }, (_, i) => (i * 37) % 251);
    const files = await masks(await grey(0, 255, 0, 255));
    delete files['train/images/0.png'];
    files['train/images/0.tif'] = writeBandTiff(2, 2, bands, samples);
    expect((await said(files, { inputChannels: bands })).codes).toEqual([]);
    const wrong = await said(files, { inputChannels: bands === 3 ? 4 : 3 });
    expect(wrong.codes).toEqual(bands === 3 ? ['UNET6016'] : ['UNET6016']);
    await inFolder(async (folder) => {
      writeFiles(folder, { 'a.tif': files['train/images/0.tif']! });
      const { value } = await readImage(`${folder}/a.tif`);
      expect([...value!.data]).toEqual(samples);
    });
  },
);

test('the same fault of many files is one message', async () => {
  const three = await Promise.all(Array.from({ length: 7 }, () => grey(0, 9, 9, 0)));
  const found = await said(await masks(...three), { classCount: 3 });
  expect(found.codes).toEqual(['UNET6021']);
  expect(found.texts).toContain('So it is with 7 files');
});

test.each([
  [['a', 'b'], ['a_mask', 'b_mask'], 'Rename "a_mask" to "a"'],
  [['img_0', 'img_1'], ['mask_0', 'mask_1'], 'need the same name'],
  [['8', '9'], ['008', '009'], 'zeros in front'],
  [['A0'], ['a0'], 'upper and lower case'],
  [['caf\u00e9'], ['cafe\u0301'], 'NFC'],
])('%j and %j do not find each other: %s', (images, names, advice) => {
  expect(explainUnpaired(images, names).join()).toContain(advice);
});

test('dark images are brightened in overlays, others left as they are', () => {
  const shown = (...values: readonly number[]): number[] => {
    const data = Float32Array.from(values);
    const image = { height: 1, width: values.length, channels: 1, data };
    const { data: levels } = renderOverlay(image, createClassMask(1, values.length));
    return values.map((_, i) => levels[3 * i]!);
  };
  expect(shown(0, 0.03125, 0.0615)).toEqual([0, 130, 255]);
  expect(shown(0, 0.5, 1)).toEqual([0, 128, 255]);
});

test('files of probabilities are named by the classes where names can stand there', () => {
  const names = { channels: 3, classes: ['sky', 'traffic sign', '../x'] };
  const { probabilities } = pictureFiles('o', 'a', { ...names, everyClass: true });
  expect(pictureFiles('o', 'a', { ...names, everyClass: false }).probabilities).toEqual([
    'o/a.probability.png',
  ]);
  expect(probabilities).toEqual([
    'o/a.probability-sky.png',
    'o/a.probability-traffic-sign.png',
    'o/a.probability-2.png',
  ]);
});

const photo = (): Promise<Buffer> =>
  png(
    16,
    16,
    1,
    Array.from({ length: 256 }, (_, i) => i),
  );
const drawn = (): Promise<Buffer> =>
  png(
    16,
    16,
    1,
    Array.from({ length: 256 }, (_, i) => (i % 16 > 7 ? 255 : 0)),
  );

describe('what cannot be meant', () => {
  test('images and masks that are swapped: one message, whatever the network', async () => {
    const files = {
      'train/images/a.png': await drawn(),
      'train/images/b.png': await drawn(),
      'train/masks/a.png': await photo(),
      'train/masks/b.png': await photo(),
    };
    for (const classCount of [2, 5]) {
      const found = await said(files, { classCount });
      expect(found.codes).toEqual(['UNET6070']);
      expect(found.texts).toContain('So it is with 2 files');
    }
    // Photographs of few shades are none the less no masks of two classes.
    const shades = Array.from({ length: 256 }, (_, i) => 50 + (i % 60));
    const dull = {
      'train/images/a.png': await drawn(),
      'train/masks/a.png': await png(16, 16, 1, shades),
    };
    expect((await said(dull, { classCount: 2 })).codes).toEqual(['UNET6070']);
    const many = { 'train/images/a.png': await drawn(), 'train/masks/a.png': await photo() };
    expect((await said(many, { classCount: 100 })).codes).not.toContain('UNET6070');
  });

  test('black images are told, and images of two values are not', async () => {
    const files = await masks(await grey(0, 255, 0, 255), await grey(0, 255, 0, 255));
    files['train/images/1.png'] = await grey(0, 0, 0, 0);
    const found = await said(files);
    expect(found.codes).toEqual(['UNET6071']);
    expect(found.texts).toContain('1 image such as');
    files['train/images/1.png'] = await grey(0, 255, 0, 0);
    expect((await said(files)).codes).toEqual([]);
  });

  test('images of 16 bits with values of 8 bits beside ones with large values', async () => {
    const files = await masks(await grey(0, 255, 0, 255), await grey(0, 255, 0, 255));
    files['train/images/0.png'] = await png(2, 2, 1, [0, 20, 200, 255], 16);
    files['train/images/1.png'] = await png(2, 2, 1, [0, 2000, 20000, 60000], 16);
    const found = await said(files);
    expect(found.codes).toEqual(['UNET6061']);
    expect(found.texts).toContain('no value above 255, 1 other reach 60000');
  });

  test('transparent pixels without a channel for them', async () => {
    const files = await masks(await grey(0, 255, 0, 255));
    const pixel = (alpha: number): number[] => [10, 200, 30, alpha];
    const samples = [...pixel(255), ...pixel(0), ...pixel(255), ...pixel(255)];
    files['train/images/0.png'] = await png(2, 2, 4, samples);
    expect((await said(files, { inputChannels: 3 })).codes).toEqual(['UNET6018']);
    expect((await said(files, { inputChannels: 4 })).codes).toEqual([]);
    files['train/images/0.png'] = await png(2, 2, 4, [255, 255, 255, 255].flatMap(pixel));
    expect((await said(files, { inputChannels: 3 })).codes).toEqual([]);
  });

  test('masks in folders inside that images are not in', async () => {
    const found = await said({
      'train/images/0.png': await photo(),
      'train/masks/p1/0.png': await drawn(),
    });
    expect(found.codes).toEqual(['UNET6003', 'UNET6004']);
    expect(found.texts).toContain('a folder for each class');
  });

  test('what Windows leaves in folders is passed over, other files are told', async () => {
    const files = await masks(await grey(0, 255, 0, 255));
    files['train/images/Thumbs.db'] = Buffer.from('x');
    files['train/masks/desktop.ini'] = Buffer.from('x');
    expect((await said(files)).codes).toEqual([]);
    files['train/masks/notes.txt'] = Buffer.from('x');
    expect((await said(files)).codes).toEqual(['UNET6006']);
  });

  test('shades are told apart from classes: numbers to be regressed, several masks in one', async () => {
    const shades = await png(
      16,
      16,
      1,
      Array.from({ length: 256 }, (_, i) => i - (i % 2)),
    );
    const files = { 'train/images/0.png': await photo(), 'train/masks/0.png': shades };
    const binary = await said(files);
    expect(binary.codes).toEqual(['UNET6022']);
    expect(binary.texts).toContain('numbers to be regressed, are not supported');
    const several = await said(files, { classCount: 3 });
    expect(several.codes).toEqual(['UNET6021']);
    expect(several.texts).toContain('number of its class');
    // No list of a part of the values, and no colours above 255.
    expect(several.texts).not.toContain('ignore: [');
    const wide = await png(2, 2, 1, [0, 65535, 0, 65535], 16);
    const words = await said(await masks(wide), { classCount: 3 });
    expect(words.texts).not.toContain('colors: [');
  });
});
