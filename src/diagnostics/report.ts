import type { Diagnostic, DiagnosticContext, Result } from './diagnostic.js';
import { messages } from './messages/index.js';

type Messages = typeof messages;

/** The name of a message, as code writes it (`unknown-option`); users see its code. */
export type MessageName = keyof Messages;

/** The parameters of a message's sentence. */
export type MessageParameters<N extends MessageName> = Parameters<Messages[N]['text']>[0];

/** Makes the diagnostic of one message. A missing or misspelt parameter does not compile. */
export function createDiagnostic<N extends MessageName>(
  name: N,
  parameters: MessageParameters<N>,
  context: DiagnosticContext,
): Diagnostic {
  const message = messages[name];
  return {
    code: message.code,
    severity: message.severity,
    message: (message.text as (parameters: MessageParameters<N>) => string)(parameters),
    span: context.at,
    labels: context.labels ?? [],
    notes: context.notes ?? [],
    help: context.help ?? [],
    fixes: context.fixes ?? [],
  };
}

/**
 * Collects the diagnostics of one stage in the order in which they are found. The stage
 * makes it, and hands out a `Result`: no collector is passed from stage to stage.
 */
export class Reporter {
  readonly #diagnostics: Diagnostic[] = [];
  #hasErrors = false;

  report<N extends MessageName>(
    name: N,
    parameters: MessageParameters<N>,
    context: DiagnosticContext,
  ): void {
    this.add([createDiagnostic(name, parameters, context)]);
  }

  add(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) {
      this.#diagnostics.push(diagnostic);
      this.#hasErrors ||= diagnostic.severity === 'error';
    }
  }

  /** Adds what a part of the stage reported, and gives what it made. */
  take<T>({ value, diagnostics }: Result<T>): T {
    this.add(diagnostics);
    return value;
  }

  /** What the stage made, with all that it reported. */
  result<T>(value: T): Result<T> {
    return { value, diagnostics: this.#diagnostics };
  }

  get hasErrors(): boolean {
    return this.#hasErrors;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }
}
