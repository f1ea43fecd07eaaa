import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { classOfLevel, describeEncoding, type MaskEncoding } from './mask-encoding.js';
import { describeColour, type LevelCount } from './mask-levels.js';

/** Levels named in one message at most. */
const MOST_LISTED = 8;

/** Reports the levels of one mask that the data set's encoding does not know; true when there are none. */
export function checkLevels(
  path: string,
  width: number,
  counts: ReadonlyMap<number, LevelCount>,
  encoding: MaskEncoding,
  reporter: Reporter,
): boolean {
  const unknown = [...counts].filter(([level]) => classOfLevel(level, encoding) === undefined);
  if (unknown.length === 0) return true;
  const at = atFile(path);
  const levels = unknown.map(([level]) => level);
  switch (encoding.kind) {
    case 'index': {
      const pixels = unknown.reduce((sum, [, count]) => sum + count.pixels, 0);
      const classes = encoding.classCount;
      const parameters = { mask: path, values: describeLevels(levels), classes, pixels };
      const help = [adviseOnLevels([...counts.keys()], classes)];
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
      const parameters = { mask: path, colour: describeColour(level), pixels, ...place };
      const help = ['Add the colour to the table, or repaint the mask without smooth edges.'];
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

function adviseOnLevels(levels: readonly number[], classes: number): string {
  const sorted = [...levels].sort((a, b) => a - b);
  if (sorted.length > classes) {
    return `Give the head more classes, or repaint the masks; 255 marks pixels without a class.`;
  }
  const table = sorted.map((level) => `[${level}, ${level}, ${level}]`).join(', ');
  return `If these levels stand for classes, name them in the train section: colours: [${table}].`;
}
