import type { Span } from '../../diagnostics/source.js';
import type { Argument, Expression, Identifier, ParameterNode } from '../../parser/ast.js';
import { describeType } from '../values/parameters.js';
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
import type { Peer, SchemeContext } from './scheme.js';
import type { Wire } from './wire.js';

/** Where in a scheme an expression stands. */
export interface Slot {
  readonly level: number;
  /** Steps to the right of the encoder, from 1; only nested decoders count them. */
  readonly column?: number | undefined;
  readonly width: Expression;
  readonly at: Span;
  /** The tensors of other parts of the model on this level, by the names of those parts. */
  readonly beside?: ReadonlyMap<string, string>;
}

/** The tensors of the parts of a model on a level. */
export const tensorsBeside = (parts: readonly Peer[], level: number): ReadonlyMap<string, string> =>
  new Map(
    parts.flatMap((part) => {
      const tensor = part.at(level);
      return tensor === undefined ? [] : [[part.name, tensor] as const];
    }),
  );

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

/** Puts `width`, `level`, `column` where columns are counted, and `in` into a slot. */
export function fillSlot(
  expression: Expression,
  slot: Slot,
  input: string,
  context: SchemeContext,
): Expression {
  const bindings = new Map<string, Expression>([
    ['width', slot.width],
    ['in', nameAt(input, slot.at)],
    ...[...(slot.beside ?? [])].map(([name, tensor]) => [name, nameAt(tensor, slot.at)] as const),
  ]);
  const begun = withoutInput(expression, context);
  const nearby = [...bindings.keys(), 'level', ...(slot.column === undefined ? [] : ['column'])];
  // What a slot takes is gone from the wires: a slip in such a name remembers it.
  const marked = mapExpression(placeIn(begun, slot), (inner) =>
    inner.kind === 'name' && !bindings.has(inner.name) ? { ...inner, nearby } : inner,
  );
  return substitute(withWidths(marked, context), bindings);
}

/**
 * Blocks that are called without their channels are reported, and get the width of the
 * level: that is what such a call once meant.
 */
function withWidths(expression: Expression, context: SchemeContext): Expression {
  return mapExpression(expression, (inner) => {
    const callee = calleeOf(inner);
    if (callee === undefined) return inner;
    const args = inner.kind === 'call' ? inner.args : [];
    const wanted = missingChannels(callee.text, args, context);
    if (wanted === undefined) return inner;
    const isBare = inner.kind === 'name';
    const [first] = args;
    const start = isBare ? callee.span.end : (first?.span.start ?? inner.span.end - 1);
    const text = isBare ? '(width)' : first === undefined ? 'width' : 'width, ';
    const edits = [{ span: { ...callee.span, start, end: start }, text }];
    context.reporter.report(
      'missing-option',
      {
        ...{ owner: callee.text, name: wanted.name.text },
        expects: `${describeType(wanted.type)}, for example the "width" of the level`,
      },
      {
        at: callee.span,
        labels: [{ span: wanted.span, text: 'declared here' }],
        fixes: [{ title: 'Give it "width"', edits, modernizes: true }],
      },
    );
    return callAt(callee.text, [positional(nameAt('width', callee.span)), ...args], inner.span);
  });
}

const calleeOf = (expression: Expression): Identifier | undefined => {
  if (expression.kind === 'name') return { text: expression.name, span: expression.span };
  return expression.kind === 'call' ? expression.callee : undefined;
};

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
  { level, column, at }: Omit<Slot, 'width' | 'beside'>,
): Expression {
  return substitute(
    expression,
    new Map([
      ['level', numberAt(level, at)],
      ...(column === undefined ? [] : [['column', numberAt(column, at)] as const]),
    ]),
  );
}

/** The first parameter of a block where it is a required number that the call does not give. */
function missingChannels(
  block: string,
  args: readonly Argument[],
  context: SchemeContext,
): ParameterNode | undefined {
  const [first] = context.blocks.get(block)?.parameters ?? [];
  if (first === undefined || first.defaultValue !== undefined) return undefined;
  const { type } = first;
  const isNumber = type === undefined || (type.kind === 'named' && type.name.text === 'int');
  const isGiven = args.some(({ name }) => name === undefined || name.text === first.name.text);
  return isNumber && !isGiven ? first : undefined;
}
