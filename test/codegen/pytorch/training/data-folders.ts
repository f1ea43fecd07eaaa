import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { png, writeFiles } from '../../../runtime/data/support/folders.js';
import { writeRawPng } from '../../../runtime/data/support/raw-files.js';
import { writeNpy, writeTiff } from '../../../runtime/data/support/stored-arrays.js';
import { Random } from '../../../../src/runtime/random.js';

/** What the images and masks of a folder are made of. */
export interface FolderKind {
  readonly channels: number;
  /** Values of masks. */
  readonly levels: readonly number[];
  /** Colours of masks, in place of values. */
  readonly colours?: readonly (readonly number[])[];
  /** Whether files are arrays of numpy, WebP, and TIFF of numbers that are no pictures. */
  readonly arrays?: boolean;
  /** Whether a file numbers the objects of each mask. */
  readonly instances?: boolean;
}

/** Sizes [height, width], some below what recipes cut, names in an order of their own. */
const pairs: readonly (readonly [split: string, name: string, height: number, width: number])[] = [
  ['train', 'b', 40, 33],
  ['train', 'a-1', 21, 26],
  ['train', 'a', 12, 9],
  ['train', 'ä', 16, 16],
  ['train', 'c.d', 30, 17],
  ['train', 'z', 25, 48],
  ['train', 'Z', 19, 23],
  ['val', 'two', 22, 31],
  ['val', 'one', 32, 48],
];

/** Writes a folder of images and masks of many encodings. */
export async function writeData(folder: string, kind: FolderKind): Promise<void> {
  const random = new Random(5);
  for (const [index, [split, name, height, width]] of pairs.entries()) {
    const image =
      kind.arrays === true
        ? await arrayOf(index, kind.channels, height, width, random)
        : await imageOf(index, kind.channels, height, width, random);
    const places = blobs(height, width, kind, index === 2 ? 0 : 6, random);
    const mask =
      kind.arrays === true
        ? await maskArrayOf(index, kind, height, width, places)
        : { bytes: await maskOf(index, kind, height, width, places), ending: 'png' };
    writeFiles(folder, {
      [`${split}/images/${name}.${image.ending}`]: image.bytes,
      [`${split}/masks/${name}.${mask.ending}`]: mask.bytes,
      ...(kind.instances === true &&
        split === 'train' && {
          [`${split}/instances/${name}.png`]: await png(width, height, 1, numbered(places, width)),
        }),
    });
  }
}

/**
 * Lays the files of a data folder out in other ways, all in one folder: together in `images`
 * and `masks`, in `both` by suffix, below words of their own, in folders inside of others, with
 * lists of names and of pairs.
 */
export function relayData(from: string, to: string): void {
  const rows = ['image,mask,part,group'];
  const nested = ['image,mask,part'];
  for (const [index, [split, name]] of pairs.entries()) {
    const image = readdirSync(join(from, split, 'images')).find(
      (file) => file.slice(0, file.lastIndexOf('.')) === name,
    )!;
    const bytes = readFileSync(join(from, split, 'images', image));
    const mask = readFileSync(join(from, split, 'masks', `${name}.png`));
    const ending = image.slice(image.lastIndexOf('.'));
    const word = split === 'train' ? 'trn' : 'tst';
    writeFiles(to, {
      [`images/${image}`]: bytes,
      [`masks/${name}.png`]: mask,
      [`both/${name}_im${ending}`]: bytes,
      [`both/${name}_mask.png`]: mask,
      [`img/${word}/${image}`]: bytes,
      [`img/${word}-masks/${name}.png`]: mask,
      // Folders of people, with the masks inside, and names that occur in each of them.
      [`nested/p${index % 3}/v.1/${index}${ending}`]: bytes,
      [`nested/masks/p${index % 3}/v.1/${index}.png`]: mask,
      [`people/p${index}/slice${ending}`]: bytes,
      [`people/p${index}/slice_mask.png`]: mask,
    });
    nested.push(`people/p${index}/slice${ending},people/p${index}/slice_mask.png,${split}`);
    rows.push(`images/${image}, masks/${name}.png ,${index === 2 ? '' : split},g${index % 4}`);
  }
  const listOf = (split: string): string =>
    pairs
      .filter(([part, name]) => part === split && name !== 'z')
      .map(([, name], at) => (at % 2 === 0 ? name : `images/${name}.png`))
      .join('\r\n');
  writeFiles(to, {
    'pairs.csv': Buffer.from(rows.join('\n')),
    'people.csv': Buffer.from(nested.join('\n')),
    'lists/people.txt': Buffer.from('p0/slice\nimg/people/p1/slice.png\nslice.png/p2/slice'),
    'lists/others.txt': Buffer.from('people\\p3\\slice.png\np4/slice\n'),
    'lists/train.txt': Buffer.from(`\ufeff${listOf('train')}\n\n`),
    'lists/val.txt': Buffer.from(listOf('val')),
  });
}

