import type { CstNode, IToken } from 'chevrotain';
import type { Span } from '../diagnostics/source.js';
import type { Argument, BinaryOperator, Expression } from './ast.js';
import type { Leaves } from './build-leaves.js';
import { nodeOf, nodesOf, tokenOf, tokensOf } from './cst.js';
import { expressionIn } from './reading-parser.js';

/** Builds expressions; what recovery left out is `missing`, at the node that should hold it. */
export function expressionBuilder({
  identifier,
  number,
  string,
  tokenSpan,
  spanOf,
}: Leaves): (node: CstNode | undefined, parent: CstNode) => Expression {
  return buildExpression;

  function buildExpression(node: CstNode | undefined, parent: CstNode): Expression {
    const read = node && expressionIn(node);
    if (read !== undefined) return read;
    const pipeline = node && nodeOf(node, 'pipelineRule');
    if (node === undefined || pipeline === undefined) return missing(node ?? parent);
    const value = buildPipeline(pipeline);
    const condition = nodeOf(node, 'orRule');
    if (tokenOf(node, 'If') === undefined) return value;
    const otherwise = nodeOf(node, 'expressionRule');
    return {
      kind: 'conditional',
      value,
      condition: condition === undefined ? missing(node) : buildChain(condition),
      otherwise: tokenOf(node, 'Else') === undefined ? undefined : buildExpression(otherwise, node),
      span: spanOf(node),
    };
  }

  function buildPipeline(node: CstNode): Expression {
    const steps = nodesOf(node, 'orRule').map(buildChain);
    const arrows = tokensOf(node, 'Arrow').length;
    while (steps.length < arrows + 1) steps.push(missing(node));
    return steps.length === 1 ? steps[0]! : { kind: 'pipeline', steps, span: spanOf(node) };
  }

  /** `or` and `and`: operands of one rule joined by one operator. */
  function buildChain(node: CstNode): Expression {
    const isOr = node.name === 'orRule';
    const operands = isOr
      ? nodesOf(node, 'andRule').map(buildChain)
      : nodesOf(node, 'notRule').map(buildNot);
    const operators = tokensOf(node, isOr ? 'Or' : 'And');
    return foldBinary(operands, operators, node);
  }

  function buildNot(node: CstNode): Expression {
    const inner = nodeOf(node, 'comparisonRule');
    const operand =
      inner === undefined
        ? missing(node)
        : foldBinary(nodesOf(inner, 'sumRule').map(buildSum), tokensOf(inner, 'operator'), inner);
    return tokenOf(node, 'Not') === undefined
      ? operand
      : { kind: 'unary', operator: 'not', operand, span: spanOf(node) };
  }

  function buildSum(node: CstNode): Expression {
    return foldBinary(
      nodesOf(node, 'productRule').map(buildProduct),
      tokensOf(node, 'operator'),
      node,
    );
  }

  function buildProduct(node: CstNode): Expression {
    return foldBinary(nodesOf(node, 'unaryRule').map(buildUnary), tokensOf(node, 'operator'), node);
  }

  function foldBinary(
    operands: readonly Expression[],
    operators: readonly IToken[],
    node: CstNode,
  ): Expression {
    let left = operands[0] ?? missing(node);
    for (const [index, operator] of operators.entries()) {
      const right = operands[index + 1] ?? missing(node);
      left = {
        kind: 'binary',
        operator: operator.image as BinaryOperator,
        operatorSpan: tokenSpan(operator),
        left,
        right,
        span: spanAround([left.span, tokenSpan(operator), right.span]),
      };
    }
    return left;
  }

  function buildUnary(node: CstNode): Expression {
    const inner = nodeOf(node, 'postfixRule');
    const operand = inner === undefined ? missing(node) : buildPostfix(inner);
    return tokenOf(node, 'Minus') === undefined
      ? operand
      : { kind: 'unary', operator: '-', operand, span: spanOf(node) };
  }

  function buildPostfix(node: CstNode): Expression {
    const primary = nodeOf(node, 'primaryRule');
    let value = primary === undefined ? missing(node) : buildPrimary(primary);
    // A dot behind nothing is an error already.
    if (value.kind === 'missing') return value;
    for (const token of tokensOf(node, 'Identifier')) {
      const member = identifier(token, node);
      value = {
        kind: 'member',
        object: value,
        member,
        span: spanAround([value.span, member.span]),
      };
    }
    return value;
  }

  function buildPrimary(node: CstNode): Expression {
    const span = spanOf(node);
    const numeric = tokenOf(node, 'Number');
    if (numeric !== undefined) return number(numeric);
    const text = tokenOf(node, 'String');
    if (text !== undefined) return string(text);
    if (tokenOf(node, 'True') ?? tokenOf(node, 'False')) {
      return { kind: 'boolean', value: tokenOf(node, 'True') !== undefined, span };
    }
    const list = nodeOf(node, 'listRule');
    if (list !== undefined) {
      const items = nodesOf(list, 'expressionRule').map((item) => buildExpression(item, list));
      return { kind: 'list', items, span };
    }
    const group = nodeOf(node, 'groupRule');
    if (group !== undefined) return buildExpression(nodeOf(group, 'expressionRule'), group);
    const nameOrCall = nodeOf(node, 'nameOrCallRule');
    return nameOrCall === undefined ? missing(node) : buildNameOrCall(nameOrCall);
  }

  function buildNameOrCall(node: CstNode): Expression {
    const name = identifier(tokenOf(node, 'Identifier'), node);
    const args = nodeOf(node, 'argumentsRule');
    if (args === undefined) return { kind: 'name', name: name.text, span: name.span };
    return {
      kind: 'call',
      callee: name,
      args: nodesOf(args, 'argumentRule').map(buildArgument),
      span: spanOf(node),
    };
  }

  function buildArgument(node: CstNode): Argument {
    const name = tokenOf(node, 'Identifier');
    return {
      name: name === undefined ? undefined : identifier(name, node),
      value: buildExpression(nodeOf(node, 'expressionRule'), node),
      span: spanOf(node),
    };
  }

  function missing(near: CstNode): Expression {
    return { kind: 'missing', span: spanOf(near) };
  }
}

/** From the first part to the last; parts that recovery made up stand nowhere. */
function spanAround(parts: readonly [Span, ...Span[]]): Span {
  const real = parts.filter(({ start, end }) => start < end);
  if (real.length === 0) return parts[0];
  const start = Math.min(...real.map((part) => part.start));
  return { ...parts[0], start, end: Math.max(...real.map((part) => part.end)) };
}
