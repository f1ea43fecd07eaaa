import { tokenMatcher, type IToken } from 'chevrotain';
import { ReadingParser } from './reading-parser.js';
import * as t from './tokens.js';

/**
 * The grammar of expressions, operators from the loosest to the tightest. Rules carry a
 * suffix, for a rule may not be named like a member of CstParser (`input`).
 */
export class ExpressionRules extends ReadingParser {
  readonly expressionRule = this.RULE('expressionRule', () => {
    if (this.readExpression()) return;
    this.SUBRULE(this.pipelineRule);
    this.OPTION(() => {
      this.CONSUME(t.If);
      this.SUBRULE(this.orRule);
      this.OPTION1(() => {
        this.CONSUME(t.Else);
        this.SUBRULE1(this.expressionRule);
      });
    });
  });

  readonly pipelineRule = this.RULE('pipelineRule', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Arrow, DEF: () => this.SUBRULE(this.orRule) });
  });

  readonly orRule = this.RULE('orRule', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Or, DEF: () => this.SUBRULE(this.andRule) });
  });

  readonly andRule = this.RULE('andRule', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.And, DEF: () => this.SUBRULE(this.notRule) });
  });

  readonly notRule = this.RULE('notRule', () => {
    this.OPTION(() => this.CONSUME(t.Not));
    this.SUBRULE(this.comparisonRule);
  });

  readonly comparisonRule = this.RULE('comparisonRule', () => {
    this.SUBRULE(this.sumRule);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.EqualEqual, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.NotEqual, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.LessEqual, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.GreaterEqual, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.Less, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.Greater, { LABEL: 'operator' }) },
      ]);
      this.SUBRULE1(this.sumRule);
    });
  });

  readonly sumRule = this.RULE('sumRule', () => {
    this.SUBRULE(this.productRule);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Plus, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.Minus, { LABEL: 'operator' }) },
      ]);
      this.SUBRULE1(this.productRule);
    });
  });

  readonly productRule = this.RULE('productRule', () => {
    this.SUBRULE(this.unaryRule);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Star, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.Slash, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.Percent, { LABEL: 'operator' }) },
      ]);
      this.SUBRULE1(this.unaryRule);
    });
  });

  readonly unaryRule = this.RULE('unaryRule', () => {
    this.OPTION(() => this.CONSUME(t.Minus));
    this.SUBRULE(this.postfixRule);
  });

  readonly postfixRule = this.RULE('postfixRule', () => {
    this.SUBRULE(this.primaryRule);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME(t.Identifier);
    });
  });

  readonly primaryRule = this.RULE('primaryRule', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.StringToken) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      {
        GATE: () => !this.#nextStartsMember(),
        ALT: () => this.SUBRULE(this.nameOrCallRule),
      },
      { ALT: () => this.SUBRULE(this.listRule) },
      { ALT: () => this.SUBRULE(this.groupRule) },
    ]);
  });

  readonly nameOrCallRule = this.RULE('nameOrCallRule', () => {
    this.CONSUME(t.Identifier);
    this.OPTION(() => this.SUBRULE(this.argumentsRule));
  });

  readonly argumentsRule = this.RULE('argumentsRule', () => {
    this.CONSUME(t.LeftParenthesis);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argumentRule) });
    this.CONSUME(t.RightParenthesis);
  });

  readonly argumentRule = this.RULE('argumentRule', () => {
    this.OPTION({
      GATE: () => this.nextIs(2, t.Colon),
      DEF: () => {
        this.CONSUME(t.Identifier);
        this.CONSUME(t.Colon);
      },
    });
    this.SUBRULE(this.expressionRule);
  });

  readonly listRule = this.RULE('listRule', () => {
    this.CONSUME(t.LeftBracket);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expressionRule) });
    this.CONSUME(t.RightBracket);
  });

  readonly groupRule = this.RULE('groupRule', () => {
    this.CONSUME(t.LeftParenthesis);
    this.SUBRULE(this.expressionRule);
    this.CONSUME(t.RightParenthesis);
  });

  /** A name on a new line before ":" or "=" starts a member: the value before it is missing. */
  #nextStartsMember(): boolean {
    const isOnNewLine = (this.LA(1).startLine ?? 0) > (this.LA(0).startLine ?? 0);
    return isOnNewLine && (this.nextIs(2, t.Colon) || this.nextIs(2, t.Equals));
  }

  protected nextIs(distance: number, type: IToken['tokenType']): boolean {
    return tokenMatcher(this.LA(distance), type);
  }
}
