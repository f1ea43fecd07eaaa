import { channels as channelSchema } from '../../catalog/component.js';
import { nestedSlotName } from '../../catalog/sections.js';
import { describeSchema } from '../../catalog/validate.js';
import type { Expression } from '../../parser/ast.js';
import { itemOf, mapExpression, mentions, numberAt, substitute } from '../../parser/tree/syntax.js';
import { reportIdle } from '../lints/lint-options.js';
import { evaluate } from '../values/evaluate.js';
import { fix, followed } from '../values/model-parameter.js';
import { describeValue, holdsInvalid, type Value } from '../values/value.js';
import { reportWords } from '../values/words.js';
import type { DecoderSlots } from './decoder.js';
import type { DecoderWidths, Level, SchemeContext } from './scheme.js';
import { requireField, type Slots } from './slots.js';

/** More levels than an image can be halved. */
const levelLimit = 32;

/** Widths of the decoder's own that no slot takes; where the encoder has none they must be there. */
export function lintIdleWidths(
  { decoder, skip }: DecoderSlots,
  owner: string,
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
  reportIdle(context.reporter, { owner, name: 'widths', reason, help }, field.name.span);
}

/**
 * Those that the decoder gives itself; else the encoder's, where every level has one. Where
 * the decoder's widths name the `column`, they are read once for each.
 *
 * @param columns how many columns slots may ask for; 0 where the lattice has none.
 */
export function widthsOfDecoder(
  decoder: Slots,
  title: string,
  levels: readonly Level[],
  columns: number,
  context: SchemeContext,
): DecoderWidths | undefined {
  const own = levels.flatMap(({ width }) => width ?? []);
  const written = decoder.field('widths');
  if (written === undefined && own.length === levels.length) {
    fix(levels.flatMap(({ follows = [] }) => follows));
    return (level) => own[level - 1];
  }
  const count = levels.length - 1;
  if (columns === 0 || written === undefined || !mentions(written.value, nestedSlotName)) {
    const widths = readWidths(decoder, title, count, context);
    return widths && ((level) => widths[level - 1]);
  }
  const ofColumns: (readonly Expression[])[] = [];
  for (let column = 1; column <= columns; column++) {
    const widths = readWidths(decoder, title, count, context, column);
    if (widths === undefined) return undefined;
    ofColumns.push(widths);
  }
  return (level, column) => ofColumns[(column ?? 1) - 1]?.[level - 1];
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

/**
 * The expression of each level's width; undefined when they are no list of channel counts.
 *
 * @param column what `column` stands for, where the widths may name it.
 */
export function readWidths(
  slots: Slots,
  title: string,
  count: number | undefined,
  context: SchemeContext,
  column?: number,
): readonly Expression[] | undefined {
  const field = slots.field('widths');
  if (field === undefined) {
    requireField(slots, title, 'widths', 'widths: 64 * [1, 2, 4, 8, 16]', context.reporter);
    return undefined;
  }
  const list =
    column === undefined
      ? field.value
      : substitute(field.value, new Map([[nestedSlotName, numberAt(column, field.value.span)]]));
  const value = evaluate(list, context);
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
  if (!isSound && reportWords(list, value, context, 'a width')) return undefined;
  if (!isSound) {
    const index = items.findIndex((item) => item.kind !== 'number' || !isWidth(item.value));
    const bad = items[index];
    const item = list.kind === 'list' ? list.items[index] : undefined;
    const length = count === undefined ? `2 to ${levelLimit}` : String(count);
    context.reporter.report(
      'bad-widths',
      {
        section: title,
        expects: `a list of ${length} widths, one a level from the top, each ${describeSchema(channelSchema)}`,
        found:
          bad === undefined ? describeValue(value) : `${describeValue(bad)} as width ${index + 1}`,
      },
      { at: item?.span ?? list.span, help: widthsHelp(value, bad, count) },
    );
    return undefined;
  }
  const isList = (expression: Expression): boolean => {
    const inner = evaluate(expression, context);
    return inner.kind === 'list';
  };
  return numbers.map((width, index) => {
    const written = itemOf(list, index, isList);
    if (written !== undefined && countNodes(written) <= widthNodeLimit) return written;
    fix(followed(items[index]!));
    return numberAt(width, list.span);
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
