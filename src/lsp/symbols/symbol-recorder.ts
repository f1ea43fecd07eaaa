import type { Span } from '../../diagnostics/source.js';
import type { Declaration } from '../../frontend/declarations/blocks.js';
import type { LoadedFile } from '../../frontend/declarations/load-files.js';
import type { Identifier } from '../../parser/ast.js';
import { symbolOf } from './declared-symbols.js';
import {
  Scope,
  type NamePart,
  type Occurrence,
  type SpecSymbol,
  type SymbolKind,
} from './symbol.js';

/** Collects the scopes of one file, and the places where names of symbols are written. */
export class SymbolRecorder {
  readonly #occurrences: Occurrence[] = [];
  readonly #scopes: Scope[] = [];
  readonly #file: LoadedFile;

  constructor(file: LoadedFile) {
    this.#file = file;
  }

  /** In the order in which they were found. */
  get occurrences(): readonly Occurrence[] {
    return this.#occurrences;
  }

  /** Inner scopes come after those around them. */
  get scopes(): readonly Scope[] {
    return this.#scopes;
  }

  /** The blocks and encoders that the file knows. */
  get blocks(): LoadedFile['blocks'] {
    return this.#file.blocks;
  }

  /** Whether a place is in the file. */
  holds({ file }: Span): boolean {
    return file === this.#file.source.path;
  }

  /** The text of a place in the file. */
  textOf({ start, end }: Span): string {
    return this.#file.source.text.slice(start, end);
  }

  /** A part of the file with names of its own, inside `parent`. */
  open(parent: Scope | undefined, span: Span, hidden: readonly string[] = []): Scope {
    const scope = new Scope(parent, span, hidden);
    this.#scopes.push(scope);
    return scope;
  }

  /** A name that gets its meaning here; names that schemes give are written nowhere. */
  declare(
    kind: SymbolKind,
    name: Identifier,
    owner: string,
    what: string,
    scope: Scope | undefined,
    more: {
      readonly doc?: string | undefined;
      readonly isImplicit?: boolean;
      readonly parts?: readonly NamePart[];
      readonly choices?: readonly string[];
    } = {},
  ): SpecSymbol {
    const { isImplicit = false, doc, choices, parts = [] } = more;
    const id = `${name.span.file}#${owner}${kind}:${name.text}`;
    const declaration = name.span;
    const shared = {
      ...{ id, kind, name: name.text, declaration, isImplicit, what, doc },
      ...(parts.length === 0 ? {} : { parts }),
    };
    const symbol: SpecSymbol = choices === undefined ? shared : { ...shared, choices };
    scope?.define(symbol);
    if (!isImplicit) this.markDeclaration(symbol, name.span);
    return symbol;
  }

  /** The place where a symbol that is declared has its name. */
  markDeclaration(symbol: SpecSymbol, span: Span): void {
    this.#occurrences.push({ symbol, span, isDeclaration: true });
  }

  /** A name that means a symbol; none for what is unknown or stands in another file. */
  refer(symbol: SpecSymbol | undefined, span: Span): void {
    if (symbol === undefined || !this.holds(span)) return;
    for (const { symbol: part, start } of symbol.parts ?? []) {
      const from = span.start + start;
      const own = { ...span, start: from, end: from + part.name.length };
      this.#occurrences.push({ symbol: part, span: own, isDeclaration: false, isPart: true });
    }
    this.#occurrences.push({ symbol, span, isDeclaration: false });
  }

  /** A name that may be a block's or an encoder's, of this file or of another. */
  callee(name: Identifier): Declaration | undefined {
    const { blocks } = this;
    const found = blocks.get(name.text) ?? blocks.encoder(name.text);
    if (found !== undefined) this.refer(symbolOf(found), name.span);
    return found;
  }

  /** Declares a tensor, or writes to it again: `x = x -> relu`. */
  tensor(
    name: Identifier,
    owner: string,
    what: string,
    scope: Scope,
    doc: string | undefined,
  ): void {
    const known = scope.own(name.text);
    if (known?.kind === 'tensor' && !known.isImplicit) this.refer(known, name.span);
    else this.declare('tensor', name, owner, what, scope, { doc });
  }
}
