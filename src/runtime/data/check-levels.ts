import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { classOfLevel, describeEncoding, type MaskEncoding } from './mask-encoding.js';
import type { InspectedPair } from './inspect-pairs.js';
import { colourOfLevel, describeColour } from './mask-levels.js';

/** Levels named in one message at most. */
const MOST_LISTED = 8;

/**
 * Reports the levels of one mask that the data set's encoding does not know; true when
 * there are none.
 *
 * @param isSettled whether a training before has settled the encoding, which no recipe changes then.
 */
export function checkLevels(
  { maskPath: path, width, counts, hasMore, palette }: InspectedPair,
  encoding: MaskEncoding,
  isSettled: boolean,
  reporter: Reporter,
): boolean {
  const unknown = [...counts].filter(([level]) => classOfLevel(level, encoding) === undefined);
  if (unknown.length === 0) return true;
  const at = atFile(path);
  const levels = unknown.map(([level]) => level);
  if (isSettled && encoding.kind !== 'colours') {
    const expected = describeEncoding(encoding);
    const parameters = { mask: path, values: describeLevels(levels), expected };
    const help = ['Write it with the values of the masks for training.'];
    reporter.report('mask-values-differ', parameters, { at, help });
    return false;
  }
  switch (encoding.kind) {
    case 'index': {
      const pixels = unknown.reduce((sum, [, count]) => sum + count.pixels, 0);
      const classes = encoding.classCount;
      const parameters = { mask: path, values: describeLevels(levels), classes, pixels };
      const help = [adviseOnLevels([...counts.keys()], classes, hasMore, palette)];
      reporter.report('mask-value-above-classes', parameters, { at, help });
      break;
    }
    case 'pair': {
      const expected = describeEncoding(encoding);
      const parameters = { mask: path, values: describeLevels(levels), expected };
      reporter.report('mask-values-differ', parameters, { at });
      break;
    }
    case 'colours': {
      const [level, { pixels, first }] = unknown[0]!;
      const place = { column: first % width, row: Math.floor(first / width) };
      const others = unknown.length - 1;
      const notes = others > 0 ? [`${others} more colours of this mask are not in the table.`] : [];
      const help = [
        hasMore
          ? 'It looks like a photograph: are images and masks swapped?'
          : isSettled
            ? 'Paint it in the colours of the masks for training.'
            : `Add the colour to the table if it is a class; to "ignore" if it has none: ignore: ${describeColour(level)}. Smooth edges have to be repainted.`,
      ];
      const parameters = { mask: path, colour: describeColour(level), pixels, ...place };
      reporter.report('mask-colour-unknown', parameters, { at, notes, help });
      break;
    }
  }
  return false;
}

/** `the value 3`, `the values 3, 5 and 9`, `the values 3, 5, ... (40 in all)`. */
export function describeLevels(levels: readonly number[]): string {
  const sorted = [...levels].sort((a, b) => a - b);
  if (sorted.length === 1) return `the value ${sorted[0]}`;
  if (sorted.length > MOST_LISTED) {
    return `the values ${sorted.slice(0, MOST_LISTED).join(', ')}, ... (${sorted.length} in all)`;
  }
  return `the values ${sorted.slice(0, -1).join(', ')} and ${sorted.at(-1)}`;
}

function adviseOnLevels(
  levels: readonly number[],
  classes: number,
  hasMore: boolean,
  palette: Uint8Array | undefined,
): string {
  const sorted = [...levels].sort((a, b) => a - b);
  if (hasMore) return 'It looks like a photograph: are images and masks swapped?';
  if (sorted.length > classes) {
    const above = sorted.filter((level) => level >= classes);
    if (above.length > MOST_LISTED) {
      return 'Give the head more channels if these are classes. If they number objects or are shades between two values, make masks of them in which every pixel holds the number of its class.';
    }
    return `Give the head more channels if these are classes; if they are pixels without a class, say so in the train section: ignore: ${above.length === 1 ? above[0] : `[${above.join(', ')}]`}.`;
  }
  if (sorted[0] === 1 && sorted.at(-1) === classes) {
    return `The classes of these masks seem to start at 1: subtract 1 from every pixel, or give the head one channel more for class 0.`;
  }
  if (sorted.at(-1)! > 255) {
    return `Write the number of its class, 0 to ${classes - 1}, into every pixel.`;
  }
  const table = sorted.map((level) => describeColour(colourOfLevel(level, palette))).join(', ');
  return `If these levels stand for classes, name them in the train section: colors: [${table}].`;
}
