import type { CstNode } from 'chevrotain';
import type { SourceFile } from '../diagnostics/source.js';
import type {
  Body,
  Comment,
  Import,
  Loop,
  Member,
  ParameterNode,
  Section,
  SpecFile,
} from './ast.js';
import { expressionBuilder } from './build-expression.js';
import { leavesOf } from './build-leaves.js';
import { typeBuilder } from './build-type.js';
import { nodeOf, nodesOf, tokenOf, tokensOf } from './cst.js';
import { collectDocs } from './doc-comments.js';

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
  const leaves = leavesOf(source);
  const { identifier, number, string, tokenSpan, spanOf } = leaves;
  const buildType = typeBuilder(leaves);
  const buildExpression = expressionBuilder(leaves);
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
}
