/**
 * A heap that hands out the smallest gap that suffices and grows at its end where
 * none does, as dlmalloc does, the allocator of the WebAssembly engine. Played
 * through with the sizes of a network's tensors it tells how large the heap gets,
 * gaps included: those cost up to half of it when large and small tensors take turns.
 */
export class HeapModel {
  /** Blocks in the order of their addresses; `isFree` ones never touch each other. */
  readonly #blocks: Block[] = [];
  #size = 0;

  /** The largest size that the heap has had, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Takes that many bytes; the answer gives them back. */
  take(bytes: number): () => void {
    const size = align(bytes);
    let best: Block | undefined;
    for (const block of this.#blocks) {
      if (block.isFree && block.size >= size && (best === undefined || block.size < best.size)) {
        best = block;
      }
    }
    const taken = best === undefined ? this.#grow(size) : this.#split(best, size);
    return () => this.#release(taken);
  }

  #grow(size: number): Block {
    const last = this.#blocks.at(-1);
    if (last?.isFree === true) {
      this.#size += size - last.size;
      last.size = size;
      last.isFree = false;
      return last;
    }
    const block: Block = { size, isFree: false };
    this.#blocks.push(block);
    this.#size += size;
    return block;
  }

  #split(block: Block, size: number): Block {
    const rest = block.size - size;
    block.size = size;
    block.isFree = false;
    if (rest > 0) {
      this.#blocks.splice(this.#blocks.indexOf(block) + 1, 0, { size: rest, isFree: true });
    }
    return block;
  }

  #release(block: Block): void {
    block.isFree = true;
    const at = this.#blocks.indexOf(block);
    const next = this.#blocks[at + 1];
    if (next?.isFree === true) {
      block.size += next.size;
      this.#blocks.splice(at + 1, 1);
    }
    const before = this.#blocks[at - 1];
    if (before?.isFree === true) {
      before.size += block.size;
      this.#blocks.splice(at, 1);
    }
  }
}

interface Block {
  size: number;
  isFree: boolean;
}

/** Blocks have a head of 8 bytes and begin at multiples of 16. */
function align(bytes: number): number {
  return Math.ceil((bytes + 8) / 16) * 16;
}
