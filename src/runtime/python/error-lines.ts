import { StringDecoder } from 'node:string_decoder';

/** Lines that are kept. */
const keptLines = 30;
/** Lines that libraries write though nothing is wrong. */
const remarks = /Setting OMP_NUM_THREADS|^\*+$|warnings\.warn|UserWarning|^[IW]\d{4} /;
/** Begins what `torchrun` itself tells of a process that failed, which has told why before. */
const report = /^E\d{4} .*torch\/distributed\/elastic/;

/** The last lines that a training in Python has written about what went wrong, each once. */
export class ErrorLines {
  readonly #decoder = new StringDecoder();
  #lines: readonly string[] = [];
  #rest = '';
  #isReported = false;

  add(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop()!;
    this.#keep(lines);
  }

  /** All lines, once no more come. */
  end(): readonly string[] {
    this.#keep([this.#rest + this.#decoder.end()]);
    this.#rest = '';
    return this.#lines;
  }

  #keep(lines: readonly string[]): void {
    for (const line of lines.map((each) => each.trimEnd())) {
      this.#isReported ||= report.test(line);
      if (this.#isReported) return;
      // Processes that fail for one reason all tell it.
      if (line === '' || remarks.test(line) || line === this.#lines.at(-1)) continue;
      this.#lines = [...this.#lines, line].slice(-keptLines);
    }
  }
}
