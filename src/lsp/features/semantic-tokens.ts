import { SemanticTokensBuilder, type SemanticTokens } from 'vscode-languageserver';
import { isComponent } from '../../catalog/index.js';
import type { Expression, Member } from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';
import type { SymbolKind } from '../symbols/symbol.js';
import type { FeatureContext } from './feature.js';

/** Kinds and modifiers of tokens; their places in these lists are the protocol's numbers. */
export const tokenTypes = [
  'class',
  'function',
  'namespace',
  'parameter',
  'variable',
  'property',
  'enumMember',
] as const;
export const tokenModifiers = ['declaration', 'readonly', 'defaultLibrary'] as const;

type TokenType = (typeof tokenTypes)[number];
type TokenModifier = (typeof tokenModifiers)[number];

const typeOfSymbol: Readonly<Record<SymbolKind, TokenType>> = {
  model: 'class',
  block: 'function',
  encoder: 'namespace',
  part: 'namespace',
  parameter: 'parameter',
  value: 'variable',
  input: 'variable',
  tensor: 'variable',
  tap: 'property',
  shared: 'function',
  head: 'property',
};

interface Token {
  readonly start: number;
  readonly end: number;
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** What names are, which a colouring by text alone cannot know: blocks, layers, tensors, parameters. */
export function semanticTokens({ analysis }: FeatureContext): SemanticTokens {
  const { source, compilation, index } = analysis;
  const tokens = new Map<number, Token>();
  const add = (
    { start, end }: { readonly start: number; readonly end: number },
    type: TokenType,
    ...modifiers: readonly TokenModifier[]
  ): void => {
    if (end > start && !tokens.has(start)) tokens.set(start, { start, end, type, modifiers });
  };
  for (const { span, symbol, isDeclaration, isPart } of index.occurrences) {
    if (isPart === true) continue;
    const isData = symbol.kind === 'parameter' || symbol.kind === 'value';
    add(
      span,
      typeOfSymbol[symbol.kind],
      ...(isDeclaration ? (['declaration'] as const) : []),
      ...(isData ? (['readonly'] as const) : []),
    );
  }
  for (const section of compilation.parsed.file.sections) visit(section);

  const builder = new SemanticTokensBuilder();
  for (const { start, end, type, modifiers } of [...tokens.values()].sort(
    (a, b) => a.start - b.start,
  )) {
    const { line, column } = source.position(start);
    const bits = modifiers.reduce((sum, each) => sum | (1 << tokenModifiers.indexOf(each)), 0);
    builder.push(line - 1, column - 1, end - start, tokenTypes.indexOf(type), bits);
  }
  return builder.build();

  function visit(member: Member): void {
    if (member.kind === 'field') add(member.name.span, 'property');
    if ('value' in member && member.value !== undefined) expression(member.value);
    if (member.kind === 'loop') expression(member.items);
    const body = member.kind === 'section' || member.kind === 'loop' ? member.body : undefined;
    for (const inner of body?.members ?? []) visit(inner);
  }
  function expression(node: Expression): void {
    if (node.kind === 'name' && isComponent('layer', node.name)) {
      add(node.span, 'function', 'defaultLibrary');
    }
    if (node.kind === 'call') {
      add(node.callee.span, 'function', 'defaultLibrary');
      for (const { name } of node.args) if (name !== undefined) add(name.span, 'parameter');
    }
    if (node.kind === 'member') add(node.member.span, 'property', 'readonly');
    partsOf(node).forEach(expression);
  }
}
