import type { Severity } from '../diagnostic.js';

/**
 * One message: its code, never reused, and its sentence. Sentences are in the
 * present tense, put names in double quotes, and say what was found and what
 * was expected.
 *
 * Codes: 1xxx text and grammar, 2xxx names, 3xxx options and values, 4xxx
 * sizes and channels, 5xxx lints, 6xxx data, images and runs, 7xxx command line
 * and files.
 */
export interface Message<P> {
  readonly code: `UNET${number}`;
  readonly severity: Severity;
  readonly text: (parameters: P) => string;
}

export function error<P>(code: `UNET${number}`, text: (parameters: P) => string): Message<P> {
  return { code, severity: 'error', text };
}

export function warning<P>(code: `UNET${number}`, text: (parameters: P) => string): Message<P> {
  return { code, severity: 'warning', text };
}

/** A sentence without parameters. */
export type NoParameters = Record<string, never>;
