import type { Body, Member, ParameterNode, Section } from '../../parser/ast.js';
import { choicesOf, symbolOf } from './declared-symbols.js';
import { indexExpression, indexTexts, indexValue } from './index-expression.js';
import type { Scope } from './symbol.js';
import type { SymbolRecorder } from './symbol-recorder.js';

/** A block or an encoder, its parameters and its lines. */
export function indexDeclaration(
  symbols: SymbolRecorder,
  section: Section,
  kind: 'block' | 'encoder',
  top: Scope,
): void {
  const { name } = section;
  if (name === undefined) return;
  const declared = symbols.blocks.declared(name.text);
  const isFirst = declared?.name.span.start === name.span.start;
  if (declared !== undefined && isFirst) {
    symbols.markDeclaration(symbolOf(declared), name.span);
  }
  const scope = symbols.open(top, section.span);
  indexParameters(symbols, section.parameters ?? [], kind, name.text, scope);
  if (section.value !== undefined) indexExpression(symbols, section.value, scope);
  if (section.body !== undefined) indexLines(symbols, section.body, name.text, kind, scope, scope);
}

/** Parameters, with the defaults that they have. */
export function indexParameters(
  symbols: SymbolRecorder,
  parameters: readonly ParameterNode[],
  kind: 'block' | 'encoder' | 'model' | 'train',
  owner: string,
  scope: Scope,
): void {
  for (const parameter of parameters) {
    const { name, defaultValue } = parameter;
    const choices = choicesOf(parameter);
    if (defaultValue !== undefined) indexValue(symbols, defaultValue, choices, scope);
    const what = kind === 'train' ? `parameter of "${owner}"` : `parameter of ${kind} "${owner}"`;
    symbols.declare('parameter', name, `${owner}.`, what, scope, choices && { choices });
  }
}

/** Lines of a block or an encoder; tensors are known in the whole body, values in their loop. */
function indexLines(
  symbols: SymbolRecorder,
  { members }: Body,
  owner: string,
  kind: 'block' | 'encoder',
  body: Scope,
  scope: Scope,
): void {
  for (const member of members) indexLine(symbols, member, owner, kind, body, scope);
}

function indexLine(
  symbols: SymbolRecorder,
  member: Member,
  owner: string,
  kind: 'block' | 'encoder',
  body: Scope,
  scope: Scope,
): void {
  if (member.kind === 'field') indexAssertion(symbols, member, scope);
  else if (member.kind === 'assignment') {
    indexExpression(symbols, member.value, scope);
    symbols.tensor(member.name, `${owner}.`, `tensor of ${kind} "${owner}"`, body, member.doc);
  } else if (member.kind === 'loop') {
    indexExpression(symbols, member.items, scope);
    const inner = symbols.open(scope, member.body.span);
    for (const name of member.names) {
      const place = `${owner}.${member.span.start}.`;
      symbols.declare('value', name, place, 'name of a loop', inner);
    }
    indexLines(symbols, member.body, owner, kind, body, inner);
  } else if (member.kind === 'section') {
    const { keyword, name, value } = member;
    if (keyword.text === 'names') indexNames(symbols, member, scope);
    if (value === undefined || name === undefined) return;
    indexExpression(symbols, value, scope);
    if (keyword.text === 'let') {
      const known = scope.own(name.text);
      const place = `${owner}.${scope.span.start}.`;
      if (known?.kind === 'value') symbols.refer(known, name.span);
      else symbols.declare('value', name, place, 'value', scope, { doc: member.doc });
    }
    if (keyword.text === 'shared') {
      const what = `shared instance of ${kind} "${owner}"`;
      const place = `${owner}.${scope.span.start}.`;
      symbols.declare('shared', name, place, what, scope, { doc: member.doc });
    }
    if (keyword.text === 'tap') {
      const what = `tap of encoder "${owner}"`;
      const known = body.own(name.text);
      if (known?.kind === 'tap') symbols.refer(known, name.span);
      else symbols.declare('tap', name, `${owner}.`, what, body, { doc: member.doc });
    }
  }
}

/** `names torch { stem: "conv{i}" }`: lines, and values in braces. */
export function indexNames(symbols: SymbolRecorder, section: Section, scope: Scope): void {
  for (const member of section.body?.members ?? []) {
    if (member.kind !== 'field') continue;
    symbols.refer(scope.find(member.name.text), member.name.span);
    indexExpression(symbols, member.value, scope);
    indexTexts(symbols, member.value, scope);
  }
}

/** `error: "{levels} levels are too many" if levels > 5`: a condition, and values in braces. */
export function indexAssertion(
  symbols: SymbolRecorder,
  member: Member & { readonly kind: 'field' },
  scope: Scope,
): void {
  if (member.name.text !== 'error') return;
  indexExpression(symbols, member.value, scope);
  indexTexts(symbols, member.value, scope);
}
