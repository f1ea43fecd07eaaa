import { counted } from '../../diagnostics/counted.js';
import type { Colour, TrainRecipe } from '../../ir/recipe.js';
import { colourEncoding, ignoredLevels, type MaskEncoding } from '../data/mask-encoding.js';
import type { CompiledRun } from '../training/run-spec.js';
import type { NetworkInterface } from '../training/network-interface.js';
import type { Preprocessing } from './checkpoint.js';
import { firstDifference } from './first-difference.js';

/** What a checkpoint says of how images become input, and masks classes. */
export function describePreprocessing(
  { recipe }: CompiledRun,
  { channels }: Pick<NetworkInterface, 'channels'>,
  { masks, images, classPixels }: Pick<Preprocessing, 'masks' | 'images' | 'classPixels'>,
): Preprocessing {
  const { sizes, scaling } = recipe;
  return {
    channels,
    scaling: { name: scaling.name, options: scaling.options },
    sizes: { name: sizes.name, options: sizes.options },
    masks,
    images,
    classPixels,
  };
}

/** Where what a checkpoint says of its input differs from what its own spec says, in words. */
export function misfitOfPreprocessing(
  stored: Preprocessing,
  run: CompiledRun,
  { channels, head }: Pick<NetworkInterface, 'channels' | 'head'>,
): string | undefined {
  const classCount = Math.max(2, head.classCount);
  const masks = expectedMasks(stored.masks, run.recipe, classCount);
  const { images, classPixels } = stored;
  const expected = describePreprocessing(run, { channels }, { masks, images, classPixels });
  const difference = firstDifference(stored, expected, 'preprocessing');
  if (difference !== undefined) return difference;
  if (classPixels !== undefined && classPixels.length !== classCount) {
    return `preprocessing.classPixels has ${counted(classPixels.length, 'number')}; its spec gives ${classCount} classes`;
  }
  return masks.kind === 'pair' && masks.low >= masks.high
    ? `preprocessing.masks has ${masks.low} as its lower value and ${masks.high} as its higher one`
    : undefined;
}

/**
 * The encoding that a recipe gives. What the levels of grey masks of two classes mean was
 * found in the data: there it is the stored one, with what the recipe says of it.
 */
function expectedMasks(
  stored: MaskEncoding,
  { colours, ignore }: Pick<TrainRecipe, 'colours' | 'ignore'>,
  classCount: number,
): MaskEncoding {
  if (colours !== undefined) return colourEncoding(colours, ignore?.filter(isColour));
  const ignored = ignore?.filter((value) => typeof value === 'number');
  if (stored.kind === 'pair' && classCount === 2) {
    const { kind, low, high } = stored;
    return { kind, low, high, ignore: stored.ignore && (ignored ?? []) };
  }
  return {
    kind: 'index',
    classCount,
    ignore: stored.ignore && (ignored ?? ignoredLevels({ kind: 'index', classCount })),
  };
}

const isColour = (value: number | Colour): value is Colour => typeof value !== 'number';
