import type { IToken, TokenType } from 'chevrotain';
import type { SourceFile, Span } from '../diagnostics/source.js';
import type { Argument, BinaryOperator, Expression, Identifier } from './ast.js';
import { leavesOf, type Leaves } from './build-leaves.js';
import { precedence, precedenceOfOperator } from './precedence.js';
import * as t from './tokens.js';

const binaryOperators: ReadonlyMap<TokenType, BinaryOperator> = new Map([
  [t.Or, 'or'],
  [t.And, 'and'],
  [t.EqualEqual, '=='],
  [t.NotEqual, '!='],
  [t.LessEqual, '<='],
  [t.GreaterEqual, '>='],
  [t.Less, '<'],
  [t.Greater, '>'],
  [t.Plus, '+'],
  [t.Minus, '-'],
  [t.Star, '*'],
  [t.Slash, '/'],
  [t.Percent, '%'],
]);

/** An expression, and the index of the token behind it. */
export interface ReadExpression {
  readonly value: Expression;
  readonly end: number;
}

/**
 * Reads expressions without mistakes by precedence climbing: nearly all that a spec holds,
 * many times as fast as the rules of the grammar, which it agrees with. At anything else it
 * gives up; the rules, which recover from mistakes, then read that expression.
 */
export class ExpressionReader {
  readonly #tokens: readonly IToken[];
  readonly #leaves: Leaves;
  readonly #file: string;
  /** The index of the next token. */
  #at = 0;

  constructor(tokens: readonly IToken[], source: SourceFile) {
    this.#tokens = tokens;
    this.#leaves = leavesOf(source);
    this.#file = source.path;
  }

