import type { Span } from '../../diagnostics/source.js';
import type { Argument, Expression } from '../../parser/ast.js';
import type { BlockTable } from '../blocks.js';
import { didYouMean } from '../did-you-mean.js';
import { evaluateCondition, type EvaluationContext } from '../evaluate.js';
import { isTypeName } from '../parameters.js';
import type { Slots } from '../slots.js';
import {
  callAt,
  joinPipeline,
  mapExpression,
  mentions,
  nameAt,
  numberAt,
  positional,
  substitute,
} from '../syntax.js';
import type { Wire } from './wire.js';

/** What the schemes share while they unfold into wires. */
export interface SchemeContext extends EvaluationContext {
  readonly blocks: BlockTable;
}

/** `encoder plain`: level i is a stage, below the first after a step down. */
export function unfoldEncoder(
  slots: Slots,
  input: string,
  widths: readonly Expression[],
  context: SchemeContext,
): readonly Wire[] {
  const wires: Wire[] = [];
  const at = slots.section.keyword.span;
  for (const [index, width] of widths.entries()) {
    const level = index + 1;
    const source = index === 0 ? input : `e${index}`;
    const down = index === 0 ? undefined : slots.at('down', level);
    const stage = slots.at('stage', level);
    if (stage === undefined || (index > 0 && down === undefined)) return wires;
    const what = `encoder level ${level}`;
    wires.push(
      ...chain(
        { name: `e${level}`, what, between: `p${level}`, betweenWhat: `input of ${what}` },
        source,
        down,
        stage,
        { level, width, at },
        context,
      ),
    );
  }
  return wires;
}

/** `decoder` after `skip plain`: from below up, merged with the encoder's map of the level, then a stage. */
export function unfoldDecoder(
  decoder: Slots,
  skip: Slots | undefined,
  widths: readonly Expression[],
  depth: number,
  context: SchemeContext,
): readonly Wire[] {
  const wires: Wire[] = [];
  const at = decoder.section.keyword.span;
  for (let level = depth - 1; level >= 1; level--) {
    const below = level === depth - 1 ? `e${depth}` : `d${level + 1}`;
    const up = decoder.at('up', level);
    const stage = decoder.at('stage', level);
    const width = widths[level - 1];
    if (up === undefined || stage === undefined || width === undefined) return wires;
    const slot = { level, width, at };
    wires.push({
      name: `u${level}`,
      nameSpan: at,
      expression: joinPipeline([nameAt(below, up.span), fillSlot(up, slot, below, context)]),
      what: `up-sampling to level ${level}`,
    });
    let merged = nameAt(`u${level}`, at);
    if (skip !== undefined) {
      const merge = fillSlot(mergeSlot(skip, level), slot, `u${level}`, context);
      const { aligned, expression } = mergeOf(skip, level, merge, context);
      wires.push(...aligned);
      merged = expression;
    }
    const names = {
      name: `d${level}`,
      what: `decoder level ${level}`,
      between: `m${level}`,
      betweenWhat: `merge of level ${level}`,
    };
    wires.push(...chain(names, merged, undefined, stage, slot, context));
  }
  return wires;
}

interface Slot {
  readonly level: number;
  readonly width: Expression;
  readonly at: Span;
}

interface ChainNames {
  readonly name: string;
  readonly what: string;
  readonly between: string;
  readonly betweenWhat: string;
}

/**
 * source -> step -> stage as one wire; as two when the stage asks for `in`,
 * for then what flows into it needs a name.
 */
function chain(
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
  const wire = (name: string, expression: Expression, what: string): Wire => ({
    name,
    nameSpan: slot.at,
    expression,
    what,
  });
  const isNamed = head.kind === 'name';
  if (!mentions(stage, 'in') || isNamed) {
    const filled = fillSlot(stage, slot, isNamed ? head.name : 'in', context);
    return [wire(names.name, joinPipeline([head, filled]), names.what)];
  }
  const filled = fillSlot(stage, slot, names.between, context);
  return [
    wire(names.between, head, names.betweenWhat),
    wire(names.name, joinPipeline([nameAt(names.between, slot.at), filled]), names.what),
  ];
}

