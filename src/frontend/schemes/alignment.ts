import { ownValue } from '../../diagnostics/own-value.js';
import type { Span } from '../../diagnostics/source.js';
import type { Argument, Expression } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { evaluateCondition } from '../values/evaluate.js';
import { reportIdle } from '../lints/lint-options.js';
import {
  callAt,
  joinPipeline,
  mapExpression,
  mentions,
  nameAt,
  positional,
} from '../../parser/tree/syntax.js';
import { helperName, type LatticeNode } from '../../ir/lattice.js';
import { inDecoder } from '../../ir/provenance.js';
import type { SchemeContext } from './scheme.js';
import type { Wire } from './wire.js';

/** The layer that repairs sizes, and which of the tensors it changes to follow the others. */
const alignments: Readonly<
  Record<string, { readonly layer: string; readonly changes: 'skip' | 'rest' }>
> = {
  crop: { layer: 'crop_to', changes: 'skip' },
  pad: { layer: 'pad_to', changes: 'rest' },
  resize: { layer: 'resize_to', changes: 'rest' },
};

const alignmentNames: readonly string[] = ['none', ...Object.keys(alignments)];

export interface Alignment {
  readonly name: string;
  readonly args: readonly Argument[];
}

/** `crop`, `crop(rounding: floor)`, a parameter that holds such a word, or a choice between them. */
export function resolveAlignment(
  expression: Expression,
  context: SchemeContext,
): Alignment | undefined {
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
    if (name === 'none' && expression.kind === 'call') {
      const reason = 'nothing is aligned';
      const idle = { owner: 'skip', name: 'align', reason, help: 'Write "none" alone.' };
      reportIdle(context.reporter, idle, expression.span);
    }
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

export interface AlignedSources {
  /** What stands for each source in the merge. */
  readonly tensors: readonly Expression[];
  /** Aligned tensors that the merge needs names for. */
  readonly wires: readonly Wire[];
}

/**
 * The sources of a node brought to one size: `crop` cuts the skips to what comes
 * up; `pad` and `resize` bring everything else to the skip.
 *
 * @param slots what the node does with them: its merge, and its stage.
 */
export function alignSources(
  node: LatticeNode,
  tensors: readonly string[],
  slots: readonly [merge: Expression, stage: Expression],
  alignment: Alignment | undefined,
  at: Span,
): AlignedSources {
  const rule = alignment === undefined ? undefined : ownValue(alignments, alignment.name);
  const names = tensors.map((tensor) => nameAt(tensor, at));
  const isSkip = (index: number): boolean => node.sources[index]?.role === 'skip';
  const target = names.find((_, index) => isSkip(index) === (rule?.changes === 'rest'));
  if (alignment === undefined || rule === undefined || target === undefined) {
    return { tensors: names, wires: [] };
  }
  const wires: Wire[] = [];
  const changed = names.filter((_, index) => isSkip(index) === (rule.changes === 'skip'));
  const aligned = names.map((tensor): Expression => {
    if (!changed.includes(tensor)) return tensor;
    const step = callAt(rule.layer, [positional(target), ...alignment.args], at);
    const expression = joinPipeline([tensor, step]);
    const role = rule.changes === 'skip' ? 'skip' : 'up';
    if (!needsName(slots, role)) return expression;
    const own = helperName(node, 'a');
    const name = changed.length === 1 ? own : `${own}_${wires.length + 1}`;
    const madeBy = { ...inDecoder(node), part: 'aligned', role } as const;
    wires.push({ name, nameSpan: at, expression, madeBy });
    return nameAt(name, at);
  });
  return { tensors: aligned, wires };
}

/** Whether a tensor is used twice, or as a value (`gate(up)`, `up.channels`), where no pipeline can stand. */
function needsName(slots: readonly Expression[], name: string): boolean {
  let uses = 0;
  let isValue = false;
  for (const slot of slots) {
    mapExpression(slot, (inner) => {
      if (inner.kind === 'name' && inner.name === name) uses += 1;
      if (inner.kind === 'call') isValue ||= inner.args.some(({ value }) => mentions(value, name));
      if (inner.kind === 'member') isValue ||= mentions(inner.object, name);
      return inner;
    });
  }
  return uses > 1 || isValue;
}
