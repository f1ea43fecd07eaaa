import { printableLine } from '../../diagnostics/text-width.js';

/**
 * A text from outside as one line of Markdown that shows it as it is: what Markdown or HTML would
 * take for its own is escaped, control characters are made visible.
 */
export const plainText = (text: string): string =>
  printableLine(text.replace(/\s+/g, ' ').trim()).replace(/[\\`*_{}[\]<>()#+!|~&-]/g, '\\$&');

/** Rows as a table; cells are Markdown. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line), ''];
}