interface Encoded {
  readonly bytes: Buffer;
  readonly ending: string;
}

async function imageOf(
  index: number,
  channels: number,
  height: number,
  width: number,
  random: Random,
): Promise<Encoded> {
  const samples = (count: number, most = 256): number[] =>
    Array.from({ length: height * width * count }, () => random.integer(most));
  const plain = async (count: number): Promise<Encoded> => ({
    bytes: await png(width, height, count, samples(count)),
    ending: 'PNG',
  });
  if (channels === 4) return plain(4);
  if (channels === 1) {
    const words = Array.from({ length: height * width }, () => random.integer(4096));
    return { bytes: await png(width, height, 1, words, 16), ending: 'png' };
  }
  const raw = { raw: { width, height, channels: 3 as const } };
  const colours = sharp(Uint8Array.from(samples(3)), raw);
  switch (index % 6) {
    case 0:
      return plain(3);
    case 1:
      return plain(1);
    case 2:
      return plain(4);
    case 3:
      return { bytes: await colours.tiff({ compression: 'lzw' }).toBuffer(), ending: 'tif' };
    case 4:
      return { bytes: await colours.png({ palette: true, colours: 16 }).toBuffer(), ending: 'png' };
    default:
      // Lying on its side, as cameras write it.
      return {
        bytes: await sharp(await colours.png().toBuffer())
          .rotate(90)
          .png()
          .withMetadata({ orientation: 6 })
          .toBuffer(),
        ending: 'png',
      };
  }
}

/** Images that are no pictures; of three channels grey and colour, of five bands. */
async function arrayOf(
  index: number,
  channels: number,
  height: number,
  width: number,
  random: Random,
): Promise<Encoded> {
  const size = { width, height };
  const words = (count: number, most = 65_536): number[] =>
    Array.from({ length: height * width * count }, () => random.integer(most));
  const parts = (count: number): number[] =>
    words(count).map((value) => Math.fround(value / 65_536 - 0.25));
  if (channels !== 3) {
    const [one, other] = [words(2), words(3)];
    switch (index % 5) {
      case 0:
        return { bytes: writeNpy(words(5), [height, width, 5], 'u2', true), ending: 'npy' };
      case 1: {
        const kind = { ...size, bands: 5, code: 'u2', pages: [words(5)] } as const;
        return { bytes: writeTiff({ ...kind, isTiled: true, isApart: true }), ending: 'tif' };
      }
      case 2: {
        const pages = [one, other, other].map((samples) => samples.slice(0, width * height));
        const all = [...pages, pages[0]!, pages[1]!];
        const kind = { ...size, bands: 1, code: 'u2', pages: all } as const;
        return { bytes: writeTiff({ ...kind, isBig: true, hasCopies: true }), ending: 'tif' };
      }
      case 3: {
        const kind = { ...size, bands: 5, code: 'i2', pages: [words(5, 9)] } as const;
        return { bytes: writeTiff({ ...kind, isLittle: false, packing: 'bits' }), ending: 'tiff' };
      }
      default: {
        const kind = { ...size, bands: 5, code: 'u2', pages: [words(5)] } as const;
        return { bytes: writeTiff({ ...kind, packing: 'deflate', predictor: 2 }), ending: 'tif' };
      }
    }
  }
  const raw = { raw: { ...size, channels: 3 as const } };
  const wide = sharp(Uint16Array.from(words(3)), raw).toColourspace('rgb16');
  const bytes = sharp(Uint8Array.from(words(3, 256)), raw);
  switch (index % 9) {
    case 0:
      return { bytes: writeNpy(words(3, 256), [height, width, 3], 'u1'), ending: 'npy' };
    case 1:
      return { bytes: writeNpy(parts(1), [height, width], 'f8'), ending: 'npy' };
    case 2:
      return { bytes: await wide.tiff({ compression: 'lzw' }).toBuffer(), ending: 'tif' };
    case 3: {
      const predictor = 'horizontal';
      return {
        bytes: await wide.tiff({ compression: 'lzw', predictor }).toBuffer(),
        ending: 'tif',
      };
    }
    case 4: {
      const kind = { ...size, bands: 3, code: 'f4', pages: [parts(3)], photometric: 2 } as const;
      return { bytes: writeTiff({ ...kind, packing: 'deflate', predictor: 3 }), ending: 'tif' };
    }
    case 5: {
      const kind = { ...size, bands: 1, code: 'f8', pages: [parts(1)] } as const;
      return { bytes: writeTiff({ ...kind, isLittle: false, isTiled: true }), ending: 'tif' };
    }
    case 6:
      return { bytes: await bytes.webp({ lossless: true }).toBuffer(), ending: 'webp' };
    case 7: {
      const kind = { ...size, bands: 4, code: 'u2', pages: [words(4)], photometric: 2 } as const;
      return { bytes: writeTiff({ ...kind, extra: 2 }), ending: 'tif' };
    }
    default:
      return { bytes: await bytes.webp({ quality: 80 }).toBuffer(), ending: 'webp' };
  }
}

