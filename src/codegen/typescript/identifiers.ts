/** Words that no variable of a strict-mode module may be called, and globals that emitted code reads. */
const reserved: ReadonlySet<string> = new Set(
  (
    'arguments as async await break case catch class const continue debugger default delete do ' +
    'else enum eval export extends false finally for from function get if implements import in ' +
    'instanceof interface let new null of package private protected public return set static ' +
    'super switch this throw true try type typeof undefined var void while with yield ' +
    'Array Float32Array Infinity Math NaN Number Object RangeError Record tf'
  ).split(' '),
);

/** `double_conv` -> `doubleConv`; what is camel case already stays. */
export function camelCase(name: string): string {
  const joined = name
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .replace(/[^A-Za-z0-9]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const lowered = joined.charAt(0).toLowerCase() + joined.slice(1);
  return /^[a-z]/.test(lowered) ? lowered : `_${lowered}`;
}

/** `double_conv` -> `DoubleConv` */
export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/**
 * The names of one scope of the emitted code. A name that is taken, or that the
 * language keeps for itself, gets its `what` as an ending (`inTensor`), then a
 * number: the same spec always gives the same names.
 */
export class Names {
  readonly #taken = new Set<string>();

  constructor(readonly outer?: Names) {}

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
    return !reserved.has(name) && !this.#taken.has(name) && (this.outer?.isFree(name) ?? true);
  }
}
