import {
  DocumentHighlightKind,
  type DocumentHighlight,
  type Location,
  type Position,
} from 'vscode-languageserver';
import type { Span } from '../../diagnostics/source.js';
import { rangeOf } from '../positions.js';
import { occurrenceAt, type FeatureContext } from './feature.js';

/** Where the symbol at a position is declared. */
export function findDefinition(context: FeatureContext, at: Position): Location | undefined {
  const found = occurrenceAt(context.analysis, at);
  return found && locationOf(context, found.symbol.declaration);
}

/** Every place of the project where the symbol at a position is named. */
export function findReferences(
  context: FeatureContext,
  at: Position,
  withDeclaration: boolean,
): readonly Location[] {
  const found = occurrenceAt(context.analysis, at);
  if (found === undefined) return [];
  const { workspace, analysis } = context;
  return workspace.project(analysis.uri, found.symbol.name).flatMap(({ uri, source, index }) =>
    index.occurrences
      .filter(({ symbol }) => symbol.id === found.symbol.id)
      .filter(({ isDeclaration }) => withDeclaration || !isDeclaration)
      .map(({ span }) => ({ uri, range: rangeOf(source, span) })),
  );
}

/** The places of the document where the symbol at a position is named. */
export function findHighlights(
  { analysis }: FeatureContext,
  at: Position,
): readonly DocumentHighlight[] {
  const found = occurrenceAt(analysis, at);
  return analysis.index.occurrences
    .filter(({ symbol }) => symbol.id === found?.symbol.id)
    .map(({ span, isDeclaration }) => ({
      range: rangeOf(analysis.source, span),
      kind: isDeclaration ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

function locationOf({ analysis, workspace }: FeatureContext, span: Span): Location | undefined {
  const source = workspace.sourceOf(analysis, span.file);
  const uri = workspace.uriOf(span.file);
  return source && uri !== undefined ? { uri, range: rangeOf(source, span) } : undefined;
}
