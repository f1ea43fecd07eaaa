import type { Expression, Identifier } from '../../parser/ast.js';
import type { Formula } from '../../ir/formula.js';
import type { NumberLimits } from '../../ir/number-limits.js';
import type { ArgumentValue, NodeId, ScopeId } from '../../ir/graph.js';

/**
 * What an expression of the language stands for. `source` remembers how a
 * number was written in terms of parameters, for emitters.
 */
export type Value =
  /** `choices` are its parameter's, where that takes a few values alone. */
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly choices?: Choices;
      readonly source?: Formula;
      /** The same over the parameters of the model, wherever the number is met. */
      readonly root?: Formula;
      readonly follows?: Follows;
    }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly follows?: Follows }
  | { readonly kind: 'string'; readonly value: string; readonly follows?: Follows }
  /** A bare word that names no value: `same`, `crop`. `choices` are its parameter's. */
  | {
      readonly kind: 'symbol';
      readonly name: string;
      readonly choices?: Choices;
      readonly follows?: Follows;
    }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** One tensor, or the several that flow together into a merge. */
  | {
      readonly kind: 'tensor';
      readonly nodes: readonly NodeId[];
      readonly isList: boolean;
      /** The call of a block that it flows into, for `in`. */
      readonly inputOf?: ScopeId;
    }
  /** A pipeline handed to a block as an argument. */
  | { readonly kind: 'stage'; readonly expression: Expression; readonly environment: Environment }
  /** What `shared NAME = pipeline` names: pipelines call it. */
  | { readonly kind: 'shared'; readonly instance: SharedInstance }
  /**
   * Already reported, or not known yet; whatever uses it stays silent. `words` are all that
   * it may be a word of, where that is known.
   */
  | { readonly kind: 'invalid'; readonly words?: readonly string[] };

/** A pipeline that is made once: all its calls have the same weights. */
export interface SharedInstance {
  readonly name: Identifier;
  readonly pipeline: Expression;
  /** The data that its pipeline names, as they were where it is declared. */
  readonly captured: ReadonlyMap<string, Value>;
  /** Whether names are missing in it for reasons that were reported. */
  readonly isIncomplete: boolean;
}

/**
 * A parameter of the model that is built. Values remember which they follow from. It is
 * fixed where more follows from it than numbers in the network: which operations there
 * are, their sizes, or a number that no formula gives.
 */
export interface ModelParameter {
  readonly name: string;
  /** Those that its default follows from. */
  readonly follows: readonly ModelParameter[];
  isFixed: boolean;
  /** Which numbers its type takes, and the operations that its value is given to. */
  limits: NumberLimits;
}

/** The model's parameters that a value follows from; those of a list are those of its items. */
type Follows = readonly ModelParameter[];

export type NumberValue = Extract<Value, { readonly kind: 'number' }>;

/** All values that a parameter takes: numbers, and words as strings. */
export type Choices = readonly (number | string)[];

export const invalid: Value = { kind: 'invalid' };

/**
 * Names in scope. Looking a name up marks it as used, for lints. In an incomplete one names
 * are missing for reasons that were reported: an unknown name is not a mistake.
 */
export class Environment {
  readonly #values = new Map<string, Value>();
  readonly #used = new Set<string>();
  #isIncomplete = false;
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

  /** Says that names which belong here could not be made: whatever uses them stays silent. */
  markIncomplete(): void {
    this.#isIncomplete = true;
  }

  get isIncomplete(): boolean {
    return this.#isIncomplete || this.parent?.isIncomplete === true;
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

/** All that a value may be for other parameters; undefined where that is not known. */
export const choicesOf = (value: Value): Choices | undefined =>
  'choices' in value ? value.choices : undefined;

/** Values in the words of a message: `18, 34 or "none"`. */
export function listChoices(choices: Choices): string {
  const shown = choices.map((each) => (typeof each === 'number' ? String(each) : `"${each}"`));
  const last = shown.pop()!;
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}

/** A value in the words of a message: `the number 2.5`, `a list of 3`, `"same"`. */
export function describeValue(value: Value): string {
  switch (value.kind) {
    case 'number':
      return String(value.value);
    case 'boolean':
      return String(value.value);
    case 'string':
      return `the string "${value.value}"`;
    case 'symbol':
      return `"${value.name}"`;
    case 'list':
      return value.items.length <= 4 && value.items.every((item) => item.kind === 'number')
        ? `[${value.items.map(describeValue).join(', ')}]`
        : `a list of ${value.items.length}`;
    case 'tensor':
      return value.isList ? `a list of ${value.nodes.length} tensors` : 'a tensor';
    case 'stage':
      return 'a stage';
    case 'shared':
      return `the shared instance "${value.instance.name.text}"`;
    case 'invalid':
      return 'a value with an error';
  }
}

/**
 * The items of a list with those of the lists inside, for the limit on lists:
 * `[x, x]` of a list twice as long takes no more memory, but every walk over it
 * takes twice the time. Counted once for each list.
 */
export function countItems(value: Value): number {
  if (value.kind !== 'list') return 1;
  let count = itemCounts.get(value.items);
  if (count === undefined) {
    count = value.items.reduce((sum, item) => sum + countItems(item), 0);
    itemCounts.set(value.items, count);
  }
  return count;
}

const itemCounts = new WeakMap<readonly Value[], number>();

/** The plain data of a value, for option checks and graph records; undefined for tensors, stages and invalid values. */
export function toData(value: Value): ArgumentValue | undefined {
  switch (value.kind) {
    case 'number':
    case 'boolean':
    case 'string':
      return value.value;
    case 'symbol':
      return value.name;
    case 'list': {
      const items = value.items.map(toData);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'tensor':
    case 'stage':
    case 'shared':
    case 'invalid':
      return undefined;
  }
}

/** Whether an error was already reported somewhere inside the value. */
export function holdsInvalid(value: Value): boolean {
  return value.kind === 'invalid' || (value.kind === 'list' && value.items.some(holdsInvalid));
}
