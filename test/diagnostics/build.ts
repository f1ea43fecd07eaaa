import type { Diagnostic, Label } from '../../src/diagnostics/diagnostic.js';
import { SourceFile, type Span } from '../../src/diagnostics/source.js';

/** A source whose marked parts (`«…»`) were taken out, with their spans in order. */
export interface Marked {
  readonly source: SourceFile;
  readonly spans: readonly Span[];
}

/** Reads `«` and `»` in a text as the ends of spans. */
export function marked(path: string, text: string): Marked {
  const spans: { file: string; start: number; end: number }[] = [];
  let plain = '';
  for (const character of text) {
    if (character === '«') spans.push({ file: path, start: plain.length, end: plain.length });
    else if (character === '»') spans.at(-1)!.end = plain.length;
    else plain += character;
  }
  return { source: new SourceFile(path, plain), spans };
}

/** A diagnostic of which only the interesting parts are given. */
export function diagnostic(span: Span, parts: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'UNET4002',
    severity: 'error',
    message: 'The sizes differ.',
    span,
    labels: [],
    notes: [],
    help: [],
    fixes: [],
    ...parts,
  };
}

export function label(span: Span, text: string): Label {
  return { span, text };
}

/** A lookup over some sources. */
export function lookupIn(...sources: readonly SourceFile[]) {
  return (file: string): SourceFile | undefined => sources.find((source) => source.path === file);
}
