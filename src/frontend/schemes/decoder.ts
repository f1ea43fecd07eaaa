import type { Span } from '../../diagnostics/source.js';
import type { Expression } from '../../parser/ast.js';
import type { Slots } from './slots.js';
import { joinPipeline, nameAt, numberAt, substitute } from '../../parser/tree/syntax.js';
import { alignSources, resolveAlignment } from './alignment.js';
import { helperName, nameWithin, type LatticeNode, type LatticeSource } from '../../ir/lattice.js';
import { inDecoder } from '../../ir/provenance.js';
import type { DecoderWidths, Peer, SchemeContext } from './scheme.js';
import { chain, fillSlot, placeIn, tensorsBeside, type ChainNames, type Slot } from './slot.js';
import { spliceLists } from './splice-lists.js';
import type { Wire } from './wire.js';

/** The sections that say how the nodes of a lattice are computed. */
export interface DecoderSlots {
  readonly decoder: Slots;
  /** Undefined for `skip none`. */
  readonly skip: Slots | undefined;
}

/**
 * Writes the nodes of a lattice out: bring every source to the node's size,
 * align, merge, and run the stage.
 *
 * @param columns whether the lattice has columns that slots may ask for.
 * @param beside the parts of the model above it.
 */
export function unfoldDecoder(
  { decoder, skip }: DecoderSlots,
  nodes: readonly LatticeNode[],
  widths: DecoderWidths,
  columns: boolean,
  beside: readonly Peer[],
  context: SchemeContext,
): readonly Wire[] {
  const at = decoder.section.keyword.span;
  return nodes.flatMap((node): readonly Wire[] => {
    const column = columns ? node.column : undefined;
    const width = widths(node.level, column);
    const stage = decoder.at('stage', node.level);
    if (width === undefined || stage === undefined) return [];
    const slot: Slot = {
      ...{ level: node.level, column, width, at },
      beside: tensorsBeside(beside, node.level),
    };
    const arrived = node.sources.map((source) =>
      arrive(source, node, { decoder, skip }, slot, context),
    );
    const wires = arrived.flatMap(({ wires: made }) => made);
    const tensors = arrived.map(({ tensor }) => tensor);
    const place = inDecoder(node);
    const names: ChainNames = {
      name: node.name,
      madeBy: { ...place, part: 'node' },
      between: helperName(node, 'm'),
      betweenMadeBy: { ...place, part: 'merge' },
    };
    const merged = merge(node, tensors, skip, stage, slot, context);
    const bound = substitute(stage, merged.met);
    return [
      ...wires,
      ...merged.wires,
      ...chain(names, merged.expression, undefined, bound, slot, context),
    ];
  });
}

interface Arrival {
  /** The tensor at the node's size. */
  readonly tensor: string;
  readonly wires: readonly Wire[];
}

/** Brings one source to the node's size; what needs no step is itself. */
function arrive(
  source: LatticeSource,
  node: LatticeNode,
  { decoder, skip }: DecoderSlots,
  slot: Slot,
  context: SchemeContext,
): Arrival {
  const branch = skip?.at('branch', node.level);
  const resample =
    source.role === 'skip'
      ? undefined
      : (source.role === 'up' ? decoder : skip)?.at(source.role, node.level);
  const steps = [resample, branch].filter(
    (step): step is Expression => step !== undefined && !isIdentity(step),
  );
  if (steps.length === 0) return { tensor: source.tensor, wires: [] };
  // Where one tensor alone is moved, as in a plain U, it is what comes up.
  const isOnly = node.sources.filter(({ role }) => role !== 'skip').length === 1;
  const name =
    branch === undefined && isOnly
      ? helperName(node, 'u')
      : `${helperName(node, 'b')}_${withoutDecoder(source.tensor, node)}`;
  const factor = numberAt(2 ** Math.abs(source.level - node.level), slot.at);
  const own = node.sources.find(({ role }) => role === 'skip')?.tensor;
  const filled = steps.map((step) => {
    const bindings = new Map<string, Expression>([
      ['factor', factor],
      ...(own === undefined ? [] : [['skip', nameAt(own, slot.at)] as const]),
    ]);
    return fillSlot(substitute(step, bindings), slot, source.tensor, context);
  });
  const span = steps[0]?.span ?? slot.at;
  const wire: Wire = {
    name,
    nameSpan: slot.at,
    expression: joinPipeline([nameAt(source.tensor, span), ...filled]),
    madeBy: {
      ...inDecoder(node),
      ...{ part: 'branch', role: source.role },
    },
  };
  return { tensor: name, wires: [wire] };
}

