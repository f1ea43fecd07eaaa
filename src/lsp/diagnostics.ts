import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as ProtocolDiagnostic,
} from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { narrowToLine } from '../diagnostics/locate.js';
import { messages } from '../diagnostics/messages/index.js';
import type { SourceFile, Span } from '../diagnostics/source.js';
import { rangeOf } from './positions.js';
import type { Analysis, Workspace } from './workspace.js';

/** Codes of what is written and never used: editors show it faded. */
const unused: ReadonlySet<string> = new Set(
  Object.entries(messages)
    .filter(([name]) => name.startsWith('unused-'))
    .map(([, { code }]) => code),
);

/**
 * The problems of a document as the protocol has them. Problems of files that it
 * imports are shown at the import, with the place related: who has only this file
 * open would not see them otherwise.
 */
export function protocolDiagnostics(
  analysis: Analysis,
  workspace: Workspace,
): readonly ProtocolDiagnostic[] {
  const { source, compilation } = analysis;
  return compilation.diagnostics.flatMap((diagnostic) => {
    const place = placeOf(diagnostic, analysis);
    if (place === undefined) return [];
    const elsewhere =
      diagnostic.span.file === source.path ? [] : [{ span: diagnostic.span, text: 'it is here' }];
    const related = [...diagnostic.labels, ...elsewhere].flatMap(({ span, text }) => {
      const file = workspace.sourceOf(analysis, span.file);
      const uri = workspace.uriOf(span.file);
      if (file === undefined || uri === undefined) return [];
      return [{ location: { uri, range: shownRange(file, span) }, message: text }];
    });
    const isError = diagnostic.severity === 'error';
    return [
      {
        range: shownRange(source, place),
        severity: isError ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
        code: diagnostic.code,
        source: 'unetc',
        message: [diagnostic.message, ...diagnostic.notes, ...diagnostic.help].join('\n'),
        ...(related.length === 0 ? {} : { relatedInformation: related }),
        ...(unused.has(diagnostic.code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
      },
    ];
  });
}

/** Where in the main file a problem is shown: at the import that leads to its file, if it is another's. */
function placeOf({ span }: Diagnostic, { source, compilation }: Analysis): Span | undefined {
  if (span.file === source.path) return span;
  const statement = compilation.parsed.file.imports.find(({ path }) => {
    const name = path.value.replace(/^(\.{1,2}\/)+/, '').replace(/\.unet$/, '');
    return span.file.replace(/\.unet$/, '').endsWith(name);
  });
  return statement?.path.span ?? { file: source.path, start: 0, end: 0 };
}

/** A span of several lines would underline half a screen: its first line is enough. */
function shownRange(source: SourceFile, span: Span): ProtocolDiagnostic['range'] {
  const { line, start, end } = narrowToLine(source, span);
  const offset = source.lineStart(line);
  return rangeOf(source, { start: offset + start, end: offset + end });
}
