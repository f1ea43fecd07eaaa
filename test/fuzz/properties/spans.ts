import type { Property } from './property.js';

/** Every place lies in a file of the compilation, and does not end before it starts. */
export const spans: Property = {
  name: 'spans',
  check({ compilation: { files, diagnostics } }) {
    const lengths = new Map(files.map(({ source }) => [source.path, source.text.length]));
    for (const { code, span, labels, fixes } of diagnostics) {
      const edits = fixes.flatMap((fix) => fix.edits);
      for (const { file, start, end } of [
        span,
        ...[...labels, ...edits].map((part) => part.span),
      ]) {
        const length = lengths.get(file);
        if (length === undefined) return `${code} points into no file\n"${file}"`;
        if (Number.isInteger(start) && start >= 0 && start <= end && end <= length) continue;
        return `${code} has a span that is none\n${start} to ${end} of ${length}`;
      }
    }
    return undefined;
  },
};
