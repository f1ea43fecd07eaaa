/** One thing a terminal shows: its text, how many columns it takes, and the source units it stands for. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  /** UTF-16 offset in the line where it starts. */
  readonly start: number;
}

const tabStop = 4;
const plain = /^[\x20-\x7e]*$/;
const control = /^[\p{Cc}\u2028\u2029]/u;
const reordering = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const emoji = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}/u;
const eastAsianWide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\u30fc\uff01-\uff60\uffe0-\uffe6]/u;
const halfwidth = /^[\uff61-\uffdc]/u;

/**
 * Splits one line into cells. Tabs reach to the next multiple of four columns;
 * Chinese, Japanese and Korean letters and emoji take two columns, combining
 * marks none. The classes come from the engine's own Unicode tables, so there
 * is no table here to grow old; characters of ambiguous width count as one.
 *
 * Control characters become pictures (U+001B is shown as ␛) and characters that
 * reorder text become �: a source line cannot send commands to a terminal, nor
 * look like something it is not.
 */
export function measureLine(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { text, start } of splitGraphemes(line)) {
    const cell = measureCell(text, column);
    cells.push({ ...cell, start });
    column += cell.width;
  }
  return cells;
}

/** The number of terminal columns a text without line breaks takes. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  return measureLine(text).reduce((sum, cell) => sum + cell.width, 0);
}

/**
 * The text with each character replaced that steers a terminal, reorders text or
 * stands for nothing; line breaks and tabs stay.
 */
export function replaceUnprintable(text: string, replace: (character: string) => string): string {
  return text.replace(
    /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu,
    replace,
  );
}

/** The text with control and reordering characters made visible; line breaks stay. */
export function makePrintable(text: string): string {
  return replaceUnprintable(text, (found) => (control.test(found) ? pictureOf(found) : '\ufffd'));
}

/** As `makePrintable`, on one line: line breaks and tabs become visible as well. */
export function printableLine(text: string): string {
  return makePrintable(text).replace(/[\n\t]/g, pictureOf);
}

function* splitGraphemes(line: string): Iterable<{ text: string; start: number }> {
  if (/^[\x00-\x7f]*$/.test(line)) {
    for (let start = 0; start < line.length; start++) yield { text: line[start]!, start };
    return;
  }
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment, index } of segmenter.segment(line)) yield { text: segment, start: index };
}

function measureCell(text: string, column: number): { text: string; width: number } {
  if (text === '\t') {
    const width = tabStop - (column % tabStop);
    return { text: ' '.repeat(width), width };
  }
  if (plain.test(text)) return { text, width: text.length };
  if (text === '\ufeff') return { text: '', width: 0 };
  if (control.test(text)) return { text: pictureOf(text), width: 1 };
  if (reordering.test(text)) return { text: '\ufffd', width: 1 };
  if (invisible.test(text)) return { text, width: 0 };
  const wide = emoji.test(text) || (eastAsianWide.test(text) && !halfwidth.test(text));
  return { text, width: wide ? 2 : 1 };
}

function pictureOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
