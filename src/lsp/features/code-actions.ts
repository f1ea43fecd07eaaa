import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic as ProtocolDiagnostic,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.js';
import { offsetAt, rangeOf } from '../positions.js';
import type { FeatureContext } from './feature.js';
import { refactorings } from './refactorings.js';

/** The kind of the action that repairs all that has one repair only. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.unetc`;

/** Repairs of the problems that a range touches, refactorings of what it selects, and all repairs at once. */
export function codeActions(
  context: FeatureContext,
  { range, context: requested }: Pick<CodeActionParams, 'range' | 'context'>,
): readonly CodeAction[] {
  const wants = (kind = ''): boolean =>
    requested.only === undefined ||
    requested.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const { source, compilation } = context.analysis;
  const from = offsetAt(source, range.start);
  const to = offsetAt(source, range.end);
  const actions: CodeAction[] = [];
  const own = compilation.diagnostics.filter(({ span }) => span.file === source.path);
  if (wants(CodeActionKind.QuickFix)) {
    for (const diagnostic of own) {
      const lines = [diagnostic.span, ...diagnostic.labels.map(({ span }) => span)];
      const isTouched = lines.some(
        (span) => span.file === source.path && span.start <= to && span.end >= from,
      );
      if (!isTouched) continue;
      diagnostic.fixes.forEach((fix, at) => {
        const edit = editOf(context, fix);
        if (edit === undefined) return;
        actions.push({
          title: fix.title,
          kind: CodeActionKind.QuickFix,
          edit,
          diagnostics: diagnosticsOf(requested.diagnostics, diagnostic),
          isPreferred: at === 0 && diagnostic.fixes.length === 1,
        });
      });
    }
  }
  // Where a repair is offered, changing the same place in other ways would only be confusing.
  const repaired = new Set(actions.flatMap(placesOf));
  actions.push(
    ...refactorings(context, from, to).filter(
      (action) => wants(action.kind) && !placesOf(action).every((place) => repaired.has(place)),
    ),
  );
  if (wants(fixAllKind)) {
    const edit = fixAll(context, own);
    if (edit !== undefined) {
      actions.push({ title: 'Repair all that has one repair', kind: fixAllKind, edit });
    }
  }
  return actions;
}

/** The places that an action changes, each as a text. */
const placesOf = ({ edit }: CodeAction): readonly string[] =>
  Object.entries(edit?.changes ?? {}).flatMap(([uri, edits]) =>
    edits.map(({ range }) => JSON.stringify([uri, range])),
  );

const diagnosticsOf = (
  given: readonly ProtocolDiagnostic[],
  { code, message }: Diagnostic,
): ProtocolDiagnostic[] =>
  given.filter((each) => each.code === code && String(each.message).startsWith(message));

/** A fix as an edit of all files it touches; undefined where one of them is none that can be edited. */
function editOf(
  { analysis, workspace }: FeatureContext,
  { edits }: Fix,
): WorkspaceEdit | undefined {
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, text } of edits) {
    const file = workspace.sourceOf(analysis, span.file);
    const uri = workspace.uriOf(span.file);
    if (file === undefined || uri === undefined || span.file.startsWith('std/')) return undefined;
    (changes[uri] ??= []).push({ range: rangeOf(file, span), newText: text });
  }
  return { changes };
}

/** The only repairs of all problems that have one, those that would overlap left out. */
function fixAll(context: FeatureContext, own: readonly Diagnostic[]): WorkspaceEdit | undefined {
  const taken: { readonly start: number; readonly end: number }[] = [];
  const fixes = own.flatMap(({ fixes: [only, ...others] }) => {
    if (only === undefined || others.length > 0) return [];
    const overlaps = only.edits.some(({ span }) =>
      taken.some(({ start, end }) => span.start <= end && start <= span.end),
    );
    const isElsewhere = only.edits.some(({ span }) => span.file !== context.analysis.source.path);
    if (overlaps || isElsewhere) return [];
    taken.push(...only.edits.map(({ span }) => span));
    return [only];
  });
  if (fixes.length === 0) return undefined;
  return editOf(context, { title: '', edits: fixes.flatMap(({ edits }) => edits) });
}
