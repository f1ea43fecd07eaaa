/** Bytes that wait to be written, beyond which adding waits. */
const mostBytes = 2 ** 25;

/**
 * Writes that go on while more is computed: in order for each file, side by side for different
 * ones. What waits has a bound. A write that fails rejects the next call, and nothing is
 * begun after it.
 */
export class PendingWrites {
  readonly #last = new Map<string, Promise<void>>();
  #waiting = 0;
  #failure: { readonly error: unknown } | undefined;

  /**
   * Begins a write when those of the same file before it are done. Resolves when there is
   * room for more.
   *
   * @param bytes what the write holds in memory until it is done.
   */
  async add(file: string, bytes: number, write: () => Promise<void>): Promise<void> {
    this.#check();
    this.#waiting += bytes;
    const before = this.#last.get(file) ?? Promise.resolve();
    const done = before.then(async () => {
      try {
        if (this.#failure === undefined) await write();
      } catch (error) {
        this.#failure ??= { error };
      } finally {
        this.#waiting -= bytes;
      }
    });
    this.#last.set(file, done);
    if (this.#waiting > mostBytes) await this.settle();
    this.#check();
  }

  /** Resolves when everything is written. */
  async settle(): Promise<void> {
    await Promise.all(this.#last.values());
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
