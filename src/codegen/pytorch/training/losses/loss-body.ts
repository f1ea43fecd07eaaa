import { layOut } from '../../../python/layout.js';
import type { TrainedOutput } from '../trained-model.js';
import type { LossHelper } from './helpers.js';

/** The lines of one loss function while its terms are written; what several terms need is there once. */
export class LossBody {
  readonly lines: string[] = [];
  readonly helpers = new Set<LossHelper>();
  readonly #known = new Map<string, string>();
  readonly #names = new Set<string>(['logits', 'given', 'mask', 'maps', 'counts', 'truth']);

  constructor(readonly output: TrainedOutput) {}

  /** What the function is given: logits, or probabilities. */
  get given(): string {
    return this.output.gives === 'logits' ? 'logits' : 'given';
  }

  /** Whether classes exclude each other. */
  get isExclusive(): boolean {
    return this.output.activation === 'softmax';
  }

  /** Whether the loss of a pixel is a row of channels: they are independent, and several. */
  get isByChannel(): boolean {
    return !this.isExclusive && this.output.channels > 1;
  }

  /** A variable with a value, which other terms with the same value share. */
  value(wanted: string, text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const name = this.#claim(wanted);
    this.lines.push(...layOut(4, `${name} = ${text}`));
    this.#known.set(text, name);
    return name;
  }

  /** Several variables with the parts of a value. */
  values(wanted: readonly string[], text: string): readonly string[] {
    const known = this.#known.get(text);
    if (known !== undefined) return known.split(', ');
    const names = wanted.map((each) => this.#claim(each));
    this.lines.push(...layOut(4, `${names.join(', ')} = ${text}`));
    this.#known.set(text, names.join(', '));
    return names;
  }

  /** A function of the file that the loss calls. */
  helper(name: LossHelper): string {
    this.helpers.add(name);
    return name;
  }

  /** Probabilities. */
  probabilities(): string {
    if (this.output.gives === 'probabilities') return 'given';
    if (this.output.activation === 'none') return this.given;
    return this.value('p', this.isExclusive ? 'logits.softmax(1)' : 'logits.sigmoid()');
  }

  /** Probabilities, 0 for pixels that do not count. */
  counted(): string {
    if (this.output.gives === 'probabilities') return this.value('p', 'given * counts');
    return this.value(
      'p',
      `${this.isExclusive ? 'logits.softmax(1)' : 'logits.sigmoid()'} * counts`,
    );
  }

  #claim(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#names.has(name); count++) name = `${wanted}_${count}`;
    this.#names.add(name);
    return name;
  }
}
