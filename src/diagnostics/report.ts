import type { Diagnostic, DiagnosticContext } from './diagnostic.js';
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

/** Collects diagnostics of one stage in source order of discovery. */
export class Reporter {
  readonly #diagnostics: Diagnostic[] = [];
  #errorCount = 0;

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
      if (diagnostic.severity === 'error') this.#errorCount += 1;
    }
  }

  get errorCount(): number {
    return this.#errorCount;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }
}
