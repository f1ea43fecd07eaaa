import { basename, dirname, join } from 'node:path';
import { counted } from '../../diagnostics/counted.js';
import type { Reporter } from '../../diagnostics/report.js';
import { explainMissing, isFile, isFolder, linkTarget } from '../../files/index.js';
import { atFile } from './at-file.js';
import { countImages, namesIn, type SplitName } from './folder.js';
import { shardsIn } from './shards/find-shards.js';

/** What the folders of a data set are called elsewhere. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  train: ['training', 'trn', 'train_set', 'trainset'],
  val: ['valid', 'validation', 'validate', 'dev', 'test', 'testing', 'valid_set'],
  images: ['image', 'imgs', 'img', 'input', 'inputs', 'jpegimages', 'pictures', 'photos', 'x'],
  masks: [
    ...['mask', 'labels', 'label', 'annotations', 'annotation', 'gt', 'ground_truth'],
    ...['groundtruth', 'segmentation', 'segmentations', 'segmentationclass', 'targets', 'y'],
  ],
};

/** Part of the pairs that is usually kept for validation. */
const VALIDATION_PART = 5;

/**
 * Reports a data set without the parts that are asked for, and says how to make
 * them of what is there; true when all of them are there.
 */
export function checkLayout(
  folder: string,
  splits: readonly SplitName[],
  reporter: Reporter,
): boolean {
  const at = atFile(folder);
  if (!isFolder(folder)) {
    const expected = 'a folder of images and masks';
    const help = explainMissing(folder, 'folder');
    reporter.report('data-folder-missing', { folder, expected }, { at, help });
    return false;
  }
  const wanted = splits.filter((split) => split !== 'flat');
  const missing: string[] = [];
  for (const split of wanted) if (!isFolder(join(folder, split))) missing.push(split);
  if (missing.length === 0) return true;
  const [only] = wanted;
  const broken = missing.flatMap((name) => {
    const target = linkTarget(join(folder, name));
    return target === undefined ? [] : [`"${name}" is a link that leads nowhere: to "${target}".`];
  });
  const isTraining = wanted.length > 1;
  const shards = [...shardsIn(folder).keys()];
  const { notes, help } =
    broken.length > 0
      ? { notes: broken, help: [] }
      : shards.length > 0
        ? { notes: [], help: [shardsHelp] }
        : isTraining
          ? adviseOnParts(folder, missing)
          : { notes: [], help: renames(folder, missing) };
  const parameters = {
    folder,
    missing: missing.map((name) => `"${name}"`).join(' and '),
    expected:
      shards.length > 0
        ? `the shards ${shardNames(missing)} beside ${shardNames(shards)}`
        : isTraining
          ? 'the folders "train" and "val", each with "images" and "masks" in it'
          : `the folder "${only}" with "images" and "masks" in it, or "images" and "masks" themselves`,
  };
  reporter.report('data-parts-missing', parameters, { at, notes, help });
  return false;
}

interface Advice {
  readonly notes: readonly string[];
  readonly help: readonly string[];
}

const shardsHelp = '"unetc data DIR --shards OUT" writes the shards of both parts.';

const shardNames = (parts: readonly string[]): string =>
  parts.map((part) => `"${part}-*.tar"`).join(' and ');

const byRecipe =
  'Or let the recipe divide them: "train NAME { split: fraction(0.2) }"; with "group" the pairs of one patient stay together.';

function adviseOnParts(folder: string, missing: readonly string[]): Advice {
  const files = missing.filter((name) => isFile(join(folder, name)));
  if (files.length > 0) {
    return { notes: files.map((name) => `"${name}" is a file; expected a folder.`), help: [] };
  }
  const renamed = renames(folder, missing);
  if (renamed.length === missing.length) return { notes: [], help: renamed };
  if (isFolder(join(folder, 'images')) && isFolder(join(folder, 'masks'))) {
    const nested = nestedSplits(folder);
    if (nested !== undefined) return { notes: [], help: [nested] };
    const pairs = countImages(join(folder, 'images'));
    const part = Math.max(1, Math.round(pairs / VALIDATION_PART));
    const notes = [`It has "images" and "masks" themselves, with ${counted(pairs, 'image')}.`];
    if (pairs < 2) return { notes, help: [tooFew] };
    return {
      notes,
      help: [
        `Move about a fifth of the pairs (${part}) to "val/images" and "val/masks", the others to "train/images" and "train/masks".`,
        byRecipe,
      ],
    };
  }
  if (missing.length === 1) {
    const [name = ''] = missing;
    const other = name === 'val' ? 'train' : 'val';
    const pairs = countImages(join(folder, other, 'images'));
    if (pairs < 2) return { notes: renamed, help: [tooFew] };
    const count = Math.max(1, Math.round(name === 'val' ? pairs / VALIDATION_PART : pairs * 0.8));
    const part = name === 'val' ? 'a fifth' : 'four fifths';
    return {
      notes: renamed,
      help: [
        `Move about ${part} of the ${pairs} pairs in "${other}" (${count}) to "${name}/images" and "${name}/masks".`,
      ],
    };
  }
  const found = namesIn(folder).filter((name) => !name.startsWith('.'));
  const listed = found
    .slice(0, 6)
    .map((name) => `"${name}"`)
    .join(', ');
  const notes =
    found.length === 0
      ? ['It is empty.']
      : [`It holds ${listed}${found.length > 6 ? ', ...' : ''}.`];
  return { notes, help: renamed };
}

const tooFew =
  'Training and validation need different pairs, at least one each: add more images with masks.';

/** A help line for each folder that seems to have another name. */
function renames(folder: string, missing: readonly string[]): readonly string[] {
  const names = namesIn(folder);
  return missing.flatMap((wanted) => {
    const known = [wanted, ...(otherNames[wanted] ?? [])];
    const found = known
      .map((word) => names.find((name) => name !== wanted && name.toLowerCase() === word))
      .find((name) => name !== undefined);
    return found === undefined ? [] : [`Rename "${found}" to "${wanted}".`];
  });
}

/** The layout `images/train`, `masks/train`, which others use. */
function nestedSplits(folder: string): string | undefined {
  for (const name of ['train', ...(otherNames['train'] ?? [])]) {
    if (isFolder(join(folder, 'images', name))) {
      const words = name === 'train' ? '' : `, split: folders(train: "${name}", val: ...)`;
      return `Say it in the recipe: "images: "images/{part}", masks: "masks/{part}"${words}".`;
    }
  }
  return undefined;
}

/** Help for a missing folder: a neighbour that seems to be meant, or where its images lie. */
export function suggestFolder(path: string): readonly string[] {
  const [parent, name] = [dirname(path), basename(path)];
  const renamed = renames(parent, [name]);
  if (renamed.length > 0) return renamed;
  const missing = explainMissing(path, 'folder');
  if (missing.length > 0) return missing;
  const loose = countImages(parent);
  return loose === 0
    ? []
    : [
        `"${parent}" itself holds ${counted(loose, 'image')}: move ${loose === 1 ? 'it' : 'them'} into "${name}".`,
      ];
}
