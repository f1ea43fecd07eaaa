import * as fc from 'fast-check';
import type {
  Argument,
  BinaryOperator,
  Bound,
  Expression,
  Identifier,
  Member,
  NumberLiteral,
  ParameterNode,
  Section,
  TypeExpression,
} from '../../src/parser/ast.js';

/** Built trees carry places that say nothing. */
const span = { file: '', start: 0, end: 0 };

const operators: readonly BinaryOperator[] = [
  ...(['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'and', 'or'] as const),
];

const identifier: fc.Arbitrary<Identifier> = fc
  .constantFrom('a', 'in', 'conv', 'batch_norm', 'level', 'x1', '_y', 'iffy', 'a_rather_long_name')
  .map((text) => ({ text, span }));

const number: fc.Arbitrary<NumberLiteral> = fc
  .constantFrom('0', '3', '64', '0.01', '1e-5', '1_000')
  .map((text) => ({ kind: 'number', value: Number(text.replaceAll('_', '')), text, span }));

const string = fc.oneof(
  fc.constantFrom('', 'same', 'a "b"', 'back\\slash', '🧠', '// no comment', 'a, b: {'),
  fc.string({ maxLength: 12 }).filter((text) => !/[\0\r\n\u2028\u2029]/.test(text)),
);

/** Any expression that the grammar can say. */
export const expression: fc.Arbitrary<Expression> = fc.letrec<{
  leaf: Expression;
  node: Expression;
  expression: Expression;
}>((tie) => {
  const inner = tie('expression');
  const argument: fc.Arbitrary<Argument> = fc.record({
    name: fc.option(identifier, { nil: undefined }),
    value: inner,
    span: fc.constant(span),
  });
  return {
    leaf: fc.oneof(
      number,
      string.map((value): Expression => ({ kind: 'string', value, span })),
      fc.boolean().map((value): Expression => ({ kind: 'boolean', value, span })),
      identifier.map(({ text }): Expression => ({ kind: 'name', name: text, span })),
    ),
    node: fc.oneof(
      fc.array(inner, { maxLength: 4 }).map((items): Expression => ({ kind: 'list', items, span })),
      fc
        .tuple(identifier, fc.array(argument, { maxLength: 4 }))
        .map(([callee, args]): Expression => ({ kind: 'call', callee, args, span })),
      fc
        .tuple(inner, identifier)
        .map(([object, member]): Expression => ({ kind: 'member', object, member, span })),
      fc
        .tuple(fc.constantFrom('-' as const, 'not' as const), inner)
        .map(([operator, operand]): Expression => ({ kind: 'unary', operator, operand, span })),
      fc
        .tuple(fc.constantFrom(...operators), inner, inner)
        .map(([operator, left, right]): Expression => ({
          kind: 'binary',
          operator,
          operatorSpan: span,
          left,
          right,
          span,
        })),
      fc
        .tuple(inner, inner, fc.option(inner, { nil: undefined }))
        .map(([value, condition, otherwise]): Expression => ({
          kind: 'conditional',
          value,
          condition,
          otherwise,
          span,
        })),
      fc
        .array(inner, { minLength: 2, maxLength: 5 })
        .map((steps): Expression => ({ kind: 'pipeline', steps, span })),
    ),
    expression: fc.oneof({ maxDepth: 5, withCrossShrink: true }, tie('leaf'), tie('node')),
  };
}).expression;

const bound = (word: Bound['word'], value: number): Bound => ({
  word,
  value,
  text: String(value),
  span,
});

const limits: readonly (readonly Bound[])[] = [
  ...[[], [], [bound('from', 1)], [bound('above', -2)], [bound('below', 1.5)]],
  [bound('from', 0), bound('to', 1)],
  [bound('above', -1), bound('below', 0)],
];

const type: fc.Arbitrary<TypeExpression> = fc.letrec<{ type: TypeExpression }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc
      .tuple(identifier, fc.constantFrom(...limits))
      .map(([name, bounds]): TypeExpression => ({ kind: 'named', name, bounds, span })),
    fc
      .array(
        fc.oneof(
          identifier.map((name) => ({ ...name, value: undefined })),
          number.map(({ text, value }) => ({ text: `-${text}`, value: -value, span })),
        ),
        { minLength: 2, maxLength: 3 },
      )
      .map((options): TypeExpression => ({ kind: 'choice', options, span })),
    tie('type').map((item): TypeExpression => ({ kind: 'list-of', item, span })),
  ),
})).type;

const parameter: fc.Arbitrary<ParameterNode> = fc.record({
  name: identifier,
  type: fc.option(type, { nil: undefined }),
  defaultValue: fc.option(expression, { nil: undefined }),
  span: fc.constant(span),
});

const doc = fc.option(
  fc.constantFrom('One line.', 'Two\nlines.', '', '/slashes', ' indented\n\nwith a gap'),
  { nil: undefined },
);

/** Any section that may stand in a body or alone in a file. */
export const section: fc.Arbitrary<Section> = fc.letrec<{ member: Member; section: Section }>(
  (tie) => ({
    member: fc.oneof(
      { maxDepth: 3 },
      fc
        .tuple(
          fc.constantFrom('field' as const, 'assignment' as const),
          identifier,
          expression,
          doc,
        )
        .map(([kind, name, value, text]): Member => ({ kind, name, value, doc: text, span })),
      tie('section'),
    ),
    section: fc
      .record({
        keyword: identifier,
        name: fc.option(identifier, { nil: undefined }),
        selectors: fc.array(number, { maxLength: 2 }),
        parameters: fc.option(fc.array(parameter, { maxLength: 3 }), { nil: undefined }),
        value: fc.option(fc.tuple(fc.constantFrom(':' as const, '=' as const), expression), {
          nil: undefined,
        }),
        members: fc.option(fc.array(tie('member'), { maxLength: 4 }), { nil: undefined }),
        doc,
      })
      .map(({ keyword, name, selectors, parameters, value, members, doc: text }): Section => {
        const ownSelectors = name === undefined ? selectors : [];
        // A word directly before a colon is a field, so a section's value needs more before it.
        const canHaveValue = name !== undefined || ownSelectors.length > 0 || parameters;
        return {
          kind: 'section',
          keyword,
          name,
          selectors: ownSelectors,
          parameters,
          value: canHaveValue ? value?.[1] : undefined,
          separator: canHaveValue ? value?.[0] : undefined,
          body: members && { members, open: span, close: span, span },
          doc: text,
          span,
        };
      }),
  }),
).section;
