import { EOF } from 'chevrotain';
import { ExpressionRules } from './expression-rules.js';
import { syntaxErrorProvider } from './syntax-errors.js';
import * as t from './tokens.js';

/**
 * The grammar of files, sections and their members; what they hold stands in
 * `ExpressionRules`. Each rule is a shape: which words may stand where is the catalogue's
 * business. `grammar/unet.ebnf` shows the grammar as a document.
 */
export class UnetParser extends ExpressionRules {
  constructor(options: { readonly skipValidations: boolean }) {
    super(t.allTokens as (typeof t.allTokens)[number][], {
      maxLookahead: 2,
      nodeLocationTracking: 'onlyOffset',
      skipValidations: options.skipValidations,
      errorMessageProvider: syntaxErrorProvider,
    });
    this.performSelfAnalysis();
  }

  readonly fileRule = this.RULE('fileRule', () => {
    this.MANY(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.importRule) },
        { ALT: () => this.SUBRULE(this.sectionRule) },
      ]),
    );
    this.CONSUME(EOF);
  });

  readonly importRule = this.RULE('importRule', () => {
    this.CONSUME(t.Import);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Identifier) });
    this.CONSUME(t.From);
    this.CONSUME(t.StringToken);
  });

  readonly sectionRule = this.RULE('sectionRule', () => {
    this.CONSUME(t.Identifier, { LABEL: 'keyword' });
    this.OPTION({
      // A word alone on its line does not take the next line's first word for its name.
      GATE: () => this.LA(1).startLine === this.LA(0).startLine,
      DEF: () =>
        this.OR([
          { ALT: () => this.CONSUME1(t.Identifier, { LABEL: 'name' }) },
          { ALT: () => this.SUBRULE(this.selectorsRule) },
        ]),
    });
    this.OPTION1(() => this.SUBRULE(this.parametersRule));
    this.OPTION2(() => {
      this.OR1([
        { ALT: () => this.CONSUME(t.Colon, { LABEL: 'separator' }) },
        { ALT: () => this.CONSUME(t.Equals, { LABEL: 'separator' }) },
      ]);
      this.SUBRULE(this.expressionRule);
    });
    this.OPTION3(() => this.SUBRULE(this.bodyRule));
  });

  readonly selectorsRule = this.RULE('selectorsRule', () => {
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => this.CONSUME(t.NumberToken),
    });
  });

  readonly parametersRule = this.RULE('parametersRule', () => {
    this.CONSUME(t.LeftParenthesis);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.parameterRule) });
    this.CONSUME(t.RightParenthesis);
  });

  readonly parameterRule = this.RULE('parameterRule', () => {
    this.CONSUME(t.Identifier);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.typeRule);
    });
    this.OPTION1(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expressionRule);
    });
  });

  readonly typeRule = this.RULE('typeRule', () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.choiceRule);
          this.OPTION(() => {
            this.OR1([
              { ALT: () => this.SUBRULE(this.boundsRule) },
              {
                ALT: () =>
                  this.AT_LEAST_ONE(() => {
                    this.CONSUME(t.Bar);
                    this.SUBRULE1(this.choiceRule);
                  }),
              },
            ]);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          this.SUBRULE(this.typeRule);
          this.CONSUME(t.RightBracket);
        },
      },
    ]);
  });

  /** The name of a type, or a word or number that a parameter may be. */
  readonly choiceRule = this.RULE('choiceRule', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.SUBRULE(this.signedNumberRule) },
    ]);
  });

  readonly signedNumberRule = this.RULE('signedNumberRule', () => {
    this.OPTION(() => this.CONSUME(t.Minus));
    this.CONSUME(t.NumberToken);
  });

  readonly boundsRule = this.RULE('boundsRule', () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.lowerBoundRule);
          this.OPTION(() => this.SUBRULE(this.upperBoundRule));
        },
      },
      { ALT: () => this.SUBRULE1(this.upperBoundRule) },
    ]);
  });

  readonly lowerBoundRule = this.RULE('lowerBoundRule', () => {
    this.OR([{ ALT: () => this.CONSUME(t.From) }, { ALT: () => this.CONSUME(t.Above) }]);
    this.SUBRULE(this.signedNumberRule);
  });

  readonly upperBoundRule = this.RULE('upperBoundRule', () => {
    this.OR([{ ALT: () => this.CONSUME(t.To) }, { ALT: () => this.CONSUME(t.Below) }]);
    this.SUBRULE(this.signedNumberRule);
  });

  readonly bodyRule = this.RULE('bodyRule', () => {
    this.CONSUME(t.LeftBrace);
    this.MANY(() => {
      this.SUBRULE(this.memberRule);
      this.OPTION(() => this.CONSUME(t.Comma));
    });
    this.CONSUME(t.RightBrace);
  });

  readonly memberRule = this.RULE('memberRule', () => {
    this.OR([
      {
        GATE: () => this.nextIs(2, t.Colon),
        ALT: () => this.SUBRULE(this.fieldRule),
      },
      {
        GATE: () => this.nextIs(2, t.Equals),
        ALT: () => this.SUBRULE(this.assignmentRule),
      },
      { ALT: () => this.SUBRULE(this.loopRule) },
      { ALT: () => this.SUBRULE(this.sectionRule) },
    ]);
  });

  readonly loopRule = this.RULE('loopRule', () => {
    this.CONSUME(t.For);
    this.OR([
      { ALT: () => this.CONSUME(t.Identifier) },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME1(t.Identifier) });
          this.CONSUME(t.RightBracket);
        },
      },
    ]);
    this.CONSUME(t.In);
    this.SUBRULE(this.expressionRule);
    this.SUBRULE(this.bodyRule);
  });

  /** With a body it is a section without a name, as at the top level. */
  readonly fieldRule = this.RULE('fieldRule', () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expressionRule);
    this.OPTION(() => this.SUBRULE(this.bodyRule));
  });

  readonly assignmentRule = this.RULE('assignmentRule', () => {
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expressionRule);
  });
}
