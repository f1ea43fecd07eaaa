import type { Span } from '../../diagnostics/source.js';
import type { Argument, Expression } from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';
import { isTypeName } from '../values/parameters.js';
import type { Provenance } from '../../ir/provenance.js';
import {
  callAt,
  joinPipeline,
  mapExpression,
  mentions,
  nameAt,
  numberAt,
  positional,
  substitute,
} from '../../parser/tree/syntax.js';
import type { SchemeContext } from './scheme.js';
import type { Wire } from './wire.js';

/** Where in a scheme an expression stands. */
export interface Slot {
  readonly level: number;
  /** Steps to the right of the encoder, from 1; only nested decoders count them. */
  readonly column?: number | undefined;
  readonly width: Expression;
  readonly at: Span;
}

/** Names for the wires of one node. */
export interface ChainNames {
  readonly name: string;
  readonly madeBy: Provenance;
  readonly between: string;
  readonly betweenMadeBy: Provenance;
}

/**
 * source -> step -> stage as one wire; as two when the stage asks for `in`,
 * for then what flows into it needs a name.
 */
export function chain(
  names: ChainNames,
  source: string | Expression,
  step: Expression | undefined,
  stage: Expression,
  slot: Slot,
  context: SchemeContext,
): readonly Wire[] {
  const start = typeof source === 'string' ? nameAt(source, slot.at) : source;
  const startName = start.kind === 'name' ? start.name : undefined;
  const head =
    step === undefined
      ? start
      : joinPipeline([start, fillSlot(step, slot, startName ?? 'in', context)]);
  const wire = (name: string, expression: Expression, madeBy: Provenance): Wire => ({
    name,
    nameSpan: slot.at,
    expression,
    madeBy,
  });
  const isNamed = head.kind === 'name';
  if (!mentions(stage, 'in') || isNamed) {
    const filled = fillSlot(stage, slot, isNamed ? head.name : 'in', context);
    return [wire(names.name, joinPipeline([head, filled]), names.madeBy)];
  }
  const filled = fillSlot(stage, slot, names.between, context);
  return [
    wire(names.between, head, names.betweenMadeBy),
    wire(names.name, joinPipeline([nameAt(names.between, slot.at), filled]), names.madeBy),
  ];
}

/** Puts `width`, `level`, `column` where columns are counted, and `in` into a slot, and the width into blocks called without it. */
export function fillSlot(
  expression: Expression,
  slot: Slot,
  input: string,
  context: SchemeContext,
): Expression {
  const bindings = new Map<string, Expression>([
    ['width', slot.width],
    ['in', nameAt(input, slot.at)],
  ]);
  const begun = withoutInput(expression, context);
  const nearby = [...bindings.keys(), 'level', ...(slot.column === undefined ? [] : ['column'])];
  // What a slot takes is gone from the wires: a slip in such a name remembers it.
  const marked = mapExpression(placeIn(begun, slot), (inner) =>
    inner.kind === 'name' && !bindings.has(inner.name) ? { ...inner, nearby } : inner,
  );
  const filled = substitute(marked, bindings);
  return mapExpression(filled, (inner) => {
    if (inner.kind === 'name') {
      return wantsWidth(inner.name, [], context)
        ? callAt(inner.name, [positional(slot.width)], inner.span)
        : inner;
    }
    if (inner.kind === 'call' && wantsWidth(inner.callee.text, inner.args, context)) {
      return { ...inner, args: [positional(slot.width), ...inner.args] };
    }
    return inner;
  });
}

/** A slot without `in ->` before its first layer, which is reported: what flows in is not written. */
function withoutInput(expression: Expression, { reporter }: SchemeContext): Expression {
  if (expression.kind !== 'pipeline') return expression;
  const [first, second, ...others] = expression.steps;
  if (first?.kind !== 'name' || first.name !== 'in' || second === undefined) return expression;
  const start = { ...first.span, end: second.span.start };
  reporter.report(
    'not-a-layer',
    { found: '"in", which flows into the first layer by itself' },
    { at: first.span, fixes: [{ title: 'Take out "in ->"', edits: [{ span: start, text: '' }] }] },
  );
  return joinPipeline([second, ...others]);
}

/** Puts the numbers that say where a slot stands into an expression: `level`, and `column` where columns are counted. */
export function placeIn(
  expression: Expression,
  { level, column, at }: Omit<Slot, 'width'>,
): Expression {
  return substitute(
    expression,
    new Map([
      ['level', numberAt(level, at)],
      ...(column === undefined ? [] : [['column', numberAt(column, at)] as const]),
    ]),
  );
}

/** Whether a slot takes the width of its level: by name, or by a block that is called without it. */
export function asksForWidth(expression: Expression, context: SchemeContext): boolean {
  if (expression.kind === 'name') {
    return expression.name === 'width' || wantsWidth(expression.name, [], context);
  }
  if (expression.kind === 'call' && wantsWidth(expression.callee.text, expression.args, context)) {
    return true;
  }
  return partsOf(expression).some((part) => asksForWidth(part, context));
}

/** Whether a block's first parameter is a required number that the call does not give. */
function wantsWidth(name: string, args: readonly Argument[], context: SchemeContext): boolean {
  const [first] = context.blocks.get(name)?.parameters ?? [];
  if (first === undefined || first.defaultValue !== undefined) return false;
  const { type } = first;
  // A type that is missing or unknown was reported; the width is the likeliest.
  const isNumber =
    type === undefined ||
    (type.kind === 'named' && (type.name.text === 'int' || !isTypeName(type.name.text))) ||
    (type.kind === 'choice' && type.options.length === 0);
  return (
    isNumber &&
    !args.some((argument) => argument.name === undefined || argument.name.text === first.name.text)
  );
}
