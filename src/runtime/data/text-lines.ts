import { join } from 'node:path';
import type { Reporter } from '../../diagnostics/report.js';
import { decodeText, FileError, readBytesSync } from '../../files/index.js';
import { atFile } from './at-file.js';
import { reasonOf } from './data-error.js';

/** A line of a text file that holds something, without blanks around it. */
export interface TextLine {
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The lines of a list in a data folder; none, and a report, where it cannot be read. */
export function readLines(folder: string, path: string, reporter: Reporter): readonly TextLine[] {
  const file = join(folder, path);
  try {
    const text = decodeText(file, readBytesSync(file, 'text', { within: folder }));
    return text
      .replace(/^\ufeff/, '')
      .split(/\r\n|\r|\n/)
      .map((each, index) => ({ text: each.trim(), line: index + 1 }))
      .filter(({ text: own }) => own !== '');
  } catch (problem) {
    if (!(problem instanceof FileError)) throw problem;
    reporter.report(
      'data-list-unreadable',
      { file, reason: reasonOf(problem) },
      { at: atFile(file) },
    );
    return [];
  }
}
