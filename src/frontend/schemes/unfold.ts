import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { channels as channelSchema } from '../../catalog/component.js';
import { describeSchema } from '../../catalog/validate.js';
import type { Expression, Section } from '../../parser/ast.js';
import { evaluate } from '../values/evaluate.js';
import { isSound } from '../values/evaluation-context.js';
import { insertMember } from '../../parser/tree/insert-member.js';
import { takeOutMember } from '../../parser/tree/take-out-member.js';
import { reportIdle } from '../lints/lint-options.js';
import type { ModelSections } from './model-sections.js';
import { reportLoop } from '../declarations/report-loop.js';
import { isResized, unfoldDecoder, type DecoderSlots } from './decoder.js';
import { unfoldEncoder } from './encoder.js';
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
import type { Level, SchemeContext, UnfoldedEncoder } from './scheme.js';
import { placeIn } from './slot.js';
import type { Wire } from './wire.js';
import type { Slots } from './slots.js';
import { fix, followed } from '../values/model-parameter.js';
import { readChoice } from '../values/read-choice.js';
import { itemOf, mapExpression, mentions, numberAt } from '../../parser/tree/syntax.js';
import { unfoldHeads, type UnfoldedHead } from './unfold-heads.js';
import { describeValue, holdsInvalid, type Value } from '../values/value.js';
import { reportWords } from '../values/words.js';

/** A model whose schemes are written out: what `unetc expand` prints and what becomes the graph. */
export interface UnfoldedModel {
  readonly wires: readonly Wire[];
  readonly heads: readonly UnfoldedHead[];
  /** The tensors of the encoder's levels, the top first, undefined for one without a skip; empty without an encoder. */
  readonly levels: EncoderTensors;
  /** The nodes of the decoder with what each merges; empty where no scheme makes them. */
  readonly lattice: readonly LatticeNode[];
  /** Whether tensors are missing for reasons that were reported: names of such are no mistake. */
  readonly isIncomplete: boolean;
}

/** More levels than an image can be halved. */
const levelLimit = 32;

/**
 * Writes the schemes of a model out as wires, in the order in which tensors flow.
 * A declared encoder has run before: `declared` holds its levels, undefined where it has
 * none or could not run, and it stays in the spec as it is.
 */
export function unfoldModel(
  sections: ModelSections,
  input: string,
  declared: UnfoldedEncoder | undefined,
  outer: SchemeContext,
): Result<UnfoldedModel> {
  const reporter = new Reporter();
  const context: SchemeContext = { ...outer, reporter };
  const encoder = declared ?? unfoldPlain(sections.encoder, input, context);
  const schemes = encoder === undefined ? noSchemes : unfoldSchemes(sections, encoder, context);
  const isLost = sections.declaredEncoder !== undefined && declared === undefined;
  const isIncomplete = sections.isEncoderBroken || isLost || !isSound(context);
  const written = sections.wires.flatMap((section) => readWires(section, context));
  const wires = [...schemes.wires, ...written];
  const { levels, lattice } = schemes;
  const made = wires.at(-1)?.name ?? levels.at(-1);
  const last = made ?? (isIncomplete ? undefined : input);
  const supervisable = lattice.length === 0 ? [] : supervised[sections.topology](levels, lattice);
  const taps = levels.filter((tensor) => tensor !== undefined);
  const tensors = [input, ...taps, ...wires.map((wire) => wire.name)];
  const sources = { last, tensors, supervisable, isIncomplete };
  const heads = unfoldHeads(sections.heads, sources, context);
  return reporter.result({ wires, heads, levels, lattice, isIncomplete });
}

interface UnfoldedSchemes {
  readonly wires: readonly Wire[];
  readonly levels: EncoderTensors;
  readonly lattice: readonly LatticeNode[];
}

const noSchemes: UnfoldedSchemes = { wires: [], levels: [], lattice: [] };

