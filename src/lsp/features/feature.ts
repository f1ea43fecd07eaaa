import type { Position } from 'vscode-languageserver';
import { offsetAt } from '../positions.js';
import type { Analysis, Workspace } from '../workspace.js';
import { touches } from '../positions.js';
import type { Occurrence, Scope } from '../symbols/symbol.js';

/** What a feature works on. */
export interface FeatureContext {
  readonly analysis: Analysis;
  readonly workspace: Workspace;
}

/** The symbol whose name a position touches; of two that touch, the one that begins there. */
export function occurrenceAt({ source, index }: Analysis, at: Position): Occurrence | undefined {
  const offset = offsetAt(source, at);
  return index.occurrences.findLast(({ span }) => touches(span, offset));
}

/** The innermost scope around a position. */
export function scopeAt({ source, index }: Analysis, at: Position): Scope | undefined {
  const offset = offsetAt(source, at);
  return index.scopes.findLast(({ span }) => touches(span, offset));
}