  /** The longest expression that begins at a token; undefined where it has a mistake. */
  read(start: number): ReadExpression | undefined {
    this.#at = start;
    const value = this.#expression();
    return value && { value, end: this.#at };
  }

  #expression(): Expression | undefined {
    const first = this.#at;
    const value = this.#pipeline();
    if (value === undefined || !this.#skip(t.If)) return value;
    const condition = this.#operation(precedence.or);
    if (condition === undefined) return undefined;
    const hasElse = this.#skip(t.Else);
    const otherwise = hasElse ? this.#expression() : undefined;
    if (hasElse && otherwise === undefined) return undefined;
    return { kind: 'conditional', value, condition, otherwise, span: this.#spanFrom(first) };
  }

  #pipeline(): Expression | undefined {
    const first = this.#at;
    const steps: Expression[] = [];
    do {
      const step = this.#operation(precedence.or);
      if (step === undefined) return undefined;
      steps.push(step);
    } while (this.#skip(t.Arrow));
    return steps.length === 1 ? steps[0] : { kind: 'pipeline', steps, span: this.#spanFrom(first) };
  }

  /** Operands joined by operators that bind at least as tightly as `loosest`. */
  #operation(loosest: number): Expression | undefined {
    let left = this.#operand(loosest);
    let hasComparison = false;
    while (left !== undefined) {
      const token = this.#tokens[this.#at];
      const operator = token && binaryOperators.get(token.tokenType);
      if (operator === undefined) return left;
      const tightness = precedenceOfOperator[operator];
      if (tightness < loosest) return left;
      const isComparison = tightness === precedence.comparison;
      // `a < b < c` needs parentheses.
      if (isComparison && hasComparison) return undefined;
      hasComparison = isComparison;
      this.#at += 1;
      const right = this.#operation(tightness + 1);
      if (right === undefined) return undefined;
      const operatorSpan = this.#leaves.tokenSpan(token!);
      const span = this.#span(left.span.start, right.span.end);
      left = { kind: 'binary', operator, operatorSpan, left, right, span };
    }
    return undefined;
  }

  #operand(loosest: number): Expression | undefined {
    const first = this.#at;
    if (this.#skip(t.Not)) {
      const operand =
        loosest <= precedence.not ? this.#operation(precedence.comparison) : undefined;
      return operand && { kind: 'unary', operator: 'not', operand, span: this.#spanFrom(first) };
    }
    if (this.#skip(t.Minus)) {
      const operand = this.#postfix();
      return operand && { kind: 'unary', operator: '-', operand, span: this.#spanFrom(first) };
    }
    return this.#postfix();
  }

  #postfix(): Expression | undefined {
    let value = this.#primary();
    while (value !== undefined && this.#skip(t.Dot)) {
      const member = this.#name();
      if (member === undefined) return undefined;
      const span = this.#span(value.span.start, member.span.end);
      value = { kind: 'member', object: value, member, span };
    }
    return value;
  }

  #primary(): Expression | undefined {
    const first = this.#at;
    const token = this.#tokens[first];
    switch (token?.tokenType) {
      case t.Identifier:
        return this.#beginsMember(token) ? undefined : this.#nameOrCall();
      case t.NumberToken:
        this.#at += 1;
        return this.#leaves.number(token);
      case t.StringToken:
        this.#at += 1;
        return this.#leaves.string(token);
      case t.True:
      case t.False:
        this.#at += 1;
        return { kind: 'boolean', value: token.tokenType === t.True, span: this.#spanFrom(first) };
      case t.LeftBracket: {
        this.#at += 1;
        const items = this.#list(t.RightBracket, () => this.#expression());
        return items && { kind: 'list', items, span: this.#spanFrom(first) };
      }
      case t.LeftParenthesis: {
        this.#at += 1;
        const value = this.#expression();
        return this.#skip(t.RightParenthesis) ? value : undefined;
      }
      default:
        return undefined;
    }
  }

  #nameOrCall(): Expression | undefined {
    const first = this.#at;
    const callee = this.#name();
    if (callee === undefined) return undefined;
    if (!this.#skip(t.LeftParenthesis)) {
      return { kind: 'name', name: callee.text, span: callee.span };
    }
    const args = this.#list(t.RightParenthesis, () => this.#argument());
    return args && { kind: 'call', callee, args, span: this.#spanFrom(first) };
  }

  #argument(): Argument | undefined {
    const first = this.#at;
    const isNamed = this.#tokens[first + 1]?.tokenType === t.Colon;
    const name = isNamed ? this.#name() : undefined;
    if (isNamed && !(name !== undefined && this.#skip(t.Colon))) return undefined;
    const value = this.#expression();
    return value && { name, value, span: this.#spanFrom(first) };
  }

  /** What stands between commas, to the bracket that closes it. */
  #list<T>(closer: TokenType, readItem: () => T | undefined): readonly T[] | undefined {
    const items: T[] = [];
    if (this.#skip(closer)) return items;
    do {
      const item = readItem();
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#skip(t.Comma));
    return this.#skip(closer) ? items : undefined;
  }

  #name(): Identifier | undefined {
    const token = this.#tokens[this.#at];
    if (!this.#skip(t.Identifier)) return undefined;
    return { text: token!.image, span: this.#leaves.tokenSpan(token!) };
  }

  /** As in the grammar: a name on a new line before ":" or "=" is no value. */
  #beginsMember({ startLine }: IToken): boolean {
    const next = this.#tokens[this.#at + 1]?.tokenType;
    if (next !== t.Colon && next !== t.Equals) return false;
    return (startLine ?? 0) > (this.#tokens[this.#at - 1]?.startLine ?? 0);
  }

  /** Goes over a token of a type; not over one that was made up, which no text lies under. */
  #skip(type: TokenType): boolean {
    const token = this.#tokens[this.#at];
    if (token?.tokenType !== type || token.image === '') return false;
    this.#at += 1;
    return true;
  }

  /** From a token to the one that was read last. */
  #spanFrom(first: number): Span {
    const last = this.#tokens[this.#at - 1]!;
    return this.#span(this.#tokens[first]!.startOffset, last.startOffset + last.image.length);
  }

  #span(start: number, end: number): Span {
    return { file: this.#file, start, end };
  }
}
