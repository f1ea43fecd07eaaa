import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, type Reporter } from '../../diagnostics/report.js';
import type { FilePart } from '../../files/index.js';
import { atFile } from './at-file.js';
import { checkChannels, checkRange } from './channels.js';
import type { Annotations } from './annotations/annotations.js';
import { readAnnotations, type DrawnCounts } from './annotations/read-annotations.js';
import type { FilePair } from './folder.js';
import { readImage, readMaskFile } from './image-files.js';
import type { Image } from './image.js';
import { borderLevels } from './border-levels.js';
import { checkSwapped } from './swapped.js';
import { greyLevels, type MaskLevels } from './mask-levels.js';
import type { PairRules } from './pair-rules.js';
import type { TargetPlanes } from './pixels.js';
import { readLevels } from './read-mask.js';
import { readTargets } from './read-target.js';

/** The decoded files of a pair, with equal sizes; the mask's levels have no meaning yet. */
export interface DecodedPair {
  readonly image: Image;
  readonly levels: MaskLevels;
  /** Whether the levels are packed colours. */
  readonly inColour: boolean;
  /** Where levels are indices into a palette, its colours, three bytes each. */
  readonly palette?: Uint8Array | undefined;
  /** The objects of the mask by number, 0 for none; undefined where the pair has no such file. */
  readonly instances: MaskLevels | undefined;
  /** Of heads with targets of their own that are read from files. */
  readonly targets: TargetPlanes;
  readonly lossyMask: boolean;
  /** Where the mask was drawn from outlines: how many objects there are. */
  readonly drawn?: DrawnCounts | undefined;
}

/** The bytes that a decoded pair keeps in memory. */
export function pairBytes(pair: DecodedPair): number {
  const instances = pair.instances?.data.byteLength ?? 0;
  const planes = [...pair.targets.values()].flat();
  const targets = planes.reduce((sum, plane) => sum + plane.byteLength, 0);
  return pair.image.data.byteLength + pair.levels.data.byteLength + instances + targets;
}

/** A pair without what heads with targets of their own learn. */
type PairOfMask = Omit<DecodedPair, 'targets'>;

/**
 * Decodes a pair and checks each file for itself and all against each other;
 * undefined when one fails. Without rules whatever the files hold is taken.
 */
export async function readPair(
  pair: FilePair,
  rules: PairRules | undefined,
  reporter: Reporter,
): Promise<DecodedPair | undefined> {
  const { annotations } = pair;
  const decoded =
    annotations === undefined
      ? await readMasked(pair, rules, reporter)
      : await readOutlined(pair, annotations, rules, reporter);
  if (decoded === undefined) return undefined;
  const size = decoded.image;
  const targets = await readTargets(rules?.targets ?? [], pair.targets ?? [], size, reporter);
  return targets && { ...decoded, targets };
}

/** An image with a mask that stores every pixel; undefined when one fails. */
async function readMasked(
  pair: FilePair,
  rules: PairRules | undefined,
  reporter: Reporter,
): Promise<PairOfMask | undefined> {
  const { imagePath, maskPath, instancesPath, parts } = pair;
  const [image, mask] = await Promise.all([
    readImage(imagePath, parts?.image),
    readMaskFile(maskPath, parts?.mask),
  ]);
  reporter.add([...image.diagnostics, ...mask.diagnostics]);
  const unfit = image.value && checkValues(image.value, imagePath, rules);
  reporter.add(unfit ?? []);
  if (image.value !== undefined && mask.value !== undefined) {
    // Numbers of objects have no end.
    const most = rules?.borderWidth === undefined ? rules?.classCount : Infinity;
    const swapped = checkSwapped(pair, image.value, mask.value.decoded, most);
    reporter.add(swapped);
    if (swapped.length > 0) return undefined;
  }
  const levels = mask.value && readLevels(mask.value, maskPath, rules, reporter);
  if (image.value === undefined || mask.value === undefined || levels === undefined) {
    return undefined;
  }
  const { width, height } = image.value;
  const instances =
    instancesPath === undefined
      ? undefined
      : await readInstances(instancesPath, parts?.instances, reporter);
  const planes = [
    { path: maskPath, plane: levels.levels },
    { path: instancesPath ?? '', plane: instances },
  ];
  const odd = planes.find(
    ({ plane }) => plane !== undefined && (plane.width !== width || plane.height !== height),
  );
  if (odd !== undefined) {
    const maskSize = `${odd.plane!.width} x ${odd.plane!.height}`;
    const parameters = { mask: odd.path, maskSize, imageSize: `${width} x ${height}` };
    reporter.add([createDiagnostic('mask-size-differs', parameters, { at: atFile(odd.path) })]);
    return undefined;
  }
  if (unfit !== undefined && unfit.length > 0) return undefined;
  if (instancesPath !== undefined && instances === undefined) return undefined;
  const { borderWidth } = rules ?? {};
  const decoded = { image: image.value, ...levels, instances, lossyMask: mask.value.lossy };
  if (borderWidth === undefined) return decoded;
  const numbers = levels.levels;
  return {
    ...decoded,
    palette: undefined,
    levels: borderLevels(numbers, borderWidth),
    instances: instances ?? numbers,
  };
}

/** What of an image does not fit the network. */
function checkValues(
  image: Image,
  path: string,
  rules: PairRules | undefined,
): readonly Diagnostic[] {
  if (rules === undefined) return [];
  return [
    ...checkChannels(image, rules.inputChannels, path),
    ...checkRange(image, rules.range, path),
  ];
}

/** An image with the mask that its annotations stand for; undefined when one fails. */
async function readOutlined(
  pair: FilePair,
  annotations: Annotations,
  rules: PairRules | undefined,
  reporter: Reporter,
): Promise<PairOfMask | undefined> {
  const { value: image, diagnostics } = await readImage(pair.imagePath);
  reporter.add(diagnostics);
  if (image === undefined) return undefined;
  const unfit = checkValues(image, pair.imagePath, rules);
  reporter.add(unfit);
  const { width, height } = image;
  const mask = await readAnnotations(pair, annotations, { width, height }, rules, reporter);
  if (mask === undefined || unfit.length > 0) return undefined;
  const { levels, numbers, drawn } = mask;
  const wantsNumbers = pair.instancesPath !== undefined || rules?.borderWidth !== undefined;
  const instances = wantsNumbers ? numbers : undefined;
  return { image, levels, inColour: false, instances, lossyMask: false, drawn };
}

/** The numbers of a mask's objects; undefined when a problem was reported. */
async function readInstances(
  path: string,
  part: FilePart | undefined,
  reporter: Reporter,
): Promise<MaskLevels | undefined> {
  const { value, diagnostics } = await readMaskFile(path, part);
  reporter.add(diagnostics);
  if (value === undefined) return undefined;
  const levels = value.lossy ? undefined : greyLevels(value);
  if (levels === undefined) {
    const found = value.lossy ? 'a JPEG file' : 'in colour';
    reporter.report('instances-not-grey', { file: path, found }, { at: atFile(path) });
  }
  return levels;
}
