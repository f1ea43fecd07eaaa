/** Rates and remaining time of a run, from what it took so far in this process. */
export class RunClock {
  readonly #now: () => number;
  readonly #start: number;
  readonly #firstStep: number;
  #images = 0;
  #trainingSeconds = 0;
  #validationSeconds = 0;
  #validations = 0;

  /** @param now seconds from any origin; @param firstStep steps done before. */
  constructor(firstStep: number, now: () => number = () => performance.now() / 1000) {
    this.#now = now;
    this.#start = now();
    this.#firstStep = firstStep;
  }

  /** Seconds since the start. */
  get seconds(): number {
    return this.#now() - this.#start;
  }

  addStep(images: number, seconds: number): void {
    this.#images += images;
    this.#trainingSeconds += seconds;
  }

  addValidation(seconds: number): void {
    this.#validationSeconds += seconds;
    this.#validations++;
  }

  /** Images trained on in a second, waiting for data included. */
  get imagesPerSecond(): number {
    return this.#trainingSeconds === 0 ? 0 : this.#images / this.#trainingSeconds;
  }

  /**
   * Seconds that are left. Until a validation was timed, each is taken to last
   * as long as a fifth of an epoch.
   */
  secondsLeft(step: number, batches: number, epochs: number): number {
    const done = step - this.#firstStep;
    if (done === 0) return 0;
    const perStep = this.#trainingSeconds / done;
    const perValidation =
      this.#validations === 0
        ? (perStep * batches) / 5
        : this.#validationSeconds / this.#validations;
    const validations = epochs - Math.floor(step / batches);
    return perStep * (epochs * batches - step) + perValidation * validations;
  }
}
