import {
  earlierNodes,
  helperName,
  lattices,
  supervised,
  withinDecoder,
  withoutUnread,
  type LatticeNode,
  type LatticeOptions,
  type Topology,
} from '../../ir/lattice.js';
import { inDecoder } from '../../ir/provenance.js';
import { numberAt } from '../../parser/tree/syntax.js';
import { takeOutMember } from '../../parser/tree/take-out-member.js';
import { reportIdle } from '../lints/lint-options.js';
import { readChoice } from '../values/read-choice.js';
import { isResized, unfoldDecoder, type DecoderSlots } from './decoder.js';
import { decoderTitle, type DecoderSections } from './read-decoders.js';
import type { Level, Peer, SchemeContext } from './scheme.js';
import { chain, placeIn, tensorsBeside, type ChainNames } from './slot.js';
import { requireField, type Slots } from './slots.js';
import { lintIdleWidths, widthsOfDecoder } from './widths.js';
import type { Wire } from './wire.js';

/** A decoder written out. */
export interface UnfoldedDecoder {
  readonly name: string | undefined;
  readonly wires: readonly Wire[];
  /** With what each merges; empty where something was reported. */
  readonly nodes: readonly LatticeNode[];
  /** The tensors that `supervise: all` stands for in a head that starts from one of them. */
  readonly supervisable: readonly string[];
}

/**
 * The nodes of a decoder as wires; where something was reported, those that could be made.
 *
 * @param requested every name that other sections of the model mention.
 * @param beside the parts of the model above it, which its slots know by their names.
 */
export function unfoldDecoderOf(
  { name, slots: decoder, skip, topology }: DecoderSections,
  levels: readonly Level[],
  requested: readonly string[],
  beside: readonly Peer[],
  context: SchemeContext,
): UnfoldedDecoder {
  const title = decoderTitle(name);
  const bottom = unfoldBottom({ name, slots: decoder, topology }, levels, beside, context);
  const tensors = [
    ...levels.slice(0, -1).map((level) => level.tensor),
    ...(bottom?.nodes ?? levels.slice(-1)).map((end) => ('tensor' in end ? end.tensor : end.name)),
  ];
  const unfinished = { name, wires: [], nodes: [], supervisable: [] };
  if (topology === 'full_scale' && skip !== undefined) {
    const example = 'down: max_pool(factor, rounding: ceil)';
    requireField(skip, 'skip full_scale', 'down', example, context.reporter);
  }
  requireField(decoder, title, 'stage', 'stage: conv(width, 3) -> relu', context.reporter);
  const depth = levels.length;
  skip?.checkLevels(depth - 1, context.reporter);
  decoder.checkLevels(depth - 1, context.reporter);
  const columns = topology === 'nested' ? depth - 1 : 0;
  const widths = widthsOfDecoder(decoder, title, levels, columns, context);
  if (widths === undefined) return unfinished;
  const slots = { decoder, skip };
  const all = withinDecoder(name, lattices[topology](tensors, earlierIn(skip, context)));
  const asked = requested.includes('all')
    ? [...requested, ...supervised[topology](tensors, all)]
    : requested;
  // Nodes that neither the last one nor anything in the spec asks for are not made.
  const nodes = withoutUnread(all, [all.at(-1)?.name ?? '', ...asked]);
  checkUp(slots, title, nodes, topology, context);
  const wires = unfoldDecoder(slots, nodes, widths, columns > 0, beside, context);
  if (!context.reporter.hasErrors) lintIdleWidths(slots, title, levels, context);
  return {
    name,
    wires: [...(bottom?.wires ?? []), ...wires],
    nodes: [...(bottom?.nodes ?? []), ...nodes],
    supervisable: supervised[topology](tensors, nodes),
  };
}

/** What a decoder does on the lowest level before it goes up, where it says so. */
function unfoldBottom(
  { name, slots, topology }: Pick<DecoderSections, 'name' | 'slots' | 'topology'>,
  levels: readonly Level[],
  beside: readonly Peer[],
  context: SchemeContext,
): Pick<UnfoldedDecoder, 'wires' | 'nodes'> | undefined {
  const written = slots.field('bottom');
  const { tensor, width } = levels.at(-1) ?? {};
  if (written === undefined || tensor === undefined || width === undefined) return undefined;
  const level = levels.length;
  const [node] = withinDecoder(name, [
    {
      ...{ name: topology === 'nested' ? `x${level}_0` : `d${level}`, level, column: 0 },
      ...{ suffix: String(level), sources: [{ tensor, level, role: 'skip' }] },
    },
  ]);
  const place = inDecoder(node!);
  const at = slots.section.keyword.span;
  const names: ChainNames = {
    name: node!.name,
    madeBy: { ...place, part: 'node' },
    between: helperName(node!, 'm'),
    betweenMadeBy: { ...place, part: 'merge' },
  };
  const slot = { level, width, at, beside: tensorsBeside(beside, level) };
  const wires = chain(names, tensor, undefined, written.value, slot, context);
  return { wires, nodes: [node!] };
}

/** Only where every level resizes what comes up may the decoder leave out `up`, which then says nothing. */
function checkUp(
  slots: DecoderSlots,
  title: string,
  lattice: readonly LatticeNode[],
  topology: Topology,
  context: SchemeContext,
): void {
  const { decoder } = slots;
  const at = decoder.section.keyword.span;
  const isLeftOut = lattice.every((node) => {
    const { level } = node;
    const column = topology === 'nested' ? node.column : undefined;
    return isResized(node, slots, { level, column, width: numberAt(1, at), at }, context);
  });
  const example =
    topology === 'full_scale' ? 'up: bilinear(factor)' : 'up: conv_transpose(width, 2)';
  if (!isLeftOut) requireField(decoder, title, 'up', example, context.reporter);
  const field = decoder.field('up');
  if (!isLeftOut || field?.value.kind !== 'name' || field.value.name !== 'identity') return;
  reportIdle(
    context.reporter,
    {
      ...{ owner: title, name: 'up', reason: '"align: resize" brings every tensor up' },
      ...{ help: 'Take it out.', fixes: takeOutMember(decoder.section, field) },
    },
    field.name.span,
  );
}

/** What a nested skip says about the earlier nodes of a level. */
function earlierIn(skip: Slots | undefined, context: SchemeContext): LatticeOptions {
  return {
    earlier: (level, column) => {
      const written = skip?.at('earlier', level);
      if (skip === undefined || written === undefined) return 'all';
      const placed = placeIn(written, { level, column, at: skip.section.keyword.span });
      const found = readChoice(placed, earlierNodes, ['skip nested', 'earlier'], context);
      return found ?? 'all';
    },
  };
}
