/**
 * A heap that hands out the smallest gap that suffices and grows at its end where
 * none does, as dlmalloc does, the allocator of the WebAssembly engine. Played
 * through with the sizes of a network's tensors it tells how large the heap gets,
 * gaps included: those cost up to half of it when large and small tensors take turns.
 */
export class HeapModel {
  /** The gaps from the smallest to the largest, those of one size by address; none touch. */
  readonly #gaps: Block[] = [];
  #last: Block | undefined;
  #size = 0;

  /** The largest size that the heap has had, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Takes that many bytes; the answer gives them back. */
  take(bytes: number): () => void {
    const size = align(bytes);
    const gap = this.#gaps[this.#placeOf({ size, start: 0 })];
    const taken = gap === undefined ? this.#grow(size) : this.#split(gap, size);
    return () => this.#release(taken);
  }

  #grow(size: number): Block {
    const last = this.#last;
    if (last?.isFree === true) {
      this.#fill(last);
      this.#size += size - last.size;
      last.size = size;
      return last;
    }
    const block: Block = { start: this.#size, size, isFree: false, before: last, after: undefined };
    if (last !== undefined) last.after = block;
    this.#last = block;
    this.#size += size;
    return block;
  }

  #split(block: Block, size: number): Block {
    this.#fill(block);
    const rest = block.size - size;
    block.size = size;
    if (rest > 0) {
      const { start, after } = block;
      const gap: Block = { start: start + size, size: rest, isFree: true, before: block, after };
      if (after === undefined) this.#last = gap;
      else after.before = gap;
      block.after = gap;
      this.#gaps.splice(this.#placeOf(gap), 0, gap);
    }
    return block;
  }

  #release(block: Block): void {
    const { before, after } = block;
    if (after?.isFree === true) {
      this.#fill(after);
      this.#join(block, after);
    }
    let gap = block;
    if (before?.isFree === true) {
      this.#fill(before);
      this.#join(before, block);
      gap = before;
    }
    gap.isFree = true;
    this.#gaps.splice(this.#placeOf(gap), 0, gap);
  }

  /** Makes one block of two that touch. */
  #join(first: Block, second: Block): void {
    first.size += second.size;
    first.after = second.after;
    if (second.after === undefined) this.#last = first;
    else second.after.before = first;
  }

  /** Takes a gap off the list. */
  #fill(gap: Block): void {
    this.#gaps.splice(this.#placeOf(gap), 1);
    gap.isFree = false;
  }

  /** Where a gap stands in the list, or would. */
  #placeOf({ size, start }: Pick<Block, 'size' | 'start'>): number {
    let [low, high] = [0, this.#gaps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const gap = this.#gaps[middle]!;
      if (gap.size < size || (gap.size === size && gap.start < start)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A part of the heap, with its neighbours. */
interface Block {
  readonly start: number;
  size: number;
  isFree: boolean;
  before: Block | undefined;
  after: Block | undefined;
}

/** Blocks have a head of 8 bytes and begin at multiples of 16. */
function align(bytes: number): number {
  return Math.ceil((bytes + 8) / 16) * 16;
}
