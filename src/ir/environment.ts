import type { Value } from './value.js';

/** Names in scope. Looking a name up marks it as used, for lints. */
export class Environment {
  readonly #values = new Map<string, Value>();
  readonly #used = new Set<string>();

  constructor(readonly parent?: Environment) {}

  define(name: string, value: Value): void {
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

  /** Every name that can be seen from here, inner ones first. */
  names(): readonly string[] {
    return [...new Set([...this.#values.keys(), ...(this.parent?.names() ?? [])])];
  }
}
