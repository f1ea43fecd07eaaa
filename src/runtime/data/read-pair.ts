import { createDiagnostic, type Reporter } from '../../diagnostics/report.js';
import type { FilePart } from '../../files/index.js';
import { atFile } from './at-file.js';
import { checkChannels, checkRange } from './channels.js';
import type { FilePair } from './folder.js';
import { readImage, readMaskFile } from './image-files.js';
import type { Image } from './image.js';
import { borderLevels } from './border-levels.js';
import { checkSwapped } from './swapped.js';
import { greyLevels, type MaskLevels } from './mask-levels.js';
import type { PairRules } from './pair-rules.js';
import type { TargetPlanes } from './pixels.js';
import { readLevels } from './read-mask.js';
import { readTarget } from './read-target.js';

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
}

/** The bytes that a decoded pair keeps in memory. */
export function pairBytes(pair: DecodedPair): number {
  const instances = pair.instances?.data.byteLength ?? 0;
  const planes = [...pair.targets.values()].flat();
  const targets = planes.reduce((sum, plane) => sum + plane.byteLength, 0);
  return pair.image.data.byteLength + pair.levels.data.byteLength + instances + targets;
}

/**
 * Decodes a pair and checks each file for itself and both against each other;
 * undefined when one fails. Without rules whatever the files hold is taken.
 */
export async function readPair(
  pair: FilePair,
  rules: PairRules | undefined,
  reporter: Reporter,
): Promise<DecodedPair | undefined> {
  const { imagePath, maskPath, instancesPath, parts } = pair;
  const [image, mask] = await Promise.all([
    readImage(imagePath, parts?.image),
    readMaskFile(maskPath, parts?.mask),
  ]);
  reporter.add([...image.diagnostics, ...mask.diagnostics]);
  const unfit = image.value &&
    rules && [
      ...checkChannels(image.value, rules.inputChannels, imagePath),
      ...checkRange(image.value, rules.range, imagePath),
    ];
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
  const targets = new Map<string, readonly Float32Array[]>();
  for (const rule of rules?.targets ?? []) {
    const files = pair.targets?.filter(({ head }) => head === rule.head) ?? [];
    if (files.length === 0) continue;
    const read = await readTarget(rule, files, image.value, reporter);
    if (read === undefined) return undefined;
    targets.set(rule.head, read);
  }
  const { borderWidth } = rules ?? {};
  const { lossy: lossyMask } = mask.value;
  const decoded = { image: image.value, ...levels, instances, targets, lossyMask };
  if (borderWidth === undefined) return decoded;
  const numbers = levels.levels;
  return {
    ...decoded,
    palette: undefined,
    levels: borderLevels(numbers, borderWidth),
    instances: instances ?? numbers,
  };
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