/** What a tensor is called inside the decoder of a node. */
function withoutDecoder(tensor: string, { decoder }: LatticeNode): string {
  const prefix = nameWithin(decoder, '');
  return tensor.startsWith(prefix) ? tensor.slice(prefix.length) : tensor;
}

const isIdentity = (step: Expression): boolean => step.kind === 'name' && step.name === 'identity';

interface Merge {
  readonly expression: Expression;
  readonly wires: readonly Wire[];
  /** The tensors that meet, by the names that the stage knows them by. */
  readonly met: ReadonlyMap<string, Expression>;
}

function merge(
  node: LatticeNode,
  tensors: readonly string[],
  skip: Slots | undefined,
  stage: Expression,
  slot: Slot,
  context: SchemeContext,
): Merge {
  const at = skip?.section.keyword.span ?? slot.at;
  const up = tensors[node.sources.findIndex((source) => source.role === 'up')];
  // `skip none`, or a level without a skip: nothing to merge.
  if (skip === undefined || tensors.length === 1) {
    const names = tensors.map((tensor) => nameAt(tensor, slot.at));
    return { expression: nameAt(up ?? '', slot.at), wires: [], met: meeting(node, names) };
  }
  const written = skip.at('merge', node.level) ?? defaultMerge(node, at);
  const filled = fillSlot(written, slot, up ?? '', context);
  const align = placedAlign(skip, node, slot);
  const alignment = align && resolveAlignment(align, context);
  const aligned = alignSources(node, tensors, [filled, stage], alignment, align?.span ?? at);
  const merged = aligned.tensors;
  const list = (items: readonly Expression[]): Expression => ({ kind: 'list', items, span: at });
  const met = meeting(node, merged);
  const bindings = new Map<string, Expression>([
    ['skips', list(merged.filter((_, index) => node.sources[index]?.role === 'skip'))],
    ['branches', list(merged)],
    ...met,
  ]);
  return { expression: spliceLists(filled, bindings), wires: aligned.wires, met };
}

/** `skip` and `up`: the first tensors of a node that are its level's own and that come from below. */
function meeting(
  { sources }: LatticeNode,
  tensors: readonly Expression[],
): ReadonlyMap<string, Expression> {
  return new Map(
    (['skip', 'up'] as const).flatMap((role) => {
      const tensor = tensors[sources.findIndex((source) => source.role === role)];
      return tensor === undefined ? [] : [[role, tensor] as const];
    }),
  );
}

/** Whether the alignment of a node resizes what comes up to the size of the skip. */
export function isResized(
  node: LatticeNode,
  { skip }: DecoderSlots,
  slot: Slot,
  context: SchemeContext,
): boolean {
  const align = skip && placedAlign(skip, node, slot);
  const hasSkip = node.sources.some(({ role }) => role === 'skip');
  return hasSkip && align !== undefined && resolveAlignment(align, context)?.name === 'resize';
}

function placedAlign(skip: Slots, node: LatticeNode, slot: Slot): Expression | undefined {
  const written = skip.at('align', node.level);
  return written && placeIn(written, slot);
}

/** Every source in the lattice's order, joined. */
function defaultMerge(node: LatticeNode, at: Span): Expression {
  const moved = node.sources.filter(({ role }) => role !== 'skip');
  const source: Expression =
    moved.length === 1 && moved[0]?.role === 'up'
      ? { kind: 'list', items: [nameAt('skips', at), nameAt('up', at)], span: at }
      : nameAt('branches', at);
  return joinPipeline([source, nameAt('concat', at)]);
}
