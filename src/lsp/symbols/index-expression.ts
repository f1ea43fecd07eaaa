import type { Declaration } from '../../frontend/declarations/blocks.js';
import type { Argument, Expression } from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';
import { choicesOf, parameterOf } from './declared-symbols.js';
import type { Scope } from './symbol.js';
import type { SymbolRecorder } from './symbol-recorder.js';

/** The names in an expression. */
export function indexExpression(
  symbols: SymbolRecorder,
  expression: Expression,
  scope: Scope,
): void {
  switch (expression.kind) {
    case 'name': {
      const symbol = scope.find(expression.name);
      if (symbol !== undefined) symbols.refer(symbol, expression.span);
      else symbols.callee({ text: expression.name, span: expression.span });
      return;
    }
    case 'call': {
      const declared = symbols.callee(expression.callee);
      for (const argument of expression.args) indexArgument(symbols, argument, declared, scope);
      return;
    }
    case 'binary': {
      const { left, right } = expression;
      indexValue(symbols, left, choicesAt(right, scope), scope);
      indexValue(symbols, right, choicesAt(left, scope), scope);
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
      for (const part of partsOf(expression)) indexExpression(symbols, part, scope);
  }
}

/** An argument, whose name is the parameter's of a declared block or encoder. */
function indexArgument(
  symbols: SymbolRecorder,
  { name, value }: Argument,
  declared: Declaration | undefined,
  scope: Scope,
): void {
  const parameter = declared?.parameters.find((each) => each.name.text === name?.text);
  if (name !== undefined && declared !== undefined && parameter !== undefined) {
    symbols.refer(parameterOf(declared, parameter), name.span);
  }
  indexValue(symbols, value, parameter && choicesOf(parameter), scope);
}

/** A value that may be one of some words, and is that word then. */
export function indexValue(
  symbols: SymbolRecorder,
  expression: Expression,
  choices: readonly string[] | undefined,
  scope: Scope,
): void {
  const isWord = expression.kind === 'name' && choices?.includes(expression.name) === true;
  if (!isWord) indexExpression(symbols, expression, scope);
}

/** The names in braces in the texts of an expression. */
export function indexTexts(symbols: SymbolRecorder, expression: Expression, scope: Scope): void {
  for (const text of stringsIn(expression)) {
    for (const match of symbols.textOf(text.span).matchAll(/\{\s*(\w+)\s*\}/g)) {
      const start = text.span.start + match.index + match[0].indexOf(match[1]!);
      const span = { ...text.span, start, end: start + match[1]!.length };
      symbols.refer(scope.find(match[1]!), span);
    }
  }
}

/** The words of the parameter that an expression names. */
function choicesAt(expression: Expression, scope: Scope): readonly string[] | undefined {
  return expression.kind === 'name' ? scope.find(expression.name)?.choices : undefined;
}

type StringExpression = Extract<Expression, { readonly kind: 'string' }>;

const stringsIn = (expression: Expression): readonly StringExpression[] =>
  expression.kind === 'string' ? [expression] : partsOf(expression).flatMap(stringsIn);