/** Masks that are no pictures. */
async function maskArrayOf(
  index: number,
  { levels }: FolderKind,
  height: number,
  width: number,
  places: readonly number[],
): Promise<Encoded> {
  const values = places.map((place) => levels[place]!);
  const kind = { width, height, bands: 1, pages: [values] };
  switch (index % 5) {
    case 0:
      return { bytes: writeNpy(values, [height, width], 'u1'), ending: 'npy' };
    case 1:
      return { bytes: writeNpy(values, [height, width, 1], 'f4', true), ending: 'npy' };
    case 2:
      return { bytes: writeTiff({ ...kind, code: 'f4', packing: 'deflate' }), ending: 'tif' };
    case 3:
      return { bytes: writeTiff({ ...kind, code: 'u4' }), ending: 'tif' };
    default: {
      const raw = { raw: { width, height, channels: 1 as const } };
      const grey = sharp(Uint8Array.from(values), raw);
      return { bytes: await grey.webp({ lossless: true }).toBuffer(), ending: 'webp' };
    }
  }
}

/** Which of the levels each pixel has: squares on the first. */
function blobs(
  height: number,
  width: number,
  { levels, colours }: FolderKind,
  blobCount: number,
  random: Random,
): number[] {
  const count = (colours ?? levels).length;
  const places = new Array<number>(height * width).fill(0);
  for (let blob = 0; blob < blobCount; blob++) {
    const [top, left, side] = [
      random.integer(height),
      random.integer(width),
      2 + random.integer(6),
    ];
    const level = 1 + (blob % (count - 1));
    for (let y = top; y < Math.min(height, top + side); y++) {
      for (let x = left; x < Math.min(width, left + side); x++) places[y * width + x] = level;
    }
  }
  return places;
}

async function maskOf(
  index: number,
  { levels, colours }: FolderKind,
  height: number,
  width: number,
  places: readonly number[],
): Promise<Buffer> {
  const rows = Array.from({ length: height }, (_, y) => places.slice(y * width, (y + 1) * width));
  if (colours !== undefined) {
    if (index % 2 === 0)
      return png(
        width,
        height,
        3,
        places.flatMap((place) => [...colours[place]!]),
      );
    return writeRawPng({
      width,
      height,
      bitDepth: 8,
      colourType: 3,
      rows,
      palette: colours.flat(),
    });
  }
  const values = places.map((place) => levels[place]!);
  if (index % 3 === 0)
    return png(
      width,
      height,
      3,
      values.flatMap((value) => [value, value, value]),
    );
  if (index % 3 === 1 && Math.max(...levels) < 16) {
    // Four bits a pixel, as they are.
    const packed = rows.map((row) => {
      const own = row.map((place) => levels[place]!);
      return Array.from(
        { length: Math.ceil(width / 2) },
        (_, i) => own[2 * i]! * 16 + (own[2 * i + 1] ?? 0),
      );
    });
    return writeRawPng({ width, height, bitDepth: 4, colourType: 0, rows: packed });
  }
  return png(width, height, 1, values);
}

/** Numbers of objects that are no parts: left and right. */
function numbered(places: readonly number[], width: number): number[] {
  return places.map((place, at) => (place === 0 ? 0 : at % width < width / 2 ? 200 : 7));
}
