/** The whole state of a generator; plain numbers, so that a checkpoint can hold it. */
export interface RandomState {
  /** Four unsigned 32-bit words. */
  readonly words: readonly [number, number, number, number];
  /** The second normal value of the last pair, if it has not been used yet. */
  readonly spareNormal: number | undefined;
}

/**
 * A seeded stream of random numbers: xoshiro128** (Blackman and Vigna 2018)
 * started through splitmix32. The same seed gives the same numbers on every
 * machine and every engine, because nothing but 32-bit integer arithmetic and
 * IEEE doubles is used. Not for secrets.
 */
export class Random {
  readonly #words: Uint32Array;
  #spareNormal: number | undefined;
  /** Streams made by `fork` depend on this and the label alone, not on what was drawn before. */
  readonly #seed: number;

  /** @param seed any number; its integer part modulo 2^32 counts. */
  constructor(seed: number) {
    this.#seed = Math.trunc(seed) >>> 0;
    const next = splitmix32(this.#seed);
    this.#words = Uint32Array.of(next(), next(), next(), next());
  }

  /** A uniform integer in [0, 2^32). */
  bits(): number {
    const words = this.#words;
    const a = words[0]!;
    const b = words[1]!;
    const c = words[2]! ^ a;
    const d = words[3]! ^ b;
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    words[1] = b ^ c;
    words[0] = a ^ d;
    words[2] = c ^ (b << 9);
    words[3] = rotateLeft(d, 11);
    return result;
  }

  /** A uniform number in [low, high), of 2^32 possible values. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.bits() / 4294967296);
  }

  /** A uniform integer in [0, n), without bias. `n` is an integer from 1 to 2^32. */
  integer(n: number): number {
    // Values past the last whole multiple of n are drawn again.
    const limit = 4294967296 - (4294967296 % n);
    let value = this.bits();
    while (value >= limit) value = this.bits();
    return value % n;
  }

  /** A normal number (Box and Muller 1958). */
  normal(mean = 0, deviation = 1): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return mean + deviation * spare;
    }
    const radius = Math.sqrt(-2 * Math.log((this.bits() + 1) / 4294967296));
    const angle = 2 * Math.PI * this.uniform();
    this.#spareNormal = radius * Math.sin(angle);
    return mean + deviation * radius * Math.cos(angle);
  }

  /** Puts `values` in random order, in place (Fisher and Yates). */
  shuffle<T>(values: T[]): T[] {
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const moved = values[last]!;
      values[last] = values[other]!;
      values[other] = moved;
    }
    return values;
  }

  /** The integers 0 to n - 1 in random order. */
  permutation(n: number): number[] {
    return this.shuffle(Array.from({ length: n }, (_, index) => index));
  }

  /**
   * An independent stream for one purpose, fixed by this generator's seed and
   * the label: drawing more for one purpose never moves another.
   */
  fork(label: string): Random {
    return new Random(hashText(label, this.#seed));
  }

  /** What `restoreState` needs to go on from here. */
  state(): RandomState {
    const [a, b, c, d] = this.#words;
    return { words: [a!, b!, c!, d!], spareNormal: this.#spareNormal };
  }

  restoreState(state: RandomState): void {
    this.#words.set(state.words);
    this.#spareNormal = state.spareNormal;
  }
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** Steele, Lea and Flood's SplitMix with 32-bit mixing constants; never gives four zeros in a row. */
function splitmix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state);
  };
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** FNV-1a over UTF-16 units, started from a mixed seed. */
function hashText(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ mix(seed + 0x85ebca6b);
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(hash);
}
