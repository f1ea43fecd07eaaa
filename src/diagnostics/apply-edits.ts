import type { TextEdit } from './diagnostic.js';

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const { span, text: replacement } of [...edits].sort(
    (a, b) => a.span.start - b.span.start,
  )) {
    parts.push(text.slice(end, span.start), replacement);
    end = span.end;
  }
  return [...parts, text.slice(end)].join('');
}
