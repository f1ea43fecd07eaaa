import { imageToPixels } from './channels.js';
import type { DataPair, DataSplit } from './dataset.js';
import type { WholeImage } from './image.js';
import { chooseGreyEncoding, encodeMask, type MaskEncoding } from './mask-encoding.js';
import type { MaskLevels } from './mask-levels.js';

/** An image with its mask, both in memory. */
export interface PairInMemory {
  readonly name: string;
  readonly image: WholeImage;
  readonly mask: MaskLevels;
}

/** What a network expects of pairs. */
export interface MemoryRules {
  /** The number of classes of the head; one channel counts as two classes. */
  readonly classCount: number;
  /** Channels of the input. */
  readonly channels: number;
  /** Levels of masks that have no class, where the recipe says so. */
  readonly ignore?: readonly number[] | undefined;
}

/** Data of a run that lie in memory. */
export interface MemoryData {
  readonly training: DataSplit;
  readonly validation: DataSplit;
  readonly encoding: MaskEncoding;
}

/**
 * Pairs in memory as the data of a run: what a folder of files with the same pixels gives. One
 * meaning of grey levels holds for all masks; undefined where the levels do not tell it.
 */
export function dataInMemory(
  parts: Readonly<Record<'train' | 'val', readonly PairInMemory[]>>,
  { classCount, channels, ignore }: MemoryRules,
): MemoryData | undefined {
  const levels = new Set<number>();
  for (const { mask } of Object.values(parts).flat())
    for (const each of mask.data) levels.add(each);
  const encoding = chooseGreyEncoding(levels, Math.max(2, classCount), ignore);
  if (encoding === undefined) return undefined;
  const split = (name: 'train' | 'val'): DataSplit => {
    const pairs = new Map(parts[name].map((pair) => [pair.name, pair]));
    return {
      name,
      pairs: parts[name].map(describePair),
      load: ({ name: wanted }) => {
        const pair = pairs.get(wanted)!;
        return Promise.resolve({
          name: wanted,
          pixels: imageToPixels(pair.image, channels),
          mask: encodeMask(pair.mask, encoding),
        });
      },
    };
  };
  return { training: split('train'), validation: split('val'), encoding };
}

/** As of a file, but for its contents, which nothing reads a second time. */
function describePair({ name, image: { width, height } }: PairInMemory): DataPair {
  const contents = { image: '', mask: '' };
  return { name, imagePath: name, maskPath: name, width, height, contents };
}
