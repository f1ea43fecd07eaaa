import type { Compilation, ModelDraft } from '../../compile.js';
import { nestedSlotName, slotNames } from '../../catalog/sections.js';
import { ownValue } from '../../diagnostics/own-value.js';
import { nowhere, type Span } from '../../diagnostics/source.js';
import type { Declaration } from '../../frontend/declarations/blocks.js';
import type { LoadedFile } from '../../frontend/declarations/load-files.js';
import { describeProvenance } from '../../ir/provenance.js';
import type {
  Argument,
  Body,
  Expression,
  Field,
  Identifier,
  Member,
  ParameterNode,
  Section,
} from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';
import { choicesOf, parameterOf, symbolOf, tapOf } from './declared-symbols.js';
import { Scope, type Occurrence, type SpecSymbol, type SymbolKind } from './symbol.js';

/** Every place of one file where a symbol's name is written, and what can be seen from where. */
export interface FileIndex {
  /** In the order of the text. */
  readonly occurrences: readonly Occurrence[];
  /** Inner scopes come after those around them. */
  readonly scopes: readonly Scope[];
}

/**
 * Resolves the names of a compilation's main file as the compiler does: blocks and
 * encoders through imports, parameters, values of `let` and loops, tensors of wires,
 * of schemes and of encoders, heads. What a broken file leaves is resolved as far as
 * it goes.
 */
export function indexFile({ files, drafts }: Compilation): FileIndex {
  return new Indexer(files[0]!, drafts).run();
}

class Indexer {
  readonly #occurrences: Occurrence[] = [];
  readonly #scopes: Scope[] = [];
  readonly #path: string;

  constructor(
    readonly file: LoadedFile,
    readonly drafts: readonly ModelDraft[],
  ) {
    this.#path = file.source.path;
  }

  run(): FileIndex {
    const { imports, sections, span } = this.file.parsed.file;
    const top = this.#open(undefined, span);
    for (const { names } of imports) for (const name of names) this.#callee(name);
    const models = sections.filter(({ keyword }) => keyword.text === 'model');
    const heads = new Map<string, ReadonlyMap<string, SpecSymbol>>();
    for (const section of sections) {
      const word = section.keyword.text;
      if (word === 'block' || word === 'encoder') this.#declaration(section, word, top);
      if (word === 'model') heads.set(section.name?.text ?? '', this.#model(section, top));
    }
    for (const section of sections) {
      if (section.keyword.text === 'train') this.#train(section, models, heads);
    }
    const inOrder = this.#occurrences.toSorted((a, b) => a.span.start - b.span.start);
    return { occurrences: inOrder, scopes: this.#scopes };
  }

  #open(parent: Scope | undefined, span: Span, hidden: readonly string[] = []): Scope {
    const scope = new Scope(parent, span, hidden);
    this.#scopes.push(scope);
    return scope;
  }

  #declare(
    kind: SymbolKind,
    name: Identifier,
    owner: string,
    what: string,
    scope: Scope | undefined,
    more: {
      readonly doc?: string | undefined;
      readonly isImplicit?: boolean;
      readonly choices?: readonly string[];
    } = {},
  ): SpecSymbol {
    const { isImplicit = false, doc, choices } = more;
    const id = `${name.span.file}#${owner}${kind}:${name.text}`;
    const declaration = name.span;
    const shared = { id, kind, name: name.text, declaration, isImplicit, what, doc };
    const symbol: SpecSymbol = choices === undefined ? shared : { ...shared, choices };
    scope?.define(symbol);
    if (!isImplicit) this.#occurrences.push({ symbol, span: name.span, isDeclaration: true });
    return symbol;
  }

  #refer(symbol: SpecSymbol | undefined, span: Span): void {
    if (symbol === undefined || span.file !== this.#path) return;
    this.#occurrences.push({ symbol, span, isDeclaration: false });
  }

