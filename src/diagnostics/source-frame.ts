import { narrowToLine, type LineRange } from './locate.js';
import type { Paint, Tone } from './paint.js';
import type { SourceFile, Span } from './source.js';
import { makePrintable, measureLine, type Cell } from './text-width.js';

/** A range to underline, and what to say behind the line. */
export interface Mark {
  readonly span: Span;
  readonly symbol: '~' | '^';
  readonly tone: Tone;
  readonly text: string;
}

/** How frames are drawn: all frames of one diagnostic share the width of the line-number column. */
export interface FrameStyle {
  readonly paint: Paint;
  readonly numberWidth: number;
  /** Columns of the terminal; longer source lines are cut to a window around the mark. */
  readonly width: number;
}

interface PlacedMark {
  readonly mark: Mark;
  readonly range: LineRange;
}

/**
 * Draws the source lines of some marks in one file, each line once, in the
 * order in which the marks name them:
 *
 *     14 |     skip enc3
 *        |     ~~~~~~~~~
 *        |          ^^^^ leaves here as 63 x 63 x 256
 */
export function renderFrame(
  source: SourceFile,
  marks: readonly Mark[],
  style: FrameStyle,
): readonly string[] {
  const placed = marks.map((mark) => ({ mark, range: narrowToLine(source, mark.span) }));
  const lines = [...new Set(placed.map(({ range }) => range.line))];
  return lines.flatMap((line) =>
    renderLine(
      source,
      line,
      placed.filter(({ range }) => range.line === line),
      style,
    ),
  );
}

/** The widest line number that the marks' frames will show. */
export function lineNumberWidth(source: SourceFile, marks: readonly Mark[]): number {
  const lines = marks.map((mark) => narrowToLine(source, mark.span).line);
  return String(Math.max(1, ...lines)).length;
}

function renderLine(
  source: SourceFile,
  line: number,
  marks: readonly PlacedMark[],
  style: FrameStyle,
): readonly string[] {
  const text = source.lineText(line);
  const room = Math.max(20, style.width - style.numberWidth - 5);
  const reach = 4 * room;
  if (text.length > 2 * reach) {
    return marks.flatMap((placed) => {
      const near = excerptAround(text, placed, reach);
      return renderCells(line, measureLine(near.text), [near.placed], room, style);
    });
  }
  return renderCells(line, measureLine(text), marks, room, style);
}

/** A part of a very long line, so that showing a place in it takes no longer than in others. */
function excerptAround(
  text: string,
  { mark, range }: PlacedMark,
  reach: number,
): { readonly text: string; readonly placed: PlacedMark } {
  const from = Math.max(0, range.start - reach);
  const to = range.start + reach;
  const moved = { ...range, start: range.start - from, end: Math.min(range.end, to) - from };
  return { text: text.slice(from, to), placed: { mark, range: moved } };
}

function renderCells(
  line: number,
  cells: readonly Cell[],
  marks: readonly PlacedMark[],
  room: number,
  style: FrameStyle,
): readonly string[] {
  const fits = totalWidth(cells) <= room;
  // A line that must be cut is shown once for each mark, cut around it.
  const groups = fits ? [marks] : marks.map((mark) => [mark]);
  return groups.flatMap((group) => {
    const view = cutAround(cells, group[0]!.range, room);
    const number = String(line).padStart(style.numberWidth);
    return [
      gutter(number, view.text, style),
      ...group.map((placed) => gutter('', underline(placed, cells, view, style), style)),
    ];
  });
}

function gutter(number: string, text: string, style: FrameStyle): string {
  const bar = style.paint('quiet', `  ${number.padStart(style.numberWidth)} |`);
  return text === '' ? bar : `${bar} ${text}`;
}

function underline(
  { mark, range }: PlacedMark,
  cells: readonly Cell[],
  view: View,
  style: FrameStyle,
): string {
  const start = Math.max(0, startColumn(cells, range.start) - view.shift);
  const end = Math.min(view.columns, endColumn(cells, range.end) - view.shift);
  const symbols = mark.symbol.repeat(Math.max(1, end - start));
  const said = mark.text === '' ? '' : ` ${makePrintable(mark.text)}`;
  return ' '.repeat(start) + style.paint(mark.tone, symbols + said);
}

/** A line as shown: possibly a part of it, `shift` columns from its start. */
interface View {
  readonly text: string;
  readonly shift: number;
  /** Columns up to the end of what is shown of the line. */
  readonly columns: number;
}

function cutAround(cells: readonly Cell[], range: LineRange, room: number): View {
  const total = totalWidth(cells);
  if (total <= room) {
    return {
      text: cells
        .map((cell) => cell.text)
        .join('')
        .trimEnd(),
      shift: 0,
      columns: Infinity,
    };
  }
  const inner = room - 2;
  const start = startColumn(cells, range.start);
  const marked = Math.min(endColumn(cells, range.end) - start, inner);
  const from = Math.max(0, Math.min(start - Math.floor((inner - marked) / 2), total - inner));
  let column = 0;
  let first = -1;
  let text = '';
  let shown = 0;
  for (const cell of cells) {
    if (column >= from && column + cell.width <= from + inner) {
      if (first < 0) first = column;
      text += cell.text;
      shown += cell.width;
    }
    column += cell.width;
  }
  const cutLeft = from > 0 ? '…' : '';
  const cutRight = first + shown < total ? '…' : '';
  return {
    text: cutLeft + text + cutRight,
    shift: first - cutLeft.length,
    columns: cutLeft.length + shown,
  };
}

function totalWidth(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

/** The column where the cell that holds an offset starts. */
function startColumn(cells: readonly Cell[], offset: number): number {
  let column = 0;
  for (let index = 0; index < cells.length; index++) {
    const next = cells[index + 1]?.start ?? cells[index]!.start + cells[index]!.text.length;
    if (next > offset) break;
    column += cells[index]!.width;
  }
  return column;
}

/** The column behind the cell that holds the last unit before an offset. */
function endColumn(cells: readonly Cell[], offset: number): number {
  let column = 0;
  for (const cell of cells) {
    if (cell.start >= offset) break;
    column += cell.width;
  }
  return column;
}
