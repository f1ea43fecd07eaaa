import type { ModelDraft } from '../../compile.js';
import { nestedSlotName, slotNames } from '../../catalog/sections.js';
import { ownValue } from '../../diagnostics/own-value.js';
import { nowhere } from '../../diagnostics/source.js';
import { ownName } from '../../frontend/schemes/find-sections.js';
import { encoderWord } from '../../frontend/schemes/read-encoders.js';
import { skipOfDecoder } from '../../frontend/schemes/skips-in.js';
import { nameWithin } from '../../ir/lattice.js';
import { describeProvenance } from '../../ir/provenance.js';
import type { Expression, Field, Identifier, Section } from '../../parser/ast.js';
import { choicesOf, parameterOf, tapOf } from './declared-symbols.js';
import { indexAssertion, indexNames, indexParameters } from './index-declaration.js';
import { indexExpression, indexValue } from './index-expression.js';
import type { Scope, SpecSymbol } from './symbol.js';
import type { SymbolRecorder } from './symbol-recorder.js';

/** A model with all of its sections; returns its heads by name. */
export function indexModel(
  symbols: SymbolRecorder,
  drafts: readonly ModelDraft[],
  section: Section,
  top: Scope,
): ReadonlyMap<string, SpecSymbol> {
  const name = section.name?.text ?? '';
  const { doc } = section;
  if (section.name !== undefined) symbols.declare('model', section.name, '', 'model', top, { doc });
  const scope = symbols.open(top, section.span);
  indexParameters(symbols, section.parameters ?? [], 'model', name, scope);
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'field') indexAssertion(symbols, member, scope);
  }
  const members = (section.body?.members ?? []).filter((member) => member.kind === 'section');
  const owner = `${name}.`;
  const heads = new Map<string, SpecSymbol>();
  const of = (word: string): readonly Section[] =>
    members.filter(({ keyword }) => keyword.text === word);

  for (const input of of('input')) {
    if (input.name !== undefined) symbols.declare('input', input.name, owner, 'input', scope);
    if (input.value !== undefined) indexExpression(symbols, input.value, scope);
  }
  indexShared(symbols, of('wires'), owner, scope);
  const parts = new Map(
    [...of('encoder'), ...of('decoder')].flatMap((part) => {
      const called = ownName(part);
      if (called === undefined) return [];
      const what = part.keyword.text;
      const symbol = symbols.declare('part', called, owner, what, scope, { doc: part.doc });
      return [[called.text, symbol] as const];
    }),
  );
  for (const encoder of of('encoder')) {
    indexEncoder(symbols, encoder, parts.get(ownName(encoder)?.text ?? ''), owner, scope);
  }
  const draft = drafts.find((each) => each.section === section);
  const written = of('wires').flatMap(({ body }) => body?.members ?? []);
  const own = new Set(written.flatMap((each) => ('name' in each ? each.name?.text : undefined)));
  for (const wire of draft?.unfolded.wires ?? []) {
    if (own.has(wire.name) || !symbols.holds(wire.nameSpan)) continue;
    const at = { text: wire.name, span: wire.nameSpan };
    const { madeBy } = wire;
    const part =
      madeBy.kind === 'decoder'
        ? madeBy.decoder
        : madeBy.kind === 'encoder'
          ? madeBy.encoder
          : undefined;
    const within = parts.get(part ?? '');
    symbols.declare('tensor', at, owner, describeProvenance(madeBy), scope, {
      isImplicit: true,
      parts: within === undefined ? [] : [{ symbol: within, start: 0 }],
    });
  }
  for (const skip of of('skip'))
    indexSlots(symbols, skip, slotNames['skip']!, isNested(skip), scope);
  for (const decoder of of('decoder')) {
    const skip = skipOfDecoder(section, decoder.name?.text);
    indexSlots(symbols, decoder, slotNames['decoder']!, isNested(skip), scope);
  }
  for (const wires of of('wires')) {
    for (const member of wires.body?.members ?? []) {
      if (member.kind !== 'assignment') continue;
      indexExpression(symbols, member.value, scope);
      symbols.tensor(member.name, owner, 'tensor', scope, member.doc);
    }
  }
  for (const head of of('head')) {
    if (head.value !== undefined) indexExpression(symbols, head.value, scope);
    indexFields(symbols, head, scope);
    if (head.name === undefined) continue;
    const symbol = symbols.declare('head', head.name, owner, 'head', scope, { doc: head.doc });
    heads.set(head.name.text, symbol);
  }
  for (const names of of('names')) {
    indexNames(symbols, names, scope);
    for (const encoder of of('encoder')) {
      if (ownName(encoder) === undefined) indexPrefix(symbols, names, encoder.name);
    }
  }
  return heads;
}

