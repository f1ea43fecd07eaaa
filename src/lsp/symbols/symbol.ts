import type { Span } from '../../diagnostics/source.js';

export type SymbolKind =
  | 'model'
  | 'block'
  | 'encoder'
  /** An encoder or a decoder of a model that has a name there. */
  | 'part'
  | 'parameter'
  /** Of `let` and of loops. */
  | 'value'
  | 'input'
  | 'tensor'
  | 'tap'
  /** An instance whose calls share their weights. */
  | 'shared'
  | 'head';

/** Something with a name that a spec declares. */
export interface SpecSymbol {
  /** The same for one symbol in whichever file it is met. */
  readonly id: string;
  readonly kind: SymbolKind;
  readonly name: string;
  /** Where it gets its name; for tensors of schemes, the place that makes them. */
  readonly declaration: Span;
  /** Whether a scheme gives the name, which is written nowhere then. */
  readonly isImplicit: boolean;
  /** In words, for people: `parameter of block "double_conv"`. */
  readonly what: string;
  readonly doc: string | undefined;
  /** The symbols whose names its own is made of, and where they stand in it: `masks` of `masks_d4`. */
  readonly parts?: readonly NamePart[];
  /** The words that a parameter takes; beside it they are words, whatever else they name. */
  readonly choices?: readonly string[];
}

/** A symbol whose name is a part of another one, from that character on. */
export interface NamePart {
  readonly symbol: SpecSymbol;
  readonly start: number;
}

/** A place where a symbol's name is written. */
export interface Occurrence {
  readonly symbol: SpecSymbol;
  readonly span: Span;
  readonly isDeclaration: boolean;
  /** Whether it is a part of another name: `masks` in `masks_d4`. */
  readonly isPart?: boolean;
}

/** Names that can be seen from a place, inner ones first. */
export class Scope {
  readonly #symbols = new Map<string, SpecSymbol>();

  constructor(
    readonly parent: Scope | undefined,
    /** The part of the file where it holds. */
    readonly span: Span,
    /** Names that mean something else here, whatever they are further out. */
    readonly hidden: readonly string[] = [],
  ) {}

  define(symbol: SpecSymbol): void {
    this.#symbols.set(symbol.name, symbol);
  }

  /** The symbol of a name here or further out. */
  find(name: string): SpecSymbol | undefined {
    if (this.hidden.includes(name)) return undefined;
    return this.#symbols.get(name) ?? this.parent?.find(name);
  }

  /** Of one body alone: what an assignment writes to. */
  own(name: string): SpecSymbol | undefined {
    return this.#symbols.get(name);
  }

  get all(): readonly SpecSymbol[] {
    const outer = this.parent?.all ?? [];
    const isSeen = ({ name }: SpecSymbol): boolean =>
      !this.#symbols.has(name) && !this.hidden.includes(name);
    return [...this.#symbols.values(), ...outer.filter(isSeen)];
  }
}
