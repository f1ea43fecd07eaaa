import { counted } from '../../diagnostics/counted.js';
import type { Reporter } from '../../diagnostics/report.js';
import type { Target } from '../../ir/target.js';
import type { ValueRange } from '../../ir/value-ranges.js';
import { atFile } from './at-file.js';
import { readMaskFile, readValueFile } from './image-files.js';
import { greyLevels, type MaskLevels } from './mask-levels.js';
import type { TargetPlanes } from './pixels.js';
import type { TargetFile } from './target-files.js';

/** What the files of a head's target have to hold. */
export interface TargetRule {
  readonly head: string;
  readonly target: Target;
  /** Channels of the head. */
  readonly channels: number;
  /** The values that the head can give. */
  readonly range: Pick<ValueRange, 'low' | 'high'>;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Reads the targets of one image that are read from files; undefined where one is faulty. */
export async function readTargets(
  rules: readonly TargetRule[],
  files: readonly TargetFile[],
  size: Size,
  reporter: Reporter,
): Promise<TargetPlanes | undefined> {
  const targets = new Map<string, readonly Float32Array[]>();
  for (const rule of rules) {
    const own = files.filter(({ head }) => head === rule.head);
    if (own.length === 0) continue;
    const planes = await readTarget(rule, own, size, reporter);
    if (planes === undefined) return undefined;
    targets.set(rule.head, planes);
  }
  return targets;
}

/**
 * Reads the target of one image from its files and checks them: one plane of class numbers, or one
 * for each channel of the head, NaN where there is no value. Undefined where a file is faulty.
 *
 * @param size of the image.
 */
async function readTarget(
  rule: TargetRule,
  files: readonly TargetFile[],
  size: Size,
  reporter: Reporter,
): Promise<readonly Float32Array[] | undefined> {
  const planes: Float32Array[] = [];
  for (const file of files) {
    const found = await readFile(rule, file, size, reporter);
    if (found === undefined) return undefined;
    planes.push(...found);
  }
  return planes;
}

async function readFile(
  rule: TargetRule,
  file: TargetFile,
  size: Size,
  reporter: Reporter,
): Promise<readonly Float32Array[] | undefined> {
  const { target } = rule;
  switch (target.kind) {
    case 'distance':
      return [];
    case 'values':
      return readValues(rule, target, file, size, reporter);
    case 'planes': {
      const levels = await readNumbers(rule, file, size, reporter);
      return levels && [Float32Array.from(levels.data, (level) => (level === 0 ? 0 : 1))];
    }
    case 'masks': {
      const levels = await readNumbers(rule, file, size, reporter);
      return levels && classesOf(levels, target.ignore, rule, file, reporter);
    }
  }
}

function classesOf(
  { data }: MaskLevels,
  ignore: number,
  { head, channels }: TargetRule,
  { path: file }: TargetFile,
  reporter: Reporter,
): readonly Float32Array[] | undefined {
  const isBinary = channels === 1;
  const unknown = isBinary
    ? []
    : Array.from(data).filter((level) => level !== ignore && level >= channels);
  if (unknown.length > 0) {
    const value = Math.max(...unknown.slice(0, 1000));
    const parameters = { file, head, value, classes: channels, pixels: unknown.length };
    reporter.report('target-class-unknown', parameters, { at: atFile(file) });
    return undefined;
  }
  const classOf = (level: number): number =>
    level === ignore ? NaN : isBinary ? Math.min(1, level) : level;
  return [Float32Array.from(data, classOf)];
}

async function readNumbers(
  rule: TargetRule,
  { path, part }: TargetFile,
  size: Size,
  reporter: Reporter,
): Promise<MaskLevels | undefined> {
  const { value, diagnostics } = await readMaskFile(path, part);
  reporter.add(diagnostics);
  if (value === undefined) return undefined;
  const levels = value.lossy ? undefined : greyLevels(value);
  if (levels === undefined) {
    const found = value.lossy ? 'a JPEG file, which blurs values' : 'in colour';
    const expected = 'a grey PNG or TIFF file of 8 or 16 bits';
    reporter.report('target-file-unfit', { file: path, found, expected }, { at: atFile(path) });
    return undefined;
  }
  return hasSize(levels, rule, path, size, reporter) ? levels : undefined;
}

async function readValues(
  rule: TargetRule,
  { scale, offset, ignore }: Target & { readonly kind: 'values' },
  { path, part }: TargetFile,
  size: Size,
  reporter: Reporter,
): Promise<readonly Float32Array[] | undefined> {
  const { value: image, diagnostics } = await readValueFile(path, part);
  reporter.add(diagnostics);
  if (image === undefined || !hasSize(image, rule, path, size, reporter)) return undefined;
  const { head, channels, range } = rule;
  const at = atFile(path);
  if (image.channels !== channels) {
    const parameters = { file: path, found: image.channels, head, expected: channels };
    const help = [`Give the head ${counted(image.channels, 'channel')}, or the file ${channels}.`];
    reporter.report('target-channels-wrong', parameters, { at, help });
    return undefined;
  }
  const count = image.width * image.height;
  const planes = Array.from({ length: channels }, () => new Float32Array(count));
  let [low, high] = [Infinity, -Infinity];
  for (const [c, plane] of planes.entries()) {
    for (let i = 0; i < count; i++) {
      const stored = image.data[i * channels + c]!;
      const value = stored === ignore ? NaN : Math.fround(stored * scale + offset);
      plane[i] = value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low >= range.low && high <= range.high && low > -Infinity && high < Infinity) return planes;
  // No value at all is neither low nor high.
  if (low > high) return planes;
  const parameters = { file: path, head, found: between(low, high), range: rangeText(range) };
  const help = [
    '"scale" and "offset" of the target change its values: values("{part}/v", scale: 1 / 255).',
  ];
  reporter.report('target-out-of-range', parameters, { at, help });
  return undefined;
}

const between = (low: number, high: number): string =>
  low === high ? `the value ${low}` : `values from ${low} to ${high}`;

function rangeText({ low, high }: TargetRule['range']): string {
  if (low === -Infinity && high === Infinity) return 'that are finite numbers';
  if (low === -Infinity) return `up to ${high}`;
  return high === Infinity ? `from ${low} on` : `from ${low} to ${high}`;
}

function hasSize(
  { width, height }: Size,
  { head }: TargetRule,
  file: string,
  size: Size,
  reporter: Reporter,
): boolean {
  if (width === size.width && height === size.height) return true;
  const parameters = {
    ...{ file, head, found: `${width} x ${height}` },
    expected: `${size.width} x ${size.height}`,
  };
  reporter.report('target-size-wrong', parameters, { at: atFile(file) });
  return false;
}
