/** Lets a program that runs without a pause have its turns, and stops it while a person pauses. */
export class Gate {
  readonly #channel = new MessageChannel();
  #opened: Promise<void> | undefined;
  #release: (() => void) | undefined;

  close(): void {
    this.#opened ??= new Promise((resolve) => (this.#release = resolve));
  }

  open(): void {
    this.#release?.();
    this.#opened = undefined;
    this.#release = undefined;
  }

  /** Passes when messages that wait were delivered, and the gate is open. Timers would add milliseconds. */
  async pass(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#channel.port1.onmessage = () => resolve();
      this.#channel.port2.postMessage(undefined);
    });
    await this.#opened;
  }
}
