/** What is asked for again and again while a document changes. */
export interface LiveOptions<T> {
  /** Asks; the signal says that nobody waits for the answer any more. */
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /** Takes the newest answer. */
  readonly show: (answer: T) => void;
  /** Takes what went wrong with the newest question. */
  readonly fail: (error: unknown) => void;
  /** Milliseconds without a change before the next question. */
  readonly pause: number;
}

/**
 * Asks once changes pause, and shows an answer only while no newer question was asked:
 * a slow answer never comes after a fast one.
 */
export class Live<T> {
  readonly #options: LiveOptions<T>;
  #timer: NodeJS.Timeout | undefined;
  #asked: AbortController | undefined;

  constructor(options: LiveOptions<T>) {
    this.#options = options;
  }

  /** Asks when no change has come for a while. */
  refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), this.#options.pause);
  }

  /** Asks now; settles when the answer was shown or is no longer wanted. */
  async refresh(): Promise<void> {
    const { ask, show, fail } = this.#options;
    this.stop();
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const answer = await ask(asked.signal);
      if (!asked.signal.aborted) show(answer);
    } catch (error) {
      if (!asked.signal.aborted) fail(error);
    }
  }

  /** Neither asks nor shows anything more, unless a refresh follows. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#asked = undefined;
  }
}
