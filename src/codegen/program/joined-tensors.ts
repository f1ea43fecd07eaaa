import type { TensorReference } from './body.js';
import type { Presence } from './conditions.js';

/** What stands for tensors that variants make in different steps. */
export class JoinedTensors {
  /** By the last step of a condition, what its tensor is in the variants without it. */
  readonly otherwise = new Map<number, TensorReference>();

  constructor(readonly presences: readonly Presence[]) {}

  /** The tensor that variants read in one place; undefined where no one variable can hold it. */
  resolve(
    references: readonly (readonly [number, TensorReference])[],
  ): TensorReference | undefined {
    const distinct = [...new Map(references.map(([, each]) => [textOf(each), each])).values()];
    const [before, last] = distinct.sort((left, right) => rank(left) - rank(right));
    if (last === undefined) return before;
    if (distinct.length > 2 || last.from === 'input' || !this.#isLast(last.index)) return undefined;
    const presence = this.presences[last.index]!;
    const isApart = references.every(
      ([variant, each]) => presence[variant] === (textOf(each) === textOf(last)),
    );
    const other = isApart ? this.#replacement(before!, last.index) : undefined;
    if (other === undefined) return undefined;
    const known = this.otherwise.get(last.index) ?? other;
    if (textOf(known) !== textOf(other)) return undefined;
    this.otherwise.set(last.index, other);
    return last;
  }

  /** Whether every tensor is read where a variable of its own, or its condition, reaches. */
  areInReach(
    read: readonly (readonly TensorReference[])[],
    outputs: readonly TensorReference[],
  ): boolean {
    const isInReach = (reference: TensorReference, at: number): boolean =>
      reference.from === 'input' ||
      this.#isCommon(reference.index) ||
      this.otherwise.has(reference.index) ||
      this.#areOfOne(reference.index, at);
    return (
      read.every((references, at) => references.every((each) => isInReach(each, at))) &&
      outputs.every((each) => isInReach(each, this.presences.length))
    );
  }

  /** What is there in all variants that lack a step, and is the tensor in those that read it. */
  #replacement(before: TensorReference, last: number): TensorReference | undefined {
    if (before.from === 'input' || this.#isCommon(before.index)) return before;
    // One way of an earlier choice: the other holds both.
    const holder = [...this.otherwise].find(([, each]) => textOf(each) === textOf(before));
    if (holder !== undefined && holder[0] < last) return { from: 'step', index: holder[0] };
    // The other way of a choice, right before this one.
    const own = this.presences[last]!;
    const other = this.presences[before.index]!;
    const isOpposite = own.every((has, variant) => has !== other[variant]);
    let start = last;
    while (start > 0 && this.#areOfOne(start - 1, last)) start -= 1;
    return isOpposite && before.index === start - 1 ? before : undefined;
  }

  #isCommon(at: number): boolean {
    return this.presences[at]!.every(Boolean);
  }

  /** Whether nothing of the same condition follows. */
  #isLast(at: number): boolean {
    return !this.#isCommon(at) && !this.#areOfOne(at, at + 1);
  }

  /** Whether steps are of one run of steps that the same variants have. */
  #areOfOne(from: number, to: number): boolean {
    const [low, high] = from < to ? [from, to] : [to, from];
    const own = this.presences[low]!.join();
    const between = this.presences.slice(low, high + 1);
    return between.length === high - low + 1 && between.every((each) => each.join() === own);
  }
}

const textOf = (reference: TensorReference): string => JSON.stringify(reference);

const rank = (reference: TensorReference): number =>
  reference.from === 'input' ? -1 : reference.index;
