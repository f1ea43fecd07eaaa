import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';

/** The work of about a second; networks take less than a tenth of it. */
const stepLimit = 4_000_000;

/** A line that makes a tensor is looked up, run and named. */
const stepsInLine = 8;

/** After as many searches for nearest names the next ones would take a while, and help nobody. */
const searchLimit = 100;

/**
 * The steps that the values of one compilation take: every value is one, every line of a
 * round or call several, and every item of a list one that is calculated, passed on or
 * looked through.
 */
export class Work {
  #steps = 0;
  #searches = 0;
  #exceededAt: Span | undefined;

  get steps(): number {
    return this.#steps;
  }

  /** Whether there were more steps than a compilation may take. */
  get isTooMuch(): boolean {
    return this.#exceededAt !== undefined;
  }

  /** Counts lines that are about to run, like `count`. */
  countLines(lines: number, at: Span): boolean {
    return this.count(lines * stepsInLine, at);
  }

  /** Counts steps; false when they are too many. */
  count(steps: number, at: Span): boolean {
    this.#steps += steps;
    if (this.#steps > stepLimit) this.#exceededAt ??= at;
    return !this.isTooMuch;
  }

  /** Counts a search for the name that is nearest to an unknown one; false when it is not worth it. */
  countSearch(): boolean {
    this.#searches += 1;
    return this.#searches <= searchLimit;
  }

  /** The one message that there are too many steps, for the whole compilation. */
  get diagnostics(): readonly Diagnostic[] {
    if (this.#exceededAt === undefined) return [];
    const help = ['Use shorter lists, or fewer rounds of loops.'];
    const context = { at: this.#exceededAt, help };
    return [createDiagnostic('too-many-steps', { limit: stepLimit }, context)];
  }
}
