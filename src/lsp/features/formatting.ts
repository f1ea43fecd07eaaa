import type { Range, TextEdit } from 'vscode-languageserver';
import { SourceFile } from '../../diagnostics/source.js';
import { formatText } from '../../parser/format/format.js';
import { parse } from '../../parser/parse.js';
import { offsetAt, rangeOf } from '../positions.js';
import type { FeatureContext } from './feature.js';

/**
 * The canonical layout of a document as one edit of what differs; none where the
 * document cannot be parsed or is laid out already.
 */
export function formatDocument({ analysis }: FeatureContext): readonly TextEdit[] {
  const { source } = analysis;
  return differenceOf(source.text, layOut(source)).map(({ start, end, text }) => ({
    range: rangeOf(source, { start, end }),
    newText: text,
  }));
}

/** The same for the sections of a file that a range touches. */
export function formatRange(context: FeatureContext, range: Range): readonly TextEdit[] {
  const { source, compilation } = context.analysis;
  const whole = layOut(source);
  if (whole === source.text) return [];
  const from = offsetAt(source, range.start);
  const to = offsetAt(source, range.end);
  const parts = compilation.parsed.file.sections;
  const touched = parts.filter(({ span }) => span.start <= to && span.end >= from);
  const [first, last] = [touched[0], touched.at(-1)];
  if (first === undefined || last === undefined) return [];
  // Formatting moves no section: the n-th of the file is the n-th of the result.
  const sections = startsOf(whole);
  const [begin, end] = [parts.indexOf(first), parts.indexOf(last)];
  const formatted = sections.slice(begin, end + 1);
  if (sections.length !== parts.length) return [];
  const text = whole.slice(formatted[0]!.start, formatted.at(-1)!.end);
  const old = source.text.slice(first.span.start, last.span.end);
  return differenceOf(old, text).map((edit) => ({
    range: rangeOf(source, {
      start: first.span.start + edit.start,
      end: first.span.start + edit.end,
    }),
    newText: edit.text,
  }));
}

/** The canonical layout with the line breaks that the document has: editors mind them. */
function layOut(source: SourceFile): string {
  const text = formatText(source).value;
  return source.text.includes('\r\n') && !text.includes('\r')
    ? text.replaceAll('\n', '\r\n')
    : text;
}

function startsOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  return parse(new SourceFile('', text)).value.file.sections.map(({ span }) => span);
}

/** What differs between two texts, without what they begin and end with alike. */
function differenceOf(
  before: string,
  after: string,
): readonly { readonly start: number; readonly end: number; readonly text: string }[] {
  if (before === after) return [];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  // A line break of two characters, or of two halves, is not cut through.
  if (start > 0 && /[\r\ud800-\udbff]/.test(before[start - 1]!)) start--;
  if (tail > 0 && /[\n\udc00-\udfff]/.test(before.at(-tail)!)) tail--;
  return [{ start, end: before.length - tail, text: after.slice(start, after.length - tail) }];
}
