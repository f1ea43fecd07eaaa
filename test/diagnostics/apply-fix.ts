import type { Fix } from '../../src/diagnostics/diagnostic.js';

/** A text with a fix applied: all edits, from the last to the first. */
export function applyFix(text: string, { edits }: Fix): string {
  return edits
    .toSorted((left, right) => right.span.start - left.span.start)
    .reduce(
      (result, { span, text: inserted }) =>
        result.slice(0, span.start) + inserted + result.slice(span.end),
      text,
    );
}
