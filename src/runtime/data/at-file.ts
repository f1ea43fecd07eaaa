import type { Span } from '../../diagnostics/source.js';

/** The place of a problem that concerns a file or folder as a whole. */
export function atFile(path: string): Span {
  return { file: path, start: 0, end: 0 };
}