/** Puts the level's `width`, `level` and `in` into a slot, and the width into blocks called without it. */
function fillSlot(
  expression: Expression,
  slot: Slot,
  input: string,
  context: SchemeContext,
): Expression {
  const bindings = new Map<string, Expression>([
    ['width', slot.width],
    ['level', numberAt(slot.level, slot.at)],
    ['in', nameAt(input, slot.at)],
  ]);
  const filled = substitute(expression, bindings);
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

/** `merge` when it is not written: the skip first, as in the 2015 paper. */
function mergeSlot(skip: Slots, level: number): Expression {
  const at = skip.section.keyword.span;
  return (
    skip.at('merge', level) ??
    joinPipeline([
      { kind: 'list', items: [nameAt('skip', at), nameAt('up', at)], span: at },
      nameAt('concat', at),
    ])
  );
}

/** The layer that repairs sizes, which of the two it changes, and which it follows. */
const alignments: Readonly<
  Record<string, { readonly layer: string; readonly changes: 'skip' | 'up' }>
> = {
  crop: { layer: 'crop_to', changes: 'skip' },
  pad: { layer: 'pad_to', changes: 'up' },
  resize: { layer: 'resize_to', changes: 'up' },
};

export const alignmentNames: readonly string[] = ['none', ...Object.keys(alignments)];

interface Merge {
  readonly expression: Expression;
  /** The aligned tensor, when the merge needs a name for it. */
  readonly aligned: readonly Wire[];
}

/** The merge of a level with `skip` and `up` in their places, one of them aligned to the other. */
function mergeOf(skip: Slots, level: number, merge: Expression, context: SchemeContext): Merge {
  const align = skip.at('align', level);
  const chosen = align && resolveAlignment(align, context);
  const at = align?.span ?? skip.section.keyword.span;
  const tensors = { skip: nameAt(`e${level}`, at), up: nameAt(`u${level}`, at) };
  const bindings = new Map<string, Expression>(Object.entries(tensors));
  const alignment = chosen === undefined ? undefined : alignments[chosen.name];
  if (chosen === undefined || alignment === undefined) {
    return { expression: substitute(merge, bindings), aligned: [] };
  }
  const { layer, changes } = alignment;
  const target = changes === 'skip' ? tensors.up : tensors.skip;
  const step = callAt(layer, [positional(target), ...chosen.args], at);
  const expression = joinPipeline([tensors[changes], step]);
  if (!needsName(merge, changes)) {
    bindings.set(changes, expression);
    return { expression: substitute(merge, bindings), aligned: [] };
  }
  const name = `a${level}`;
  bindings.set(changes, nameAt(name, at));
  const what = `aligned ${changes} of level ${level}`;
  return {
    expression: substitute(merge, bindings),
    aligned: [{ name, nameSpan: at, expression, what }],
  };
}

/** Whether a tensor is used twice, or as a value (`gate(up)`, `up.channels`), where no pipeline can stand. */
function needsName(merge: Expression, name: string): boolean {
  let uses = 0;
  let isValue = false;
  mapExpression(merge, (inner) => {
    if (inner.kind === 'name' && inner.name === name) uses += 1;
    if (inner.kind === 'call') isValue ||= inner.args.some(({ value }) => mentions(value, name));
    if (inner.kind === 'member') isValue ||= mentions(inner.object, name);
    return inner;
  });
  return uses > 1 || isValue;
}

interface Alignment {
  readonly name: string;
  readonly args: readonly Argument[];
}

/** `crop`, `crop(rounding: floor)`, a parameter that holds such a word, or a choice between them. */
function resolveAlignment(expression: Expression, context: SchemeContext): Alignment | undefined {
  if (expression.kind === 'conditional') {
    const condition = evaluateCondition(expression.condition, context);
    if (condition === undefined) return undefined;
    if (condition) return resolveAlignment(expression.value, context);
    return expression.otherwise && resolveAlignment(expression.otherwise, context);
  }
  const parameter =
    expression.kind === 'name' ? context.environment.lookup(expression.name) : undefined;
  const name =
    parameter?.kind === 'symbol'
      ? parameter.name
      : expression.kind === 'name'
        ? expression.name
        : expression.kind === 'call'
          ? expression.callee.text
          : '';
  if (alignmentNames.includes(name)) {
    return { name, args: expression.kind === 'call' ? expression.args : [] };
  }
  const callee = expression.kind === 'call' ? expression.callee.span : expression.span;
  const { known, help, fixes } = didYouMean({ text: name, span: callee }, alignmentNames);
  context.reporter.report(
    'bad-option-value',
    {
      owner: 'skip plain',
      name: 'align',
      expects: known,
      found: name === '' ? 'a value' : `"${name}"`,
    },
    { at: callee, help, fixes },
  );
  return undefined;
}
