import { counted } from '../../diagnostics/counted.js';
import { nameOfClass } from './class-names.js';
import { describeChannels, describeDepth } from './image.js';
import { describeColour } from './mask-levels.js';
import type { DrawnSummary, ImageKind, LevelShare, SplitSummary } from './summary.js';
import type { TargetSummary } from './target-facts.js';

/** Values listed at most; a data set of more is told by its first ones. */
const MOST_LISTED = 12;

/**
 * What one part of a data set holds, in lines without indentation: images,
 * then classes or, where nothing says what mask values mean, values.
 *
 * @param names the classes as the recipe calls them.
 */
export function describeSummary(
  summary: SplitSummary,
  names: readonly string[] | undefined,
): readonly string[] {
  const { sizes, images, pairs } = summary;
  const title = `${summary.name === 'flat' ? 'images and masks' : summary.name}: ${counted(pairs, 'pair')}`;
  if (sizes === undefined) return [title];
  const kinds = images.map((kind) => describeKind(kind, images.length > 1));
  const transparent =
    summary.transparentImages === 0 ? '' : `; ${summary.transparentImages} with transparent pixels`;
  const lines = [`${title} of ${describeSizes(sizes)}; ${kinds.join('; ')}${transparent}`];
  if (summary.classes === undefined) lines.push(describeLevels(summary));
  else lines.push(describeClasses(summary, names), describeMeaning(summary, names));
  if (summary.drawn !== undefined) lines.push(describeDrawn(summary.drawn, pairs));
  lines.push(...(summary.targets ?? []).map(describeTarget));
  const { plainMasks, emptyMasks } = summary;
  const plain =
    summary.classes === undefined
      ? `${plainMasks} of ${counted(pairs, 'mask')} ${plainMasks === 1 ? 'holds' : 'hold'} one value alone`
      : `${emptyMasks} of ${counted(pairs, 'mask')} without ${names === undefined ? 'foreground' : `any class but ${nameOfClass(0, names)}`}`;
  if ((summary.classes === undefined ? plainMasks : emptyMasks) > 0) lines.push(plain);
  return lines;
}

function describeDrawn({ objects, overlapping, unannotated }: DrawnSummary, pairs: number): string {
  const hiding =
    overlapping === 0
      ? ''
      : `, ${overlapping} of which ${overlapping === 1 ? 'hides' : 'hide'} pixels of an earlier one`;
  const none =
    unannotated === 0 ? '' : `; ${unannotated} of ${counted(pairs, 'image')} without any`;
  return `outlines: ${counted(objects, 'object')}${hiding}${none}`;
}

function describeSizes({ height, width, count }: NonNullable<SplitSummary['sizes']>): string {
  const least = `${width[0]} x ${height[0]}`;
  if (count === 1) return `${least} pixels`;
  return `${least} to ${width[1]} x ${height[1]} pixels (${count} sizes)`;
}

function describeKind(kind: ImageKind, isOneOfSeveral: boolean): string {
  const count = isOneOfSeveral ? `${kind.images} ` : '';
  return `${count}${describeChannels(kind)}, ${describeDepth(kind.depth)}, values ${rounded(kind.low)} to ${rounded(kind.high)}`;
}

/** Whole numbers as they are, others with four digits. */
const rounded = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));

function describeClasses(summary: SplitSummary, names: readonly string[] | undefined): string {
  const { classes = [], pixels, ignoredPixels } = summary;
  const known = pixels - ignoredPixels;
  const shares = classes.map((count, c) => `${nameOfClass(c, names)} ${percent(count, known)}`);
  const ignored =
    ignoredPixels === 0 ? '' : `; ${percent(ignoredPixels, pixels)} of the pixels ignored`;
  return `classes: ${shares.join(', ')}${ignored}`;
}

/** Which value of the masks is which class: `mask values: 0 is nothing, 255 is cell`. */
function describeMeaning(
  { levels, inColour }: SplitSummary,
  names: readonly string[] | undefined,
): string {
  const place = ({ class: found }: LevelShare): number => found ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...levels].sort((a, b) => place(a) - place(b) || a.level - b.level);
  const listed = sorted.slice(0, MOST_LISTED).map((share) => {
    const value = inColour ? describeColour(share.level) : String(share.level);
    const { class: found } = share;
    return typeof found === 'number'
      ? `${value} is ${nameOfClass(found, names)}`
      : `${value} has no class`;
  });
  const rest = levels.length - listed.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `mask ${inColour ? 'colours' : 'values'}: ${listed.join(', ')}${more}`;
}

/** `target of height: values 0.1 to 3.2, mean 0.8; 2.0 % of the pixels without a value`. */
function describeTarget({ head, kind, planes }: TargetSummary): string {
  const parts = planes.map(({ range, mean, known }) => {
    const [low, high] = (range ?? []).map(rounded);
    const values =
      kind === 'planes'
        ? `${percent(mean ?? 0, 1)} of the pixels`
        : range === undefined
          ? 'no values'
          : `values ${low} to ${high}, mean ${rounded(mean!)}`;
    return `${values}${known < 1 ? `; ${percent(1 - known, 1)} of the pixels without a value` : ''}`;
  });
  const listed = parts.slice(0, MOST_LISTED).join(', ');
  return `target of ${head}: ${listed}${parts.length > MOST_LISTED ? ', and more' : ''}`;
}

function describeLevels({ levels, pixels, inColour, hasMoreLevels, pairs }: SplitSummary): string {
  const listed = levels.slice(0, MOST_LISTED).map(({ level, pixels: count, masks }) => {
    const value = inColour ? describeColour(level) : String(level);
    const where = masks === pairs ? 'all masks' : counted(masks, 'mask');
    return `${value} in ${percent(count, pixels)} of the pixels, ${where}`;
  });
  const rest = levels.length - listed.length;
  const more = hasMoreLevels ? '; and many more' : rest > 0 ? `; and ${rest} more` : '';
  return `mask ${inColour ? 'colours' : 'values'}: ${listed.join('; ')}${more}`;
}

/** `21.9 %`; what is there but rounds to nothing is `< 0.1 %`. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const share = (100 * part) / whole;
  return share < 0.1 ? '< 0.1 %' : `${share.toFixed(1)} %`;
}
