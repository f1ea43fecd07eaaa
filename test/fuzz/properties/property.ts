import { compileText, type Compilation } from '../../../src/compile.js';

/** A text with its compilation, which is made once for all properties. */
export class Subject {
  #compilation: Compilation | undefined;

  constructor(readonly text: string) {}

  get compilation(): Compilation {
    return (this.#compilation ??= compileText(subjectPath, this.text));
  }
}

/** The path that messages give for the text under test. */
export const subjectPath = 'fuzz.unet';

/**
 * What must hold for every text. `check` returns what is wrong, or undefined; what it
 * throws is a finding too. The first line names the kind of fault: of several findings
 * with the same first line one is shown.
 */
export interface Property {
  readonly name: string;
  check(subject: Subject): string | undefined | Promise<string | undefined>;
}
