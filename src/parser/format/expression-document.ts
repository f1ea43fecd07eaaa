import type {
  Argument,
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Expression,
  ListExpression,
  MemberExpression,
  PipelineExpression,
} from '../ast.js';
import {
  group,
  indent,
  line,
  mustBreak,
  nothing,
  sequence,
  sequenceOf,
  softLine,
  type Document,
} from './document.js';
import type { Origin } from './origin.js';
import { precedence, precedenceOf } from '../precedence.js';

/**
 * The layout of an expression, with the parentheses that its place needs and no
 * others. `loosest` is the loosest form that may stand there bare.
 */
export function expressionDocument(
  expression: Expression,
  origin: Origin,
  loosest: number = precedence.conditional,
): Document {
  const bare = bareDocument(expression, origin);
  if (precedenceOf(expression) >= loosest) return bare;
  return group('(', indent(softLine, bare), softLine, ')');
}

function bareDocument(expression: Expression, origin: Origin): Document {
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'string':
      return origin.stringText(expression);
    case 'boolean':
      return String(expression.value);
    case 'name':
      return expression.name;
    case 'missing':
      return nothing;
    case 'list':
      return listDocument(expression, origin);
    case 'call':
      return callDocument(expression, origin);
    case 'member':
      return memberDocument(expression, origin);
    case 'unary': {
      const isNot = expression.operator === 'not';
      const loosest = isNot ? precedence.comparison : precedence.postfix;
      const operand = expressionDocument(expression.operand, origin, loosest);
      return sequence(isNot ? 'not ' : '-', operand);
    }
    case 'binary':
      return binaryDocument(expression, origin);
    case 'pipeline':
      return pipelineDocument(expression, origin);
    case 'conditional':
      return conditionalDocument(expression, origin);
  }
}

/** What stands between two brackets, as one item a line when it does not fit. */
export interface BracketedItem {
  readonly start: number;
  readonly print: () => Document;
}

/** `open`, items with commas, `close`; `closeAt` is the offset of the closing bracket. */
export function bracketedDocument(
  open: string,
  items: readonly BracketedItem[],
  close: string,
  closeAt: number,
  origin: Origin,
): Document {
  const parts: Document[] = [origin.takeTrailing(items[0]?.start ?? closeAt)];
  for (const [index, item] of items.entries()) {
    const isLast = index === items.length - 1;
    parts.push(index === 0 ? softLine : line, origin.takeLeading(item.start), item.print());
    if (!isLast) parts.push(',');
    parts.push(origin.takeTrailing(items[index + 1]?.start ?? closeAt));
  }
  parts.push(origin.takeLeading(closeAt));
  const content = indent(sequenceOf(parts));
  const isEmpty = items.length === 0 && !mustBreak(content);
  return isEmpty ? open + close : group(open, content, softLine, close);
}

function listDocument({ items, span }: ListExpression, origin: Origin): Document {
  const printed = items.map((item) => ({
    start: item.span.start,
    print: () => expressionDocument(item, origin),
  }));
  return bracketedDocument('[', printed, ']', span.end - 1, origin);
}

function callDocument({ callee, args, span }: CallExpression, origin: Origin): Document {
  const printed = args.map((argument) => ({
    start: argument.span.start,
    print: () => argumentDocument(argument, origin),
  }));
  return sequence(callee.text, bracketedDocument('(', printed, ')', span.end - 1, origin));
}

function argumentDocument({ name, value }: Argument, origin: Origin): Document {
  return name === undefined
    ? expressionDocument(value, origin)
    : sequence(name.text, ': ', valueDocument(value, origin));
}

/** A value behind a colon or an equals sign, with the comments between. */
export function valueDocument(value: Expression, origin: Origin): Document {
  const comments = origin.takeLeading(value.span.start);
  const printed = expressionDocument(value, origin);
  return mustBreak(comments) ? indent(comments, printed) : printed;
}

function memberDocument(expression: MemberExpression, origin: Origin): Document {
  const names: string[] = [];
  let object: Expression = expression;
  for (; object.kind === 'member'; object = object.object) names.push(object.member.text);
  return [expressionDocument(object, origin, precedence.postfix), ...names.reverse()].reduce(
    (left, name) => sequence(left, '.', name),
  );
}

/** Operands of one precedence in one group: `a + b - c` breaks before each operator or nowhere. */
function binaryDocument(expression: BinaryExpression, origin: Origin): Document {
  const own = precedenceOf(expression);
  const isChain = own !== precedence.comparison;
  const steps: BinaryExpression[] = [expression];
  let first = expression.left;
  while (isChain && first.kind === 'binary' && precedenceOf(first) === own) {
    steps.push(first);
    first = first.left;
  }
  steps.reverse();
  const head = expressionDocument(first, origin, isChain ? own : own + 1);
  const rest = steps.map(({ operator, right }) =>
    continuation(`${operator} `, right, own + 1, origin),
  );
  return group(head, indent(sequenceOf(rest)));
}

/**
 * A pipeline that does not fit on its line breaks before every step that is more
 * than a word: `-> batch_norm -> relu` stay with the convolution they follow.
 */
function pipelineDocument({ steps }: PipelineExpression, origin: Origin): Document {
  const [first, ...rest] = steps;
  if (first === undefined) return nothing;
  const lines: Document[][] = [[expressionDocument(first, origin, precedence.or)]];
  for (const step of rest) {
    const comments = commentsBetween(step.span.start, origin);
    const printed = sequence(comments, '-> ', expressionDocument(step, origin, precedence.or));
    if (step.kind === 'name') lines.at(-1)!.push(printed);
    else lines.push([printed]);
  }
  const [head = [], ...others] = lines.map(([start = nothing, ...words]) =>
    words.length === 0 ? [start] : [start, group(indent(sequenceOf(words)))],
  );
  return group(...head, indent(sequenceOf(others.flat())));
}

/** `a if x else b if y else c`: breaks before each `else`, then before each `if`. */
function conditionalDocument(expression: ConditionalExpression, origin: Origin): Document {
  let branch: Expression = expression;
  const head = conditionDocument(expression, origin, '');
  const others: Document[] = [];
  while (branch.otherwise !== undefined) {
    const next: Expression = branch.otherwise;
    const comments = commentsBetween(next.span.start, origin);
    if (next.kind !== 'conditional') {
      others.push(comments, 'else ', expressionDocument(next, origin));
      break;
    }
    others.push(comments, conditionDocument(next, origin, 'else '));
    branch = next;
  }
  return group(head, indent(...others));
}

function conditionDocument(
  { value, condition }: ConditionalExpression,
  origin: Origin,
  word: string,
): Document {
  const printed = expressionDocument(value, origin, precedence.pipeline);
  return group(word, printed, indent(continuation('if ', condition, precedence.or, origin)));
}

/** An operand on a new line when its group breaks, with the operator before it and comments above it. */
function continuation(
  operator: string,
  operand: Expression,
  loosest: number,
  origin: Origin,
): Document {
  const comments = commentsBetween(operand.span.start, origin);
  return sequence(comments, operator, expressionDocument(operand, origin, loosest));
}

/** The comments between two operands: one behind the first, the others above the second. */
function commentsBetween(start: number, origin: Origin): Document {
  const behind = origin.takeTrailing(start);
  const above = origin.takeLeading(start);
  return sequence(behind, line, above);
}
