import type { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';

/** The work of about a second; networks take less than a tenth of it. */
export const stepLimit = 4_000_000;

/** A line that makes a tensor is looked up, run and named. */
const stepsInLine = 8;

/**
 * The steps that the values of one compilation take: every value is one, every line of a
 * round or call several, and every item of a list one that is calculated, passed on or
 * looked through.
 */
export class Work {
  #steps = 0;
  #isReported = false;

  constructor(readonly reporter: Reporter) {}

  get steps(): number {
    return this.#steps;
  }

  /** Whether there were more steps than a compilation may take. */
  get isTooMuch(): boolean {
    return this.#steps > stepLimit;
  }

  /** Counts lines that are about to run, like `count`. */
  countLines(lines: number, at: Span): boolean {
    return this.count(lines * stepsInLine, at);
  }

  /** Counts steps; false, and reported once, when they are too many. */
  count(steps: number, at: Span): boolean {
    this.#steps += steps;
    if (!this.isTooMuch) return true;
    if (!this.#isReported) {
      this.#isReported = true;
      const help = ['Use shorter lists, or fewer rounds of loops.'];
      this.reporter.report('too-many-steps', { limit: stepLimit }, { at, help });
    }
    return false;
  }
}
