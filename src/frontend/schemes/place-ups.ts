import type { Expression, Field, Section } from '../../parser/ast.js';
import { nameAt, numberAt } from '../../parser/tree/syntax.js';

/** A step up of a skip, or of one of its levels. */
export interface FoundUp {
  readonly section: Section;
  readonly field: Field;
}

/** A step up in the decoder: for all of it, in a section that it has, or in a new one for levels. */
export interface PlacedUp {
  readonly place: 'decoder' | Section | undefined;
  readonly selectors: Section['selectors'];
  readonly field: Field;
}

/**
 * Where the steps up of a skip stand in the decoder, which may cut its levels into sections
 * in another way, and may have steps up that had no effect.
 *
 * @param levels the decoder's sections for levels
 */
export function placeUps(
  found: readonly FoundUp[],
  levels: readonly Section[],
): readonly PlacedUp[] {
  const base = found.find(({ section }) => !isLevel(section))?.field;
  const ofLevels = found.filter(({ section }) => isLevel(section));
  const ofLevel = (level: number): Field | undefined =>
    ofLevels.find(({ section }) => section.selectors.some(({ value }) => value === level))?.field;
  const whole: readonly PlacedUp[] =
    base === undefined ? [] : [{ place: 'decoder', selectors: [], field: base }];
  const inSections = levels.flatMap((place): readonly PlacedUp[] => {
    const hasIdle = place.body?.members.some(isUp) === true;
    const own = place.selectors.map(({ value }) => ofLevel(value) ?? (hasIdle ? base : undefined));
    if (own.every((field) => field === undefined)) return [];
    const field = choose(
      place.selectors.map(({ value }) => [value, ofLevel(value) ?? base] as const),
    );
    return field === undefined ? [] : [{ place, selectors: place.selectors, field }];
  });
  const known = new Set(levels.flatMap(({ selectors }) => selectors.map(({ value }) => value)));
  const added = ofLevels.flatMap(({ section, field }): readonly PlacedUp[] => {
    const selectors = section.selectors.filter(({ value }) => !known.has(value));
    return selectors.length === 0 ? [] : [{ place: undefined, selectors, field }];
  });
  return [...whole, ...inSections, ...added];
}

/** One field for levels that have several: `a if level == 1 else b`. */
function choose(ups: readonly (readonly [number, Field | undefined])[]): Field | undefined {
  const [first, ...others] = ups.flatMap(([level, field]) => (field ? [{ level, field }] : []));
  if (first === undefined) return undefined;
  const otherwise = choose(
    others.filter(({ field }) => field !== first.field).map(({ level, field }) => [level, field]),
  );
  if (otherwise === undefined) return first.field;
  const { field, level } = first;
  const same = others.filter((other) => other.field === field);
  const condition = [level, ...same.map((other) => other.level)]
    .map((number) => equals(number, field))
    .reduce((left, right) => binary('or', left, right, field));
  const { value, span } = field;
  return {
    ...field,
    value: { kind: 'conditional', value, condition, otherwise: otherwise.value, span },
  };
}

const equals = (level: number, at: Field): Expression =>
  binary('==', nameAt('level', at.span), numberAt(level, at.span), at);

const binary = (
  operator: 'or' | '==',
  left: Expression,
  right: Expression,
  { span }: Field,
): Expression => ({ kind: 'binary', operator, operatorSpan: span, left, right, span });

const isLevel = ({ keyword }: Section): boolean => keyword.text === 'level';
const isUp = (member: NonNullable<Section['body']>['members'][number]): boolean =>
  member.kind === 'field' && member.name.text === 'up';
