import { createDiagnostic, type Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { checkChannels } from './channels.js';
import type { FilePair } from './folder.js';
import { readImage, readMaskFile, type StoredMask } from './image-files.js';
import type { Image } from './image.js';
import { colourLevels, greyLevels, splitLevels, type MaskLevels } from './mask-levels.js';

/** What a network expects of the files. */
export interface PairRules {
  /** The number of classes that masks name, 2 or more. */
  readonly classCount: number;
  readonly inputChannels: number;
  /** Whether masks are read as colours of the recipe's table. */
  readonly byColour: boolean;
}

/** The decoded files of a pair, with equal sizes; the mask's levels have no meaning yet. */
export interface DecodedPair {
  readonly image: Image;
  readonly levels: MaskLevels;
  readonly lossyMask: boolean;
}

/** The bytes that a decoded pair keeps in memory. */
export function pairBytes(pair: DecodedPair): number {
  return pair.image.data.byteLength + pair.levels.data.byteLength;
}

/** Decodes a pair and checks each file for itself and both against each other; undefined when one fails. */
export async function readPair(
  pair: FilePair,
  rules: PairRules,
  reporter: Reporter,
): Promise<DecodedPair | undefined> {
  const [image, mask] = await Promise.all([readImage(pair.imagePath), readMaskFile(pair.maskPath)]);
  reporter.add([...image.diagnostics, ...mask.diagnostics]);
  const unfit = image.value && checkChannels(image.value, rules.inputChannels, pair.imagePath);
  reporter.add(unfit ?? []);
  const levels = mask.value && readLevels(mask.value, pair.maskPath, rules, reporter);
  if (image.value === undefined || mask.value === undefined || levels === undefined) {
    return undefined;
  }
  const { width, height } = image.value;
  if (levels.width !== width || levels.height !== height) {
    const maskSize = `${levels.width} x ${levels.height}`;
    const parameters = { mask: pair.maskPath, maskSize, imageSize: `${width} x ${height}` };
    reporter.add([
      createDiagnostic('mask-size-differs', parameters, { at: atFile(pair.maskPath) }),
    ]);
    return undefined;
  }
  if (unfit !== undefined && unfit.length > 0) return undefined;
  return { image: image.value, levels, lossyMask: mask.value.lossy };
}

function readLevels(
  mask: StoredMask,
  path: string,
  rules: PairRules,
  reporter: Reporter,
): MaskLevels | undefined {
  const at = atFile(path);
  if (mask.lossy && (rules.byColour || rules.classCount > 2)) {
    reporter.report('mask-lossy-classes', { mask: path, classes: rules.classCount }, { at });
    return undefined;
  }
  if (rules.byColour) return colourLevels(mask);
  if (mask.lossy) return splitLevels(mask.image);
  const levels = greyLevels(mask);
  if (levels === undefined) {
    const help = ['Name the colour of each class in the train section: colours: [[0, 0, 0], ...].'];
    reporter.report('mask-colours-without-table', { mask: path }, { at, help });
  }
  return levels;
}
