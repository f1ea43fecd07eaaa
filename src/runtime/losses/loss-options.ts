import type { ComponentCall, LossName } from '../../ir/recipe.js';
import type { ClassWeights } from './class-weights.js';

/** The options of a call, which the catalogue's schemas have checked. */
export class LossOptions {
  readonly #call: ComponentCall<LossName>;

  constructor(call: ComponentCall<LossName>) {
    this.#call = call;
  }

  /** Throws where neither the call nor `otherwise` gives one. */
  number(name: string, otherwise?: number): number {
    const found = this.optionalNumber(name) ?? otherwise;
    if (found === undefined) throw new Error(`"${this.#call.name}" without the number "${name}"`);
    return found;
  }

  optionalNumber(name: string): number | undefined {
    const found = this.#call.options[name];
    return typeof found === 'number' ? found : undefined;
  }

  boolean(name: string, otherwise: boolean): boolean {
    const found = this.#call.options[name];
    return typeof found === 'boolean' ? found : otherwise;
  }

  word<Word extends string>(name: string, otherwise: Word): Word {
    return (this.#call.options[name] as Word | undefined) ?? otherwise;
  }

  classWeights(): ClassWeights {
    return this.#call.options['class_weights'] as ClassWeights;
  }
}