const isNested = (skip: Section | undefined): boolean => skip?.name?.text === 'nested';

/** Instances of `wires`, which slots, wires and heads call. */
function indexShared(
  symbols: SymbolRecorder,
  wires: readonly Section[],
  owner: string,
  scope: Scope,
): void {
  for (const { keyword, name, value, doc } of wires.flatMap(sectionsIn)) {
    if (keyword.text !== 'shared' || name === undefined) continue;
    if (value !== undefined) indexExpression(symbols, value, scope);
    symbols.declare('shared', name, owner, 'shared instance', scope, { doc });
  }
}

const sectionsIn = ({ body }: Section): readonly Section[] =>
  (body?.members ?? []).filter((member) => member.kind === 'section');

/** What stands before the names of a declared encoder, which is called by its own. */
function indexPrefix(symbols: SymbolRecorder, names: Section, encoder?: Identifier): void {
  for (const member of names.body?.members ?? []) {
    if (member.kind === 'field' && member.name.text === encoder?.text) symbols.callee(member.name);
  }
}

/** An encoder in a model, with its name there if it has one: a scheme, or a declared one with its parameters and taps. */
function indexEncoder(
  symbols: SymbolRecorder,
  section: Section,
  part: SpecSymbol | undefined,
  owner: string,
  scope: Scope,
): void {
  const word = encoderWord(section);
  const declared = word && symbols.callee(word);
  if (section.value?.kind === 'pipeline') {
    for (const step of section.value.steps.slice(0, -1)) indexExpression(symbols, step, scope);
  }
  const taps = declared?.kind === 'encoder' ? declared.taps : [];
  const places = new Map(taps.map((tap) => [tap, declared && tapOf(declared, tap)]));
  const picked = fieldOf(section, 'taps');
  for (const member of section.body?.members ?? []) {
    if (member.kind !== 'field') continue;
    if (declared === undefined) continue;
    const parameter = declared.parameters.find(({ name }) => name.text === member.name.text);
    if (parameter !== undefined) {
      symbols.refer(parameterOf(declared, parameter), member.name.span);
    }
    if (member === picked) continue;
    indexValue(symbols, member.value, parameter && choicesOf(parameter), scope);
  }
  if (declared === undefined) indexSlots(symbols, section, slotNames['encoder']!, false, scope);
  const items = picked?.value.kind === 'list' ? picked.value.items : undefined;
  const names = items ?? taps.map((name): Expression => ({ kind: 'name', name, span: nowhere }));
  for (const item of names) {
    if (item.kind !== 'name') continue;
    const tap = places.get(item.name);
    if (tap === undefined) symbols.refer(scope.find(item.name), item.span);
    else {
      symbols.refer(tap, item.span);
      if (part === undefined) scope.define(tap);
      else defineTap(symbols, part, tap, owner, scope);
    }
  }
}

/** The tap of an encoder with a name: `color_s4`. */
function defineTap(
  symbols: SymbolRecorder,
  part: SpecSymbol,
  tap: SpecSymbol,
  owner: string,
  scope: Scope,
): void {
  const text = nameWithin(part.name, tap.name);
  symbols.declare('tensor', { text, span: part.declaration }, owner, tap.what, scope, {
    isImplicit: true,
    parts: [
      { symbol: part, start: 0 },
      { symbol: tap, start: text.length - tap.name.length },
    ],
  });
}

/** The fields of a scheme and of its levels; slots have names of their own. */
function indexSlots(
  symbols: SymbolRecorder,
  section: Section,
  names: Readonly<Record<string, readonly string[]>>,
  isNested: boolean,
  scope: Scope,
): void {
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'section') {
      const own = ownValue(slotNames, member.keyword.text) ?? names;
      indexSlots(symbols, member, own, isNested, scope);
    }
    if (member.kind !== 'field') continue;
    const own = ownValue(names, member.name.text) ?? [];
    const hidden = isNested ? [...own, nestedSlotName] : own;
    indexExpression(symbols, member.value, symbols.open(scope, member.value.span, hidden));
  }
}

function indexFields(symbols: SymbolRecorder, section: Section, scope: Scope): void {
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'field') indexExpression(symbols, member.value, scope);
  }
}

function fieldOf({ body }: Section, name: string): Field | undefined {
  const found = body?.members.find(
    (member) => member.kind === 'field' && member.name.text === name,
  );
  return found?.kind === 'field' ? found : undefined;
}
