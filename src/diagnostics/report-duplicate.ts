import type { Fix } from './diagnostic.js';
import type { Reporter } from './report.js';
import type { Span } from './source.js';

/** A name that is there already. */
export interface Duplicate {
  readonly name: string;
  /** What has the name: `parameter`, `tensor`. */
  readonly what: string;
  readonly at: Span;
  /** Where the name stands first, if the spec shows it, and in which words. */
  readonly first?: { readonly span: Span; readonly text: string };
  /** What to do; that each needs a name of its own, unless told otherwise. */
  readonly help?: string;
  readonly fixes?: readonly Fix[];
}

/** Reports the second of two things that have one name. */
export function reportDuplicate(reporter: Reporter, duplicate: Duplicate): void {
  const { name, what, at, first, fixes = [] } = duplicate;
  const { help = `Give each ${what} a name of its own.` } = duplicate;
  const labels = first === undefined ? [] : [first];
  reporter.report('duplicate-name', { name, what }, { at, labels, help: [help], fixes });
}