/** The levels of `encoder plain`; undefined when there are none. */
function unfoldPlain(
  encoder: Slots | undefined,
  input: string,
  context: SchemeContext,
): UnfoldedEncoder | undefined {
  if (encoder === undefined) return undefined;
  const widths = readWidths(encoder, 'encoder plain', undefined, context);
  requireField(encoder, 'encoder plain', 'stage', 'stage: conv(width, 3) -> relu', context);
  if (widths === undefined) return undefined;
  if (widths.length > 1) {
    requireField(encoder, 'encoder plain', 'down', 'down: max_pool(2)', context);
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

function unfoldSchemes(
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
    requireField(skip, 'skip full_scale', 'down', example, context);
  }
  requireField(decoder, 'decoder', 'stage', 'stage: conv(width, 3) -> relu', context);
  const depth = levels.length;
  skip?.checkLevels(depth - 1, context.reporter);
  decoder.checkLevels(depth - 1, context.reporter);
  const decoderWidths = widthsOfDecoder(decoder, levels, context);
  if (decoderWidths === undefined) return unfinished;
  const slots = { decoder, skip };
  const lattice = buildLattice(sections, tensors, context);
  checkUp(slots, lattice, topology, context);
  const made = unfoldDecoder(slots, lattice, decoderWidths, topology === 'nested', context);
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
  if (!isLeftOut) requireField(decoder, 'decoder', 'up', example, context);
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

/** Widths of the decoder's own that no slot takes; where the encoder has none they must be there. */
function lintIdleWidths(
  { decoder, skip }: DecoderSlots,
  levels: readonly Level[],
  context: SchemeContext,
): void {
  const field = decoder.field('widths');
  if (field === undefined || levels.some(({ width }) => width === undefined)) return;
  const isRead = levels.some((_, index) =>
    [
      ...['up', 'stage'].map((name) => decoder.at(name, index + 1)),
      ...['up', 'down', 'branch', 'merge', 'align'].map((name) => skip?.at(name, index + 1)),
    ].some((slot) => slot !== undefined && mentions(slot, 'width')),
  );
  if (isRead) return;
  const reason = 'no slot takes the "width" of its level';
  const help = 'Take it out, or write "width" where channels are counted.';
  reportIdle(context.reporter, { owner: 'decoder', name: 'widths', reason, help }, field.name.span);
}

/** Those that the decoder gives itself; else the encoder's, where every level has one. */
function widthsOfDecoder(
  decoder: Slots,
  levels: readonly Level[],
  context: SchemeContext,
): readonly Expression[] | undefined {
  const own = levels.flatMap(({ width }) => width ?? []);
  if (decoder.field('widths') !== undefined || own.length < levels.length) {
    return readWidths(decoder, 'decoder', levels.length - 1, context);
  }
  fix(levels.flatMap(({ follows = [] }) => follows));
  return own;
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

/** A width is written wherever a stage asks for it; longer formulas than this are written as their value. */
const widthNodeLimit = 12;

function countNodes(expression: Expression): number {
  let count = 0;
  mapExpression(expression, (inner) => {
    count += 1;
    return inner;
  });
  return count;
}

/** The expression of each level's width; undefined when they are no list of channel counts. */
function readWidths(
  slots: Slots,
  title: string,
  count: number | undefined,
  context: SchemeContext,
): readonly Expression[] | undefined {
  const field = slots.field('widths');
  if (field === undefined) {
    requireField(slots, title, 'widths', 'widths: 64 * [1, 2, 4, 8, 16]', context);
    return undefined;
  }
  const value = evaluate(field.value, context);
  if (holdsInvalid(value)) return undefined;
  const items = value.kind === 'list' ? value.items : [];
  const numbers = items.flatMap((item) =>
    item.kind === 'number' && isWidth(item.value) ? [item.value] : [],
  );
  const isSound =
    value.kind === 'list' &&
    numbers.length === items.length &&
    (count === undefined
      ? numbers.length >= 2 && numbers.length <= levelLimit
      : numbers.length === count);
  if (!isSound && reportWords(field.value, value, context, 'a width')) return undefined;
  if (!isSound) {
    const index = items.findIndex((item) => item.kind !== 'number' || !isWidth(item.value));
    const bad = items[index];
    const item = field.value.kind === 'list' ? field.value.items[index] : undefined;
    const length = count === undefined ? `2 to ${levelLimit}` : String(count);
    context.reporter.report(
      'bad-widths',
      {
        section: title,
        expects: `a list of ${length} widths, one a level from the top, each ${describeSchema(channelSchema)}`,
        found:
          bad === undefined ? describeValue(value) : `${describeValue(bad)} as width ${index + 1}`,
      },
      { at: item?.span ?? field.value.span, help: widthsHelp(value, bad, count) },
    );
    return undefined;
  }
  const isList = (expression: Expression): boolean => {
    const inner = evaluate(expression, context);
    return inner.kind === 'list';
  };
  return numbers.map((width, index) => {
    const written = itemOf(field.value, index, isList);
    if (written !== undefined && countNodes(written) <= widthNodeLimit) return written;
    fix(followed(items[index]!));
    return numberAt(width, field.value.span);
  });
}

const isWidth = (value: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= channelSchema.maximum!;

function widthsHelp(
  value: Value,
  bad: Value | undefined,
  count: number | undefined,
): readonly string[] {
  if (value.kind !== 'list') return ['Write a list, for example 64 * [1, 2, 4, 8, 16].'];
  if (bad?.kind === 'number' && !Number.isInteger(bad.value)) {
    return ['Choose factors that give whole numbers.'];
  }
  if (bad !== undefined) return [];
  if (count !== undefined) return ['Give the decoder one level less than the encoder.'];
  return value.items.length < 2 ? ['Write a network without levels as lines of "wires".'] : [];
}

function requireField(
  slots: Slots,
  section: string,
  field: string,
  example: string,
  context: SchemeContext,
): void {
  const body = slots.section.body;
  if (slots.field(field) !== undefined || (body !== undefined && body.close === undefined)) return;
  context.reporter.report(
    'missing-field',
    { section, field, example },
    {
      at: slots.section.name?.span ?? slots.section.keyword.span,
      fixes: insertMember(slots.section, example),
    },
  );
}

function readWires(section: Section, context: SchemeContext): readonly Wire[] {
  return (section.body?.members ?? []).flatMap((member): readonly Wire[] => {
    if (member.kind === 'assignment') {
      return [
        {
          name: member.name.text,
          nameSpan: member.name.span,
          expression: member.value,
          madeBy: { kind: 'wire' },
        },
      ];
    }
    if (member.kind === 'loop') {
      reportLoop(member, '"wires"', context.reporter);
      return [];
    }
    const isField = member.kind === 'field';
    context.reporter.report(
      'misplaced',
      {
        what: isField ? `"${member.name.text}: ..."` : `Section "${member.keyword.text}"`,
        where: '"wires"; expected lines such as "d4 = [e4, u4] -> concat"',
      },
      { at: isField ? member.name.span : member.keyword.span },
    );
    return [];
  });
}
