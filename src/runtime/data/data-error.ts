import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { describeSystemError } from '../../files/index.js';

/** One line of words for what a system call or a decoder threw, without a final period. */
export function reasonOf(problem: unknown): string {
  const text = describeSystemError(problem);
  const firstLine = text.split('\n').find((line) => line.trim() !== '') ?? 'no reason is known';
  return firstLine.trim().replace(/[\s.:;,]+$/, '');
}

/**
 * Thrown where an image fails in the middle of a run, after the folder had
 * been inspected: a file that vanished, changed or broke meanwhile. Carries
 * the diagnostics to show.
 */
export class DataError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
    this.name = 'DataError';
  }
}
