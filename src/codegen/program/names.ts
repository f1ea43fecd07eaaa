/**
 * The names of one scope of the emitted code. A name that is taken, or that is not to be
 * had, gets its `what` as an ending (`inTensor`), then a number: the same spec always
 * gives the same names.
 */
export class Names {
  readonly #taken = new Set<string>();
  readonly #isAllowed: (name: string) => boolean;

  /** @param isAllowed whether the language, and the scopes around, leave a name free */
  constructor(isAllowed: (name: string) => boolean) {
    this.#isAllowed = isAllowed;
  }

  claim(wanted: string, what: string): string {
    const candidates = [wanted, `${wanted}${what}`];
    let name = candidates.find((candidate) => this.isFree(candidate));
    for (let number = 2; name === undefined; number++) {
      const candidate = `${wanted}${number}`;
      if (this.isFree(candidate)) name = candidate;
    }
    this.#taken.add(name);
    return name;
  }

  isFree(name: string): boolean {
    return !this.#taken.has(name) && this.#isAllowed(name);
  }
}
