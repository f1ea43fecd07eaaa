import type { Span } from './source.js';

/** How bad a diagnostic is. */
export type Severity = 'error' | 'warning';

/** A place beside the main one that takes part in the problem, with what it contributes. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

/** Replaces the text of a span; an empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** A repair that a tool can apply: all edits or none. The title starts with a capital and has no final period. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Whether it says in today's language what an older text means, which "unetc check --fix" does. */
  readonly modernizes?: true;
}

/**
 * One problem, told once. `span` is narrow: the name or value at fault, never
 * a whole block. Problems of files that are no specs (images, checkpoints)
 * carry an empty span at the file's start.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly labels: readonly Label[];
  readonly notes: readonly string[];
  readonly help: readonly string[];
  readonly fixes: readonly Fix[];
}

/** What a diagnostic carries beside its sentence. */
export interface DiagnosticContext {
  readonly at: Span;
  readonly labels?: readonly Label[];
  readonly notes?: readonly string[];
  readonly help?: readonly string[];
  readonly fixes?: readonly Fix[];
}

/** A value with the problems met while making it; the value is the best that could be made. */
export interface Result<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether errors are among them; warnings are none. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
