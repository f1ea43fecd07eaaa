import type { CstElement, CstNode, IToken } from 'chevrotain';
import type { SourceFile, Span } from '../diagnostics/source.js';
import type {
  Argument,
  BinaryOperator,
  Body,
  Bound,
  ChoiceOption,
  Comment,
  Expression,
  Identifier,
  Import,
  Loop,
  Member,
  NumberLiteral,
  ParameterNode,
  Section,
  SpecFile,
  StringLiteral,
  TypeExpression,
} from './ast.js';

const none: readonly CstElement[] = [];
type Children = Readonly<Record<string, readonly CstElement[] | undefined>>;

/**
 * The tree of a file from chevrotain's. Total: after recovery any child may be
 * absent, and what is absent becomes an empty name or a `missing` expression
 * that later stages pass over in silence.
 */
export function buildSpecFile(
  source: SourceFile,
  root: CstNode,
  comments: readonly Comment[],
): SpecFile {
  const file = source.path;
  const docs = collectDocs(source, comments);
  return {
    imports: nodesOf(root, 'importRule').map(buildImport),
    sections: nodesOf(root, 'sectionRule').map(buildSection),
    span: { file, start: 0, end: source.text.length },
  };

  function buildImport(node: CstNode): Import {
    const path = tokenOf(node, 'String');
    const word = tokenOf(node, 'Import');
    return {
      kind: 'import',
      names: tokensOf(node, 'Identifier').map((token) => identifier(token, node)),
      path:
        path === undefined || path.image === ''
          ? { kind: 'string', value: '', span: spanOf(node) }
          : string(path),
      doc: word && docs.before(word.startOffset),
      span: spanOf(node),
    };
  }

  function buildLoop(node: CstNode): Loop[] {
    const body = nodeOf(node, 'bodyRule');
    const word = tokenOf(node, 'For');
    if (body === undefined) return [];
    return [
      {
        kind: 'loop',
        names: tokensOf(node, 'Identifier').map((token) => identifier(token, node)),
        destructures: tokenOf(node, 'LeftBracket') !== undefined,
        items: buildExpression(nodeOf(node, 'expressionRule'), node),
        body: buildBody(body),
        doc: word && docs.before(word.startOffset),
        span: spanOf(node),
      },
    ];
  }

  function buildSection(node: CstNode): Section {
    const keyword = identifier(tokenOf(node, 'keyword'), node);
    const body = nodeOf(node, 'bodyRule');
    const parameters = nodeOf(node, 'parametersRule');
    const value = nodeOf(node, 'expressionRule');
    const separator = tokenOf(node, 'separator');
    const name = tokenOf(node, 'name');
    const selectors = nodeOf(node, 'selectorsRule');
    return {
      kind: 'section',
      keyword,
      name: name === undefined ? undefined : identifier(name, node),
      selectors:
        selectors === undefined
          ? []
          : tokensOf(selectors, 'Number')
              .filter((token) => token.image !== '')
              .map((token) => number(token)),
      parameters: parameters && nodesOf(parameters, 'parameterRule').map(buildParameter),
      value: separator === undefined ? undefined : buildExpression(value, node),
      separator: separator?.image === '=' ? '=' : separator === undefined ? undefined : ':',
      body: body && buildBody(body),
      doc: docs.before(keyword.span.start),
      span: spanOf(node),
    };
  }

  function buildParameter(node: CstNode): ParameterNode {
    const type = nodeOf(node, 'typeRule');
    const defaultValue = nodeOf(node, 'expressionRule');
    const hasDefault = tokenOf(node, 'Equals') !== undefined;
    return {
      name: identifier(tokenOf(node, 'Identifier'), node),
      type: type && buildType(type),
      defaultValue: hasDefault ? buildExpression(defaultValue, node) : undefined,
      span: spanOf(node),
    };
  }

  function buildType(node: CstNode): TypeExpression {
    const item = nodeOf(node, 'typeRule');
    const span = spanOf(node);
    if (item !== undefined) return { kind: 'list-of', item: buildType(item), span };
    const options = nodesOf(node, 'choiceRule').map(buildChoice);
    const bounds = nodesOf(node, 'boundsRule').flatMap((each) =>
      [...nodesOf(each, 'lowerBoundRule'), ...nodesOf(each, 'upperBoundRule')].map(buildBound),
    );
    const [only] = options;
    const isNamed = options.length === 1 && only !== undefined;
    return isNamed && (only.value === undefined || bounds.length > 0)
      ? { kind: 'named', name: only, bounds, span }
      : { kind: 'choice', options, span };
  }

  function buildChoice(node: CstNode): ChoiceOption {
    const signed = nodeOf(node, 'signedNumberRule');
    if (signed === undefined) {
      return { ...identifier(tokenOf(node, 'Identifier'), node), value: undefined };
    }
    const { value, text } = signedNumber(signed);
    return { text, value, span: spanOf(signed) };
  }

  function buildBound(node: CstNode): Bound {
    const word = (['From', 'Above', 'To', 'Below'] as const).find((name) => tokenOf(node, name));
    const signed = nodeOf(node, 'signedNumberRule');
    const { value, text } = signed === undefined ? { value: 0, text: '0' } : signedNumber(signed);
    const words = { From: 'from', Above: 'above', To: 'to', Below: 'below' } as const;
    return { word: words[word ?? 'From'], value, text, span: spanOf(node) };
  }

  function signedNumber(node: CstNode): { readonly value: number; readonly text: string } {
    const token = tokenOf(node, 'Number');
    const { value, text } =
      token === undefined || token.image === '' ? { value: 0, text: '0' } : number(token);
    const isNegative = tokenOf(node, 'Minus') !== undefined;
    return { value: isNegative ? -value : value, text: isNegative ? `-${text}` : text };
  }

  function buildBody(node: CstNode): Body {
    const span = spanOf(node);
    const open = tokenOf(node, 'LeftBrace');
    const close = tokenOf(node, 'RightBrace');
    return {
      members: nodesOf(node, 'memberRule').flatMap(buildMember),
      open: open === undefined ? { ...span, end: span.start } : tokenSpan(open),
      close: close === undefined || close.image === '' ? undefined : tokenSpan(close),
      span,
    };
  }

  function buildMember(node: CstNode): Member[] {
    const section = nodeOf(node, 'sectionRule');
    if (section !== undefined) return [buildSection(section)];
    const loop = nodeOf(node, 'loopRule');
    if (loop !== undefined) return buildLoop(loop);
    const field = nodeOf(node, 'fieldRule');
    const assignment = nodeOf(node, 'assignmentRule');
    const inner = field ?? assignment;
    if (inner === undefined) return [];
    const name = identifier(tokenOf(inner, 'Identifier'), inner);
    const value = buildExpression(nodeOf(inner, 'expressionRule'), inner);
    const doc = docs.before(name.span.start);
    const span = spanOf(inner);
    const body = nodeOf(inner, 'bodyRule');
    if (body === undefined) {
      return [{ kind: field === undefined ? 'assignment' : 'field', name, value, doc, span }];
    }
    return [
      {
        kind: 'section',
        keyword: name,
        name: undefined,
        selectors: [],
        parameters: undefined,
        value,
        separator: ':',
        body: buildBody(body),
        doc,
        span,
      },
    ];
  }

  function buildExpression(node: CstNode | undefined, parent: CstNode): Expression {
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

  function string(token: IToken): StringLiteral {
    const inner = token.image.replace(/^"/, '').replace(/"$/, '');
    const value = inner.replace(/\\([^\r\n])/g, '$1');
    return { kind: 'string', value, span: tokenSpan(token) };
  }

  function number(token: IToken): NumberLiteral {
    const value = Number(token.image.replaceAll('_', ''));
    return { kind: 'number', value, text: token.image, span: tokenSpan(token) };
  }

  function identifier(token: IToken | undefined, parent: CstNode): Identifier {
    if (token === undefined || token.image === '') return { text: '', span: spanOf(parent) };
    return { text: token.image, span: tokenSpan(token) };
  }

  function missing(near: CstNode): Expression {
    return { kind: 'missing', span: spanOf(near) };
  }

  function tokenSpan(token: IToken): Span {
    return { file, start: token.startOffset, end: token.startOffset + token.image.length };
  }

  /** From the first part to the last; parts that recovery made up stand nowhere. */
  function spanAround(parts: readonly [Span, ...Span[]]): Span {
    const real = parts.filter(({ start, end }) => start < end);
    if (real.length === 0) return parts[0];
    const start = Math.min(...real.map((part) => part.start));
    return { file, start, end: Math.max(...real.map((part) => part.end)) };
  }

  /** From the first real token below a node to its last; empty when recovery made up the whole node. */
  function spanOf({ location }: CstNode): Span {
    const start = location?.startOffset ?? NaN;
    const end = (location?.endOffset ?? NaN) + 1;
    if (start < end) return { file, start, end };
    return { file, start: source.text.length, end: source.text.length };
  }
}

/** The nodes of a rule below a node: no token has a rule's name. */
function nodesOf(node: CstNode, rule: string): readonly CstNode[] {
  return ((node.children as Children)[rule] ?? none) as readonly CstNode[];
}

function nodeOf(node: CstNode, rule: string): CstNode | undefined {
  return nodesOf(node, rule)[0];
}

function tokensOf(node: CstNode, name: string): readonly IToken[] {
  return ((node.children as Children)[name] ?? none) as readonly IToken[];
}

/** The first token of a name; tokens that recovery inserted count, with their empty image. */
function tokenOf(node: CstNode, name: string): IToken | undefined {
  return tokensOf(node, name)[0];
}

/**
 * Documentation: `///` comments on lines of their own, joined over consecutive
 * lines, directly above the item with nothing but blanks between.
 */
function collectDocs(
  source: SourceFile,
  comments: readonly Comment[],
): { before(offset: number): string | undefined } {
  const byLastLine = new Map<number, string>();
  for (const comment of comments) {
    if (comment.kind !== 'doc') continue;
    const { line } = source.position(comment.span.start);
    if (source.text.slice(source.lineStart(line), comment.span.start).trim() !== '') continue;
    const text = comment.text.replace(/^\/\/\/ ?/, '');
    const above = byLastLine.get(line - 1);
    byLastLine.set(line, above === undefined ? text : `${above}\n${text}`);
  }
  return { before };

  function before(offset: number): string | undefined {
    if (byLastLine.size === 0) return undefined;
    const { line } = source.position(offset);
    // A comma or parenthesis that belongs to the item before may stand between.
    const isFirstOnLine = /^[\s,)]*$/.test(source.text.slice(source.lineStart(line), offset));
    return isFirstOnLine ? byLastLine.get(line - 1) : undefined;
  }
}
