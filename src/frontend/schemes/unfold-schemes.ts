import {
  earlierNodes,
  lattices,
  supervised,
  withoutUnread,
  type Earlier,
  type EncoderTensors,
  type LatticeNode,
  type Topology,
} from '../../ir/lattice.js';
import type { Expression, Section } from '../../parser/ast.js';
import { mapExpression, numberAt } from '../../parser/tree/syntax.js';
import { takeOutMember } from '../../parser/tree/take-out-member.js';
import { reportIdle } from '../lints/lint-options.js';
import { readChoice } from '../values/read-choice.js';
import { isResized, unfoldDecoder, type DecoderSlots } from './decoder.js';
import { unfoldEncoder } from './encoder.js';
import type { ModelSections } from './model-sections.js';
import type { SchemeContext, UnfoldedEncoder } from './scheme.js';
import { placeIn } from './slot.js';
import { requireField, type Slots } from './slots.js';
import { lintIdleWidths, readWidths, widthsOfDecoder } from './widths.js';
import type { Wire } from './wire.js';

/** The schemes of a model written out. */
export interface UnfoldedSchemes {
  readonly wires: readonly Wire[];
  readonly levels: EncoderTensors;
  readonly lattice: readonly LatticeNode[];
}

export const noSchemes: UnfoldedSchemes = { wires: [], levels: [], lattice: [] };

/** The levels of `encoder plain`; undefined when there are none. */
export function unfoldPlain(
  encoder: Slots | undefined,
  input: string,
  context: SchemeContext,
): UnfoldedEncoder | undefined {
  if (encoder === undefined) return undefined;
  const widths = readWidths(encoder, 'encoder plain', undefined, context);
  requireField(
    encoder,
    'encoder plain',
    'stage',
    'stage: conv(width, 3) -> relu',
    context.reporter,
  );
  if (widths === undefined) return undefined;
  if (widths.length > 1) {
    requireField(encoder, 'encoder plain', 'down', 'down: max_pool(2)', context.reporter);
  }
  encoder.checkLevels(widths.length, context.reporter);
  const idle = encoder.own('down', 1);
  if (idle !== undefined) {
    context.reporter.report(
      'unused-field',
      { name: 'down', where: 'level 1' },
      { at: idle.name.span, help: ['Remove it, or move it to a level that is stepped down to.'] },
    );
  }
  return unfoldEncoder(encoder, input, widths, context);
}

/** The wires of encoder and decoder; where something was reported, those that could be made. */
export function unfoldSchemes(
  sections: ModelSections,
  { wires, levels }: UnfoldedEncoder,
  context: SchemeContext,
): UnfoldedSchemes {
  const { skip, decoder } = sections;
  const tensors = levels.map((level) => level.tensor);
  const unfinished = { wires, levels: tensors, lattice: [] };
  if (decoder === undefined) return unfinished;
  const topology = sections.topology;
  if (topology === 'full_scale' && skip !== undefined) {
    const example = 'down: max_pool(factor, rounding: ceil)';
    requireField(skip, 'skip full_scale', 'down', example, context.reporter);
  }
  requireField(decoder, 'decoder', 'stage', 'stage: conv(width, 3) -> relu', context.reporter);
  const depth = levels.length;
  skip?.checkLevels(depth - 1, context.reporter);
  decoder.checkLevels(depth - 1, context.reporter);
  const columns = topology === 'nested' ? depth - 1 : 0;
  const widths = widthsOfDecoder(decoder, levels, columns, context);
  if (widths === undefined) return unfinished;
  const slots = { decoder, skip };
  const lattice = buildLattice(sections, tensors, context);
  checkUp(slots, lattice, topology, context);
  const made = unfoldDecoder(slots, lattice, widths, columns > 0, context);
  if (!context.reporter.hasErrors) lintIdleWidths(slots, levels, context);
  return { wires: [...wires, ...made], levels: tensors, lattice };
}

/** Only where every level resizes what comes up may the decoder leave out `up`, which then says nothing. */
function checkUp(
  slots: DecoderSlots,
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
  if (!isLeftOut) requireField(decoder, 'decoder', 'up', example, context.reporter);
  const field = decoder.field('up');
  if (!isLeftOut || field?.value.kind !== 'name' || field.value.name !== 'identity') return;
  reportIdle(
    context.reporter,
    {
      ...{ owner: 'decoder', name: 'up', reason: '"align: resize" brings every tensor up' },
      ...{ help: 'Take it out.', fixes: takeOutMember(decoder.section, field) },
    },
    field.name.span,
  );
}

/** The nodes of the decoder, less those that neither the last one nor anything in the spec asks for. */
function buildLattice(
  { topology, skip, heads, wires }: ModelSections,
  encoder: EncoderTensors,
  context: SchemeContext,
): readonly LatticeNode[] {
  const earlier = (level: number, column: number): Earlier => {
    const written = skip?.at('earlier', level);
    if (skip === undefined || written === undefined) return 'all';
    const placed = placeIn(written, { level, column, at: skip.section.keyword.span });
    const found = readChoice(placed, earlierNodes, ['skip nested', 'earlier'], context);
    return found ?? 'all';
  };
  const nodes = lattices[topology](encoder, { earlier });
  const requested = [...wires, ...heads].flatMap(namesIn);
  const all = requested.includes('all') ? supervised[topology](encoder, nodes) : [];
  return withoutUnread(nodes, [nodes.at(-1)?.name ?? '', ...requested, ...all]);
}

/** All names that occur in the fields and lines of a section. */
function namesIn(section: Section): readonly string[] {
  const names: string[] = [];
  const collect = (expression: Expression): void => {
    mapExpression(expression, (inner) => {
      if (inner.kind === 'name') names.push(inner.name);
      return inner;
    });
  };
  if (section.value !== undefined) collect(section.value);
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'field' || member.kind === 'assignment') collect(member.value);
  }
  return names;
}
