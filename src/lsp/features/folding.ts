import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver';
import type { Body, Expression, Member } from '../../parser/ast.js';
import type { FeatureContext } from './feature.js';

/** What can be folded: bodies, lists and calls over several lines, imports, and comments in a row. */
export function foldingRanges({ analysis }: FeatureContext): readonly FoldingRange[] {
  const { source, compilation } = analysis;
  const { file, comments } = compilation.parsed;
  const ranges: FoldingRange[] = [];
  const lineOf = (offset: number): number => source.position(offset).line - 1;
  const add = (start: number, end: number, kind?: FoldingRangeKind): void => {
    if (end > start) ranges.push({ startLine: start, endLine: end, ...(kind && { kind }) });
  };
  /** Up to the line before the bracket that closes, which stays in sight. */
  const addInner = (start: number, end: number): void => add(lineOf(start), lineOf(end) - 1);

  for (const section of file.sections) visit(section);
  const [first, last] = [file.imports[0], file.imports.at(-1)];
  if (first !== undefined && last !== undefined) {
    add(lineOf(first.span.start), lineOf(last.span.end), FoldingRangeKind.Imports);
  }
  let from: number | undefined;
  comments.forEach(({ span }, at) => {
    const line = lineOf(span.start);
    from ??= line;
    const next = comments[at + 1];
    if (next !== undefined && lineOf(next.span.start) === line + 1) return;
    add(from, line, FoldingRangeKind.Comment);
    from = undefined;
  });
  return ranges;

  function visit(member: Member): void {
    if (member.kind === 'section' || member.kind === 'loop') {
      if (member.body !== undefined) visitBody(member.body);
    }
    const value = 'value' in member ? member.value : undefined;
    if (value !== undefined) visitExpression(value);
  }
  function visitBody({ span, members }: Body): void {
    addInner(span.start, span.end);
    for (const member of members) visit(member);
  }
  function visitExpression(expression: Expression): void {
    const { span } = expression;
    if (expression.kind === 'list') {
      addInner(span.start, span.end);
      for (const item of expression.items) visitExpression(item);
    } else if (expression.kind === 'call') {
      if (expression.args.length > 0) addInner(span.start, span.end);
      for (const { value } of expression.args) visitExpression(value);
    } else if (expression.kind === 'pipeline') {
      for (const step of expression.steps) visitExpression(step);
    } else if (expression.kind === 'conditional') {
      visitExpression(expression.value);
    }
  }
}
