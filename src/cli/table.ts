import { printableLine, textWidth } from '../diagnostics/text-width.js';

/** How the cells of a column stand. */
export type Alignment = 'left' | 'right';

/** Rows as aligned columns, two blanks apart, without blanks at line ends. A cell is one line, whatever it holds. */
export function renderColumns(
  texts: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const rows = texts.map((row) => row.map(printableLine));
  const widths = alignments.map((_, column) =>
    Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  const renderCell = (cell: string, column: number): string => {
    const blanks = ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell)));
    return alignments[column] === 'right' ? blanks + cell : cell + blanks;
  };
  return rows.map((row) => `${row.map(renderCell).join('  ').trimEnd()}\n`).join('');
}