  /** A name that may be a block's or an encoder's, of this file or of another. */
  #callee(name: Identifier): Declaration | undefined {
    const { blocks } = this.file;
    const found = blocks.get(name.text) ?? blocks.encoder(name.text);
    if (found !== undefined) this.#refer(symbolOf(found), name.span);
    return found;
  }

  #declaration(section: Section, kind: 'block' | 'encoder', top: Scope): void {
    const { name } = section;
    if (name === undefined) return;
    const declared = this.file.blocks.declared(name.text);
    const isFirst = declared?.name.span.start === name.span.start;
    if (declared !== undefined && isFirst) {
      this.#occurrences.push({ symbol: symbolOf(declared), span: name.span, isDeclaration: true });
    }
    const scope = this.#open(top, section.span);
    this.#parameters(section.parameters ?? [], kind, name.text, scope);
    if (section.value !== undefined) this.#expression(section.value, scope);
    if (section.body !== undefined) this.#lines(section.body, name.text, kind, scope, scope);
  }

  #parameters(
    parameters: readonly ParameterNode[],
    kind: 'block' | 'encoder' | 'model',
    owner: string,
    scope: Scope,
  ): void {
    for (const parameter of parameters) {
      const { name, defaultValue } = parameter;
      const choices = choicesOf(parameter);
      if (defaultValue !== undefined) this.#value(defaultValue, choices, scope);
      const what = `parameter of ${kind} "${owner}"`;
      this.#declare('parameter', name, `${owner}.`, what, scope, choices && { choices });
    }
  }

  /** Lines of a block or an encoder; tensors are known in the whole body, values in their loop. */
  #lines(
    { members }: Body,
    owner: string,
    kind: 'block' | 'encoder',
    body: Scope,
    scope: Scope,
  ): void {
    for (const member of members) this.#line(member, owner, kind, body, scope);
  }

  #line(member: Member, owner: string, kind: 'block' | 'encoder', body: Scope, scope: Scope): void {
    if (member.kind === 'field') this.#assertion(member, scope);
    else if (member.kind === 'assignment') {
      this.#expression(member.value, scope);
      this.#tensor(member.name, `${owner}.`, `tensor of ${kind} "${owner}"`, body, member.doc);
    } else if (member.kind === 'loop') {
      this.#expression(member.items, scope);
      const inner = this.#open(scope, member.body.span);
      for (const name of member.names) {
        const place = `${owner}.${member.span.start}.`;
        this.#declare('value', name, place, 'name of a loop', inner);
      }
      this.#lines(member.body, owner, kind, body, inner);
    } else if (member.kind === 'section') {
      const { keyword, name, value } = member;
      if (keyword.text === 'names') this.#names(member, scope);
      if (value === undefined || name === undefined) return;
      this.#expression(value, scope);
      if (keyword.text === 'let') {
        const known = scope.own(name.text);
        const place = `${owner}.${scope.span.start}.`;
        if (known?.kind === 'value') this.#refer(known, name.span);
        else this.#declare('value', name, place, 'value', scope, { doc: member.doc });
      }
      if (keyword.text === 'tap') {
        const what = `tap of encoder "${owner}"`;
        const known = body.own(name.text);
        if (known?.kind === 'tap') this.#refer(known, name.span);
        else this.#declare('tap', name, `${owner}.`, what, body, { doc: member.doc });
      }
    }
  }

  /** Declares a tensor, or writes to it again: `x = x -> relu`. */
  #tensor(
    name: Identifier,
    owner: string,
    what: string,
    scope: Scope,
    doc: string | undefined,
  ): void {
    const known = scope.own(name.text);
    if (known?.kind === 'tensor' && !known.isImplicit) this.#refer(known, name.span);
    else this.#declare('tensor', name, owner, what, scope, { doc });
  }

  /** `names torch { stem: "conv{i}" }`: lines, and values in braces. */
  #names(section: Section, scope: Scope): void {
    for (const member of section.body?.members ?? []) {
      if (member.kind !== 'field') continue;
      this.#refer(scope.find(member.name.text), member.name.span);
      this.#expression(member.value, scope);
      this.#valuesInTexts(member.value, scope);
    }
  }

  /** `error: "{levels} levels are too many" if levels > 5`: a condition, and values in braces. */
  #assertion(member: Member & { readonly kind: 'field' }, scope: Scope): void {
    if (member.name.text !== 'error') return;
    this.#expression(member.value, scope);
    this.#valuesInTexts(member.value, scope);
  }

  /** The names in braces in the texts of an expression. */
  #valuesInTexts(expression: Expression, scope: Scope): void {
    for (const text of stringsIn(expression)) {
      for (const match of this.#textOf(text.span).matchAll(/\{\s*(\w+)\s*\}/g)) {
        const start = text.span.start + match.index + match[0].indexOf(match[1]!);
        const span = { ...text.span, start, end: start + match[1]!.length };
        this.#refer(scope.find(match[1]!), span);
      }
    }
  }

  #textOf({ start, end }: Span): string {
    return this.file.source.text.slice(start, end);
  }

  /** The heads of a model by name. */
  #model(section: Section, top: Scope): ReadonlyMap<string, SpecSymbol> {
    const name = section.name?.text ?? '';
    const { doc } = section;
    if (section.name !== undefined) this.#declare('model', section.name, '', 'model', top, { doc });
    const scope = this.#open(top, section.span);
    this.#parameters(section.parameters ?? [], 'model', name, scope);
    for (const member of section.body?.members ?? []) {
      if (member.kind === 'field') this.#assertion(member, scope);
    }
    const members = (section.body?.members ?? []).filter((member) => member.kind === 'section');
    const owner = `${name}.`;
    const heads = new Map<string, SpecSymbol>();
    const of = (word: string): readonly Section[] =>
      members.filter(({ keyword }) => keyword.text === word);

    for (const input of of('input')) {
      if (input.name !== undefined) this.#declare('input', input.name, owner, 'input', scope);
      if (input.value !== undefined) this.#expression(input.value, scope);
    }
    const isNested = of('skip').some((skip) => skip.name?.text === 'nested');
    for (const encoder of of('encoder')) this.#encoder(encoder, scope);
    const draft = this.drafts.find((each) => each.section === section);
    const written = of('wires').flatMap(({ body }) => body?.members ?? []);
    const own = new Set(written.flatMap((each) => ('name' in each ? each.name?.text : undefined)));
    for (const wire of draft?.unfolded.wires ?? []) {
      if (own.has(wire.name) || wire.nameSpan.file !== this.#path) continue;
      const at = { text: wire.name, span: wire.nameSpan };
      this.#declare('tensor', at, owner, describeProvenance(wire.madeBy), scope, {
        isImplicit: true,
      });
    }
    for (const word of ['skip', 'decoder']) {
      for (const scheme of of(word)) this.#slots(scheme, slotNames[word]!, isNested, scope);
    }
    for (const wires of of('wires')) {
      for (const member of wires.body?.members ?? []) {
        if (member.kind !== 'assignment') continue;
        this.#expression(member.value, scope);
        this.#tensor(member.name, owner, 'tensor', scope, member.doc);
      }
    }
    for (const head of of('head')) {
      if (head.value !== undefined) this.#expression(head.value, scope);
      this.#fields(head, scope);
      if (head.name === undefined) continue;
      const symbol = this.#declare('head', head.name, owner, 'head', scope, { doc: head.doc });
      heads.set(head.name.text, symbol);
    }
    return heads;
  }

  /** An encoder in a model: a scheme, or a declared one with its parameters and taps. */
  #encoder(section: Section, scope: Scope): void {
    const declared = section.name && this.#callee(section.name);
    const taps = declared?.kind === 'encoder' ? declared.taps : [];
    const places = new Map(taps.map((tap) => [tap, declared && tapOf(declared, tap)]));
    const picked = fieldOf(section, 'taps');
    for (const member of section.body?.members ?? []) {
      if (member.kind !== 'field') continue;
      if (declared === undefined) continue;
      const parameter = declared.parameters.find(({ name }) => name.text === member.name.text);
      if (parameter !== undefined) {
        this.#refer(parameterOf(declared, parameter), member.name.span);
      }
      if (member === picked) continue;
      this.#value(member.value, parameter && choicesOf(parameter), scope);
    }
    if (declared === undefined) this.#slots(section, slotNames['encoder']!, false, scope);
    const items = picked?.value.kind === 'list' ? picked.value.items : undefined;
    const names = items ?? taps.map((name): Expression => ({ kind: 'name', name, span: nowhere }));
    for (const item of names) {
      if (item.kind !== 'name') continue;
      const tap = places.get(item.name);
      if (tap === undefined) this.#refer(scope.find(item.name), item.span);
      else {
        this.#refer(tap, item.span);
        scope.define(tap);
      }
    }
  }

  /** The fields of a scheme and of its levels; slots have names of their own. */
  #slots(
    section: Section,
    names: Readonly<Record<string, readonly string[]>>,
    isNested: boolean,
    scope: Scope,
  ): void {
    for (const member of section.body?.members ?? []) {
      if (member.kind === 'section') this.#slots(member, names, isNested, scope);
      if (member.kind !== 'field') continue;
      const own = ownValue(names, member.name.text) ?? [];
      const hidden = own.length > 0 && isNested ? [...own, nestedSlotName] : own;
      this.#expression(member.value, this.#open(scope, member.value.span, hidden));
    }
  }

  #fields(section: Section, scope: Scope): void {
    for (const member of section.body?.members ?? []) {
      if (member.kind === 'field') this.#expression(member.value, scope);
    }
  }

  #train(
    section: Section,
    models: readonly Section[],
    heads: ReadonlyMap<string, ReadonlyMap<string, SpecSymbol>>,
  ): void {
    const name = section.name?.text ?? models[0]?.name?.text ?? '';
    const model = this.#occurrences.find(
      ({ symbol }) => symbol.kind === 'model' && symbol.name === section.name?.text,
    );
    if (section.name !== undefined) this.#refer(model?.symbol, section.name.span);
    for (const member of section.body?.members ?? []) {
      if (member.kind !== 'section' || member.keyword.text !== 'loss') continue;
      if (member.name === undefined) continue;
      this.#refer(heads.get(name)?.get(member.name.text), member.name.span);
    }
  }

  #expression(expression: Expression, scope: Scope): void {
    switch (expression.kind) {
      case 'name': {
        const symbol = scope.find(expression.name);
        if (symbol !== undefined) this.#refer(symbol, expression.span);
        else this.#callee({ text: expression.name, span: expression.span });
        return;
      }
      case 'call': {
        const declared = this.#callee(expression.callee);
        for (const argument of expression.args) this.#argument(argument, declared, scope);
        return;
      }
      case 'binary': {
        const { left, right } = expression;
        this.#value(left, choicesAt(right, scope), scope);
        this.#value(right, choicesAt(left, scope), scope);
        return;
      }
      case 'list':
      case 'pipeline':
      case 'member':
      case 'unary':
      case 'conditional':
      case 'number':
      case 'string':
      case 'boolean':
      case 'missing':
        for (const part of partsOf(expression)) this.#expression(part, scope);
    }
  }

  #argument({ name, value }: Argument, declared: Declaration | undefined, scope: Scope): void {
    const parameter = declared?.parameters.find((each) => each.name.text === name?.text);
    if (name !== undefined && declared !== undefined && parameter !== undefined) {
      this.#refer(parameterOf(declared, parameter), name.span);
    }
    this.#value(value, parameter && choicesOf(parameter), scope);
  }

  /** A value that may be one of some words, and is that word then. */
  #value(expression: Expression, choices: readonly string[] | undefined, scope: Scope): void {
    const isWord = expression.kind === 'name' && choices?.includes(expression.name) === true;
    if (!isWord) this.#expression(expression, scope);
  }
}

/** The words of the parameter that an expression names. */
function choicesAt(expression: Expression, scope: Scope): readonly string[] | undefined {
  return expression.kind === 'name' ? scope.find(expression.name)?.choices : undefined;
}

function fieldOf({ body }: Section, name: string): Field | undefined {
  const found = body?.members.find(
    (member) => member.kind === 'field' && member.name.text === name,
  );
  return found?.kind === 'field' ? found : undefined;
}

type StringExpression = Extract<Expression, { readonly kind: 'string' }>;

const stringsIn = (expression: Expression): readonly StringExpression[] =>
  expression.kind === 'string' ? [expression] : partsOf(expression).flatMap(stringsIn);
