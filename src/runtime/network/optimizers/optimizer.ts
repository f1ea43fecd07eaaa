import * as tf from '../../tensorflow.js';
import { slotNames } from './slots.js';

/** A trainable tensor under its name in the graph. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** One update of one weight, as an optimizer's rule sees it. */
export interface UpdateRule {
  /** Names of the tensors it remembers for each weight, all zeros at the start. */
  readonly slots: readonly string[];
  /**
   * The new weight and the new slots, in the order of `slots`, as new tensors.
   * `step` counts from 1; `decays` says whether weight decay touches this weight.
   */
  update(
    weight: tf.Tensor,
    gradient: tf.Tensor,
    slots: readonly tf.Tensor[],
    call: { readonly learningRate: number; readonly step: number; readonly decays: boolean },
  ): { readonly weight: tf.Tensor; readonly slots: readonly tf.Tensor[] };
}

/** Everything an optimizer remembers; what a checkpoint stores besides the weights. */
export interface OptimizerState {
  /** Steps taken. */
  readonly step: number;
  /** Values by `<weight name>/<slot>`. */
  readonly slots: ReadonlyMap<string, Float32Array>;
}

/**
 * Applies an update rule to the weights of a network and keeps the rule's
 * slots. Weight decay, where the rule has it, touches tensors of two axes or
 * more: kernels, not biases and the parameters of normalisation.
 */
export class Optimizer {
  readonly #rule: UpdateRule;
  readonly #slots = new Map<string, readonly tf.Tensor[]>();
  readonly #restored = new Map<string, Float32Array>();
  #step = 0;

  constructor(rule: UpdateRule) {
    this.#rule = rule;
  }

  /** Tensors that are kept for each weight. */
  get slotCount(): number {
    return this.#rule.slots.length;
  }

  /** The names under which a state has what is kept for a weight, in its order. */
  slotsOf(weight: string): readonly string[] {
    return slotNames(weight, this.#rule.slots);
  }

  /** Steps taken so far. */
  get step(): number {
    return this.#step;
  }

  /** Moves every weight that has a gradient; `gradients` stay the caller's. */
  apply(
    variables: readonly NamedVariable[],
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
  ): void {
    this.#step++;
    for (const { name, variable } of variables) {
      const gradient = gradients.get(name);
      if (gradient === undefined) continue;
      const before = this.#tensorsOf(name, variable.shape);
      const after = tf.tidy(() => {
        const call = { learningRate, step: this.#step, decays: variable.rank > 1 };
        const { weight, slots } = this.#rule.update(variable, gradient, before, call);
        variable.assign(weight);
        return [...slots];
      });
      before.forEach((slot) => slot.dispose());
      // Survive the tidy of a caller that wraps whole steps.
      after.forEach((slot) => tf.keep(slot));
      this.#slots.set(name, after);
    }
  }

  /** A copy of the state; awaits engines that read asynchronously. */
  async state(): Promise<OptimizerState> {
    const slots = new Map<string, Float32Array>(this.#restored);
    for (const [name, tensors] of this.#slots) {
      for (const [at, tensor] of tensors.entries()) {
        const values = await tensor.data<'float32'>();
        slots.set(this.slotsOf(name)[at]!, Float32Array.from(values));
      }
    }
    return { step: this.#step, slots };
  }

  /** Goes on from a state of the same rule; slots of others are left out. */
  restore(state: OptimizerState): void {
    this.dispose();
    this.#step = state.step;
    const own = this.#rule.slots.map((slot) => `/${slot}`);
    for (const [name, values] of state.slots) {
      if (own.some((ending) => name.endsWith(ending))) this.#restored.set(name, values);
    }
  }

  /** Frees the slots and forgets all steps. */
  dispose(): void {
    for (const tensors of this.#slots.values()) tensors.forEach((tensor) => tensor.dispose());
    this.#slots.clear();
    this.#restored.clear();
    this.#step = 0;
  }

  #tensorsOf(name: string, shape: readonly number[]): readonly tf.Tensor[] {
    const present = this.#slots.get(name);
    if (present) return present;
    return this.slotsOf(name).map((key) => {
      const values = this.#restored.get(key);
      this.#restored.delete(key);
      return values ? tf.tensor(values, [...shape]) : tf.zeros([...shape]);
    });
  }
}
