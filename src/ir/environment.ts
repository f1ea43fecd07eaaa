import type { Value } from './value.js';

/** Names in scope. Looking a name up marks it as used, for lints. */
export class Environment {
  readonly #values = new Map<string, Value>();
  readonly #used = new Set<string>();
  #names: readonly string[] | undefined;

  constructor(readonly parent?: Environment) {}

  define(name: string, value: Value): void {
    if (!this.#values.has(name)) this.#names = undefined;
    this.#values.set(name, value);
  }

  lookup(name: string): Value | undefined {
    if (!this.#values.has(name)) return this.parent?.lookup(name);
    this.#used.add(name);
    return this.#values.get(name);
  }

  isUsed(name: string): boolean {
    return this.#used.has(name);
  }

  /** Whether a name can be seen from here; it is not used by the question. */
  has(name: string): boolean {
    return this.#values.has(name) || this.parent?.has(name) === true;
  }

  /** Every name that can be seen from here, inner ones first. Outer ones are defined before. */
  names(): readonly string[] {
    this.#names ??= [...new Set([...this.#values.keys(), ...(this.parent?.names() ?? [])])];
    return this.#names;
  }
}
