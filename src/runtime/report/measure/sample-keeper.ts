import { Random } from '../../random.js';
import { sampleKinds, type SampleKind } from '../../runs/evaluation-file.js';

/** Images of one kind that are kept at most. */
const mostOfKind = 6;

/** What was kept of one image. */
interface Kept<T> {
  readonly index: number;
  /** How good it is: more is better; undefined where there is nothing to measure. */
  readonly score: number | undefined;
  readonly value: T;
}

/** An image that was chosen, and why. */
export interface Chosen<T> {
  readonly kind: SampleKind;
  readonly value: T;
}

/**
 * Keeps the best, the worst and some random ones of images that come one after the other,
 * without holding more than a few at a time. The same images give the same choice.
 */
export class SampleKeeper<T> {
  readonly #each: number;
  /** Drawn beforehand; more than are shown, for some may be among the best or the worst. */
  readonly #drawn: ReadonlySet<number>;
  #random: readonly Kept<T>[] = [];
  #worst: readonly Kept<T>[] = [];
  #best: readonly Kept<T>[] = [];
  #index = 0;

  /** @param count how many images will come. */
  constructor(count: number) {
    this.#each = Math.max(1, Math.min(mostOfKind, Math.floor(count / 3)));
    const order = new Random(0).fork('samples').permutation(count);
    this.#drawn = new Set(order.slice(0, 3 * this.#each));
  }

  /** Looks at the next image, whose value is made only where it is kept for now. */
  add(score: number | undefined, make: () => T): void {
    const index = this.#index++;
    const isNumber = score !== undefined && Number.isFinite(score);
    const isAmong = (kept: readonly Kept<T>[], isBefore: (other: number) => boolean): boolean =>
      isNumber && (kept.length < this.#each || isBefore(kept.at(-1)!.score!));
    const isBest = isAmong(this.#best, (other) => score! > other);
    const isWorst = isAmong(this.#worst, (other) => score! < other);
    const isDrawn = this.#drawn.has(index);
    if (!isBest && !isWorst && !isDrawn) return;
    const kept = { index, score, value: make() };
    if (isDrawn) this.#random = [...this.#random, kept];
    if (isBest) this.#best = this.#ranked([...this.#best, kept], -1);
    if (isWorst) this.#worst = this.#ranked([...this.#worst, kept], 1);
  }

  /** Each image once: the worst first, then random ones, then the best. */
  chosen(): readonly Chosen<T>[] {
    const taken = new Set<number>();
    const take = (kept: readonly Kept<T>[]): readonly Kept<T>[] => {
      const free = kept.filter(({ index }) => !taken.has(index)).slice(0, this.#each);
      for (const { index } of free) taken.add(index);
      return free;
    };
    const worst = take(this.#worst);
    const best = take(this.#best);
    const byKind = { worst, best, random: take(this.#random) };
    return sampleKinds.flatMap((kind) => byKind[kind].map(({ value }) => ({ kind, value })));
  }

  /** The first ones by their scores; of equals the earlier images. */
  #ranked(kept: readonly Kept<T>[], sign: 1 | -1): readonly Kept<T>[] {
    const order = (a: Kept<T>, b: Kept<T>): number =>
      sign * (a.score! - b.score!) || a.index - b.index;
    return [...kept].sort(order).slice(0, this.#each);
  }
}
